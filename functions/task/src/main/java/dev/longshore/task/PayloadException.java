package dev.longshore.task;

import java.util.List;

/** A payload that cannot be read: where, and why. The message quotes field names and types, never values. */
public final class PayloadException extends RuntimeException {
    private final transient List<PayloadMistake> mistakes;
    private final String pointer;

    /** @param pointer the offending place in the payload, as a JSON pointer (RFC 6901); empty for the whole */
    public PayloadException(String pointer, String message) {
        this(List.of(new PayloadMistake(pointer, message)));
    }

    /** @param mistakes one at least; the message is the first one's */
    public PayloadException(List<PayloadMistake> mistakes) {
        super(mistakes.getFirst().message());
        this.mistakes = List.copyOf(mistakes);
        this.pointer = mistakes.getFirst().pointer();
    }

    /** The place of the first mistake. */
    public String pointer() {
        return pointer;
    }

    /** All that was found, in the order of the payload. */
    public List<PayloadMistake> mistakes() {
        return mistakes;
    }
}

package dev.longshore.task;

/** A payload that cannot be read: where, and why. The message quotes field names and types, never values. */
public final class PayloadException extends RuntimeException {
    private final String pointer;

    /** @param pointer the offending place in the payload, as a JSON pointer (RFC 6901); empty for the whole */
    public PayloadException(String pointer, String message) {
        super(message);
        this.pointer = pointer;
    }

    public String pointer() {
        return pointer;
    }
}

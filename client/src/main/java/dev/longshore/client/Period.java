package dev.longshore.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * From when to when, both included. Where one is null, the call's own bounds apply.
 */
public record Period(@Nullable Instant from, @Nullable Instant to) {
    /** As the call bounds it: the last hour, day or week. */
    public static Period recent() {
        return new Period(null, null);
    }

    /** From this time until now. */
    public static Period since(Instant from) {
        return new Period(from, null);
    }

    Call of(Call call) {
        return call.query("from", from).query("to", to);
    }
}

package dev.longshore.job;

import dev.longshore.task.Json;
import dev.longshore.task.OnDuplicate;
import dev.longshore.task.TaskDescription;
import dev.longshore.task.Unique;
import dev.longshore.task.UniqueWhile;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What a new job says about others of its task with the same unique key.
 *
 * @param key the text of the key
 * @param onDuplicate what happens when another job has it
 * @param uniqueWhile until when another job has it
 * @param debounceMax with {@link OnDuplicate#REPLACE}: how long after its creation a job is due at the latest; null for no limit
 * @param asRead who had the key when it was read, and no longer has it; null when the key was not read, or is there for none
 */
public record Uniqueness(
        String key,
        OnDuplicate onDuplicate,
        UniqueWhile uniqueWhile,
        @Nullable Duration debounceMax,
        UniqueKey.@Nullable Holder asRead) {
    /** Of keys that follow from the payload, so that they are recognised beside those of clients. */
    private static final String OF_PAYLOAD = "payload:";

    private static final int HASH_BYTES = 16;

    /** A key without other settings. */
    public static Uniqueness of(String key, OnDuplicate onDuplicate) {
        return new Uniqueness(key, onDuplicate, UniqueWhile.UNFINISHED, null, null);
    }

    /** As the task says, for a payload; null when its jobs are not unique. */
    public static @Nullable Uniqueness of(TaskDescription task, Json payload) {
        Unique unique = task.unique();
        return unique == null
                ? null
                : new Uniqueness(
                        keyOf(unique, payload), unique.onDuplicate(), unique.uniqueWhile(), unique.debounceMax(), null);
    }

    /** The key that follows from the payload's fields. */
    public static String keyOf(Unique unique, Json payload) {
        byte[] hash = Sha256.of(unique.textOf(payload));
        return OF_PAYLOAD + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, HASH_BYTES));
    }

    /** The same, with another answer to a duplicate. */
    public Uniqueness onDuplicate(OnDuplicate other) {
        return new Uniqueness(key, other, uniqueWhile, debounceMax, asRead);
    }

    Uniqueness asRead(UniqueKey.@Nullable Holder holder) {
        return new Uniqueness(key, onDuplicate, uniqueWhile, debounceMax, holder);
    }

    /**
     * Whether a job that took the key still has it: not once it has ended, nor when it can no longer start before its {@code
     * expiresAt}, by every clock. A job of newer code has it in any state that this code does not have.
     */
    boolean isHeldBy(Job holder, Instant now) {
        boolean over = holder.state().isTerminal() || holder.isExpired(now.minus(Lifecycle.CLOCK_SKEW));
        return !over && !(holder.fence() > 0 && isUntilStart());
    }

    /** Whether a job has its key only until it is started: a started one is not replaced either. */
    private boolean isUntilStart() {
        return uniqueWhile == UniqueWhile.WAITING || onDuplicate == OnDuplicate.REPLACE;
    }
}

package dev.longshore.job.schedule;

import dev.longshore.job.Page;
import dev.longshore.job.StoreUnavailableException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the schedules.
 *
 * <p>Every method may throw {@link StoreUnavailableException} when a call failed after its own retries; a write may then
 * have been made or not.
 */
public interface ScheduleStore {
    /** How often {@link #change} begins anew. */
    int TRIES = 8;

    Optional<Schedule> find(String name);

    /**
     * Writes a schedule, if it is still as it was read: its version must be the store's, or it must be new where none
     * is there.
     *
     * @return false when it was changed, created or deleted since, or a job of it was being created; then nothing was
     *     written
     */
    boolean write(Schedule schedule);

    /** Takes a schedule out, if it is still as it was read; false as for {@link #write}. */
    boolean delete(Schedule schedule);

    /** Schedules by name. */
    Page<Schedule, String> list(int limit, @Nullable String after);

    /** Schedules of a shard that wake not after {@code until}, the earliest first. */
    Page<Schedule, String> due(String shard, Instant until, int limit, @Nullable String after);

    /** A fingerprint of the declared schedules that the store was last made to agree with. */
    Optional<String> agreement();

    /** Keeps that fingerprint. */
    void agree(String fingerprint);

    /**
     * Reads a schedule, changes it and writes it; retries when another change was faster.
     *
     * @return as it was written; empty when there is none of that name
     */
    default Optional<Schedule> change(String name, UnaryOperator<Schedule> change) {
        for (int i = 0; i < TRIES; i++) {
            Optional<Schedule> found = find(name);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Schedule changed = change.apply(found.get());
            if (changed.equals(found.get())) {
                return found;
            }
            if (write(changed)) {
                return Optional.of(changed.written());
            }
        }
        throw tooFast(name);
    }

    /**
     * As {@link #change}, and makes it if there is none of that name.
     *
     * @param change gets what is there
     */
    default Schedule put(String name, Function<Optional<Schedule>, Schedule> change) {
        for (int i = 0; i < TRIES; i++) {
            Optional<Schedule> found = find(name);
            Schedule changed = change.apply(found);
            if (found.filter(changed::equals).isPresent()) {
                return changed;
            }
            if (write(changed)) {
                return changed.written();
            }
        }
        throw tooFast(name);
    }

    private static StoreUnavailableException tooFast(String name) {
        return new StoreUnavailableException(
                "The schedule " + name + " changes too fast",
                new IllegalStateException("others were quicker " + TRIES + " times"));
    }
}

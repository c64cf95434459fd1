package dev.longshore.worker;

import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.pause.Pausable;
import dev.longshore.job.pause.Pause;
import dev.longshore.job.pause.PauseStore;
import dev.longshore.task.TaskCatalog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pauses, cached in this process. They are read at most once in 5 s, however many messages there are, and once in 1 s
 * while anything is paused or was just resumed; {@link dev.longshore.job.HoldReason} depends on the latter.
 *
 * <p>When reading fails, the cached pauses count. A cached pause older than {@link #LASTS} is not acted on; it may have ended.
 */
final class PauseWatch {
    static final Duration PERIOD = Duration.ofSeconds(5);
    static final Duration PERIOD_IN_A_PAUSE = Duration.ofSeconds(1);
    static final Duration LASTS = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(PauseWatch.class);

    private final PauseStore pauses;
    private final InstantSource clock;
    private Instant lookedAt = Instant.MIN;
    private @Nullable CachedPauses cached;

    private record CachedPauses(Instant readAt, Set<Pausable> held, boolean isEmpty) {}

    PauseWatch(PauseStore pauses, InstantSource clock) {
        this.pauses = pauses;
        this.clock = clock;
    }

    /**
     * The pause that holds a task's jobs in a pool, if any.
     *
     * @param names of the task: the one that it has, and those that it had when it was paused
     * @throws StoreUnavailableException when the pauses could not be read, and none or too old ones are cached
     */
    synchronized Optional<Pausable> holding(List<String> names, String pool) {
        if (names.getFirst().startsWith(TaskCatalog.RESERVED)) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        CachedPauses current = upToDate(now);
        Optional<Pausable> by = Stream.concat(
                        Stream.of(Pausable.pool(pool)), names.stream().map(Pausable::task))
                .filter(current.held()::contains)
                .findFirst();
        if (by.isPresent() && current.readAt().plus(LASTS).isBefore(now)) {
            throw new StoreUnavailableException(
                    by.get() + " was paused when the pauses were last read, at " + current.readAt()
                            + ", and may have been resumed since",
                    new IllegalStateException("Every read since has failed; the warnings before this say why"));
        }
        return by;
    }

    private CachedPauses upToDate(Instant now) {
        CachedPauses before = cached;
        Duration period = before != null && before.isEmpty() ? PERIOD : PERIOD_IN_A_PAUSE;
        if (before != null && now.isBefore(lookedAt.plus(period))) {
            return before;
        }
        lookedAt = now;
        try {
            List<Pause> all = pauses.all();
            CachedPauses fresh = new CachedPauses(
                    now,
                    all.stream().filter(Pause::holds).map(Pause::what).collect(Collectors.toUnmodifiableSet()),
                    all.isEmpty());
            cached = fresh;
            return fresh;
        } catch (StoreUnavailableException e) {
            if (before == null) {
                throw e;
            }
            LOG.atWarn().setCause(e).log("The pauses could not be read; those read at {} count", before.readAt());
            return before;
        }
    }
}

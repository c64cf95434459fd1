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
 * What this process knows of pauses. It looks once in five seconds at most, however many messages there are, and once in a
 * second while anything is paused or goes back to work; {@link dev.longshore.job.HoldReason} counts on the latter.
 *
 * <p>When a look fails, what was known last counts on. But nothing is set aside on a knowledge older than {@link #LASTS}: the
 * pause may be over by then, and its dispatcher gone.
 */
final class PauseWatch {
    static final Duration PERIOD = Duration.ofSeconds(5);
    static final Duration PERIOD_IN_A_PAUSE = Duration.ofSeconds(1);
    static final Duration LASTS = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(PauseWatch.class);

    private final PauseStore pauses;
    private final InstantSource clock;
    private Instant lookedAt = Instant.MIN;
    private @Nullable Knowledge known;

    private record Knowledge(Instant from, Set<Pausable> held, boolean isEmpty) {}

    PauseWatch(PauseStore pauses, InstantSource clock) {
        this.pauses = pauses;
        this.clock = clock;
    }

    /**
     * By which pause a task's jobs are held in a pool, if by any.
     *
     * @param names of the task: the one that it has, and those that it had when it was paused
     * @throws StoreUnavailableException when it is not known, or not any more
     */
    synchronized Optional<Pausable> holding(List<String> names, String pool) {
        if (names.getFirst().startsWith(TaskCatalog.RESERVED)) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Knowledge knowledge = upToDate(now);
        Optional<Pausable> by = Stream.concat(
                        Stream.of(Pausable.pool(pool)), names.stream().map(Pausable::task))
                .filter(knowledge.held()::contains)
                .findFirst();
        if (by.isPresent() && knowledge.from().plus(LASTS).isBefore(now)) {
            throw new StoreUnavailableException(
                    by.get() + " was paused when that was last known, at " + knowledge.from() + ", and may be no more",
                    new IllegalStateException("every look since has failed; the warnings before this say why"));
        }
        return by;
    }

    private Knowledge upToDate(Instant now) {
        Knowledge before = known;
        Duration period = before != null && before.isEmpty() ? PERIOD : PERIOD_IN_A_PAUSE;
        if (before != null && now.isBefore(lookedAt.plus(period))) {
            return before;
        }
        lookedAt = now;
        try {
            List<Pause> all = pauses.all();
            Knowledge fresh = new Knowledge(
                    now,
                    all.stream().filter(Pause::holds).map(Pause::what).collect(Collectors.toUnmodifiableSet()),
                    all.isEmpty());
            known = fresh;
            return fresh;
        } catch (StoreUnavailableException e) {
            if (before == null) {
                throw e;
            }
            LOG.atWarn()
                    .setCause(e)
                    .log("What is paused could not be read; what was known at {} counts", before.from());
            return before;
        }
    }
}

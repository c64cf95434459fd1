package dev.longshore.suites.faults;

import dev.longshore.job.JobQueue;
import dev.longshore.job.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A {@link JobQueue} whose calls fail when {@link Faults} say so: before they take effect, or after. */
public final class FaultyJobQueue implements JobQueue {
    private final JobQueue queue;
    private final Faults faults;
    private Set<Integer> leftOut = Set.of();
    private volatile @Nullable String refused;
    private final AtomicInteger refusals = new AtomicInteger();

    public FaultyJobQueue(JobQueue queue, Faults faults) {
        this.queue = queue;
        this.faults = faults;
    }

    /** From now on every call for this pool is refused; null for none. */
    public void refuse(@Nullable String pool) {
        refused = pool;
    }

    /** How many calls were refused. */
    public int refusals() {
        return refusals.get();
    }

    private void requireTaken(String pool) {
        if (pool.equals(refused)) {
            refusals.incrementAndGet();
            throw new StoreUnavailableException(
                    "The queue of pool " + pool + " was refused", new IllegalStateException("as the test wants it"));
        }
    }

    /** The next batch is sent without the messages at these places. */
    public void leaveOut(Integer... places) {
        leftOut = Set.of(places);
    }

    @Override
    public void send(String pool, Outgoing outgoing) {
        requireTaken(pool);
        faults.around("send", () -> queue.send(pool, outgoing));
    }

    @Override
    public Set<Integer> sendAll(String pool, List<Outgoing> outgoing) {
        requireTaken(pool);
        return faults.around("sendAll", () -> {
            if (leftOut.isEmpty()) {
                return queue.sendAll(pool, outgoing);
            }
            Set<Integer> unsent = leftOut;
            leftOut = Set.of();
            queue.sendAll(
                    pool,
                    IntStream.range(0, outgoing.size())
                            .filter(place -> !unsent.contains(place))
                            .mapToObj(outgoing::get)
                            .toList());
            return unsent;
        });
    }

    @Override
    public boolean hide(String pool, String receipt, Duration time) {
        return faults.around("hide", () -> queue.hide(pool, receipt, time));
    }

    @Override
    public void sendToDeadLetters(String pool, String body) {
        requireTaken(pool);
        faults.around("sendToDeadLetters", () -> queue.sendToDeadLetters(pool, body));
    }

    @Override
    public boolean hideDeadLetter(String pool, String receipt, Duration time) {
        return faults.around("hideDeadLetter", () -> queue.hideDeadLetter(pool, receipt, time));
    }

    @Override
    public boolean hasPool(String pool) {
        return queue.hasPool(pool);
    }

    @Override
    public Optional<String> poolOf(String queueArn) {
        return queue.poolOf(queueArn);
    }

    @Override
    public Depth depth(String pool) {
        requireTaken(pool);
        return faults.around("depth", () -> queue.depth(pool));
    }
}

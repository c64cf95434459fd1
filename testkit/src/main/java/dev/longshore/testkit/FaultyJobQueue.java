package dev.longshore.testkit;

import dev.longshore.job.JobQueue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** A {@link JobQueue} whose calls fail when {@link Faults} say so: before they take effect, or after. */
public final class FaultyJobQueue implements JobQueue {
    private final JobQueue queue;
    private final Faults faults;
    private Set<Integer> leftOut = Set.of();

    public FaultyJobQueue(JobQueue queue, Faults faults) {
        this.queue = queue;
        this.faults = faults;
    }

    /** The next batch is sent without the messages at these places. */
    public void leaveOut(Integer... places) {
        leftOut = Set.of(places);
    }

    @Override
    public void send(String pool, Outgoing outgoing) {
        faults.around("send", () -> queue.send(pool, outgoing));
    }

    @Override
    public Set<Integer> sendAll(String pool, List<Outgoing> outgoing) {
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
        faults.around("sendToDeadLetters", () -> queue.sendToDeadLetters(pool, body));
    }

    @Override
    public boolean hideDeadLetter(String pool, String receipt, Duration time) {
        return faults.around("hideDeadLetter", () -> queue.hideDeadLetter(pool, receipt, time));
    }

    @Override
    public Optional<String> poolOf(String queueArn) {
        return queue.poolOf(queueArn);
    }

    @Override
    public Depth depth(String pool) {
        return faults.around("depth", () -> queue.depth(pool));
    }
}

package dev.longshore.testkit;

import dev.longshore.job.JobQueue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A {@link JobQueue} whose calls fail when {@link Faults} say so: before they take effect, or after. */
public final class FaultyJobQueue implements JobQueue {
    private final JobQueue queue;
    private final Faults faults;

    public FaultyJobQueue(JobQueue queue, Faults faults) {
        this.queue = queue;
        this.faults = faults;
    }

    @Override
    public void send(String pool, Outgoing outgoing) {
        faults.around("send", () -> queue.send(pool, outgoing));
    }

    @Override
    public Set<Integer> sendAll(String pool, List<Outgoing> outgoing) {
        return faults.around("sendAll", () -> queue.sendAll(pool, outgoing));
    }

    @Override
    public void hide(String pool, String receipt, Duration time) {
        faults.around("hide", () -> queue.hide(pool, receipt, time));
    }

    @Override
    public void sendToDeadLetters(String pool, String body) {
        faults.around("sendToDeadLetters", () -> queue.sendToDeadLetters(pool, body));
    }

    @Override
    public void hideDeadLetter(String pool, String receipt, Duration time) {
        faults.around("hideDeadLetter", () -> queue.hideDeadLetter(pool, receipt, time));
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

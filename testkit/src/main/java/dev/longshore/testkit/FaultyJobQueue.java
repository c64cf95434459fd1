package dev.longshore.testkit;

import dev.longshore.job.JobQueue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

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
        around("send", () -> {
            queue.send(pool, outgoing);
            return true;
        });
    }

    @Override
    public Set<Integer> sendAll(String pool, List<Outgoing> outgoing) {
        return around("sendAll", () -> queue.sendAll(pool, outgoing));
    }

    @Override
    public void hide(String pool, String receipt, Duration time) {
        around("hide", () -> {
            queue.hide(pool, receipt, time);
            return true;
        });
    }

    @Override
    public void sendToDeadLetters(String pool, String body) {
        around("sendToDeadLetters", () -> {
            queue.sendToDeadLetters(pool, body);
            return true;
        });
    }

    @Override
    public void hideDeadLetter(String pool, String receipt, Duration time) {
        around("hideDeadLetter", () -> {
            queue.hideDeadLetter(pool, receipt, time);
            return true;
        });
    }

    @Override
    public Optional<String> poolOf(String queueArn) {
        return queue.poolOf(queueArn);
    }

    @Override
    public Depth depth(String pool) {
        return around("depth", () -> queue.depth(pool));
    }

    private <T> T around(String call, Supplier<T> real) {
        faults.before(call);
        T answer = real.get();
        faults.after(call);
        return answer;
    }
}

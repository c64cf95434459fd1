package dev.longshore.suites;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobQueue;
import dev.longshore.memory.InMemoryJobQueue;
import dev.longshore.memory.InMemoryJobQueue.Received;
import dev.longshore.memory.SettableClock;
import dev.longshore.suites.contract.JobQueueContract;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryJobQueueTest extends JobQueueContract {
    private final SettableClock clock = SettableClock.atNoon();
    private final InMemoryJobQueue queue = new InMemoryJobQueue(clock, VISIBILITY, MAX_RECEIVE_COUNT);

    @Override
    protected JobQueue queue() {
        return queue;
    }

    @Override
    protected List<Letter> receive(String pool) {
        return letters(queue.receive(pool, 10));
    }

    @Override
    protected List<Letter> receiveDeadLetters(String pool) {
        return letters(queue.receiveDeadLetters(pool, 10));
    }

    @Override
    protected JobQueue without(String pool) {
        queue.removePool(pool);
        return queue;
    }

    @Override
    protected void delete(String pool, String receipt) {
        queue.delete(pool, receipt);
    }

    @Override
    protected void deleteDeadLetter(String pool, String receipt) {
        queue.deleteDeadLetter(pool, receipt);
    }

    @Override
    protected void letPass(Duration time) {
        clock.advance(time);
    }

    @Override
    protected List<String> arns(String pool) {
        return List.of("arn:aws:sqs:local:0:" + pool, "arn:aws:sqs:local:0:" + pool + "-dlq");
    }

    @Test
    void messagesAreGoneAfterTheirOwnRetentionInEachQueue() {
        queue.sendRaw("heavy", "first");
        queue.sendToDeadLetters("heavy", "dead letter");
        letPass(Duration.ofDays(1));
        queue.sendRaw("heavy", "a day younger");
        queue.sendRaw("light", "as young");

        letPass(InMemoryJobQueue.RETENTION.minusDays(1));
        assertThat(queue.bodies("heavy")).containsExactly("first", "a day younger");
        letPass(Duration.ofSeconds(1));
        assertThat(queue.bodies("heavy")).containsExactly("a day younger");
        assertThat(queue.deadLetters("heavy")).isEmpty();
        letPass(Duration.ofDays(1));

        assertThat(queue.bodies("heavy")).isEmpty();
        assertThat(queue.bodies("light")).isEmpty();
    }

    private static List<Letter> letters(List<Received> received) {
        return received.stream()
                .map(one -> new Letter(one.receipt(), one.body(), one.receiveCount()))
                .toList();
    }
}

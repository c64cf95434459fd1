package dev.longshore.suites.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobQueue;
import dev.longshore.job.JobQueue.Outgoing;
import dev.longshore.job.UnknownPoolException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * What a {@link JobQueue} has to do. The suite needs queues of its own for each test: two pools, {@value #POOL} and
 * {@value #OTHER}, that receive a message at most twice and hide it for {@link #VISIBILITY}.
 */
public abstract class JobQueueContract {
    protected static final String POOL = "default";
    protected static final String OTHER = "heavy";
    protected static final Duration VISIBILITY = Duration.ofSeconds(30);
    protected static final int MAX_RECEIVE_COUNT = 2;

    /** A message as it was received. */
    public record Letter(String receipt, String body, int receiveCount) {}

    private final Random random = new Random();

    /** The queue to test; the same one for a whole test. */
    protected abstract JobQueue queue();

    /** Receives what is visible now. */
    protected abstract List<Letter> receive(String pool);

    /** Receives what is visible now in the pool's dead-letter queue. */
    protected abstract List<Letter> receiveDeadLetters(String pool);

    /** The queue as a deployment without this pool has it. */
    protected abstract JobQueue without(String pool);

    protected abstract void delete(String pool, String receipt);

    protected abstract void deleteDeadLetter(String pool, String receipt);

    /** Lets this time pass: by setting a clock, or by waiting where the clock cannot be set. */
    protected abstract void letPass(Duration time);

    /** The ARNs of a pool's queue and of its dead-letter queue. */
    protected abstract List<String> arns(String pool);

    @Test
    void aMessageIsReceivedAsItWasSentAndIsThenHidden() {
        JobMessage message = message();

        queue().send(POOL, at(message, Duration.ZERO));

        List<Letter> letters = receive(POOL);
        assertThat(letters).hasSize(1);
        assertThat(JobMessage.read(letters.getFirst().body())).contains(message);
        assertThat(letters.getFirst().receiveCount()).isEqualTo(1);
        assertThat(receive(POOL)).isEmpty();
    }

    @Test
    void poolsDoNotMix() {
        queue().send(OTHER, at(message(), Duration.ZERO));

        assertThat(receive(POOL)).isEmpty();
        assertThat(receive(OTHER)).hasSize(1);
    }

    @Test
    void aDelayedMessageComesWhenItsDelayIsOver() {
        queue().send(POOL, at(message(), Duration.ofMillis(1_500)));

        assertThat(receive(POOL)).isEmpty();
        letPass(Duration.ofSeconds(2));
        assertThat(receive(POOL)).hasSize(1);
    }

    @Test
    void aMessageWithAFairKeyIsReceivedLikeAnyOther() {
        queue().send(POOL, new Outgoing(message(), Duration.ZERO, "customer-1"));

        assertThat(receive(POOL)).hasSize(1);
    }

    @Test
    void manyMessagesAreSentAtOnceAndEachArrives() {
        List<JobMessage> messages =
                IntStream.range(0, 25).mapToObj(i -> message()).toList();

        assertThat(queue().sendAll(
                                POOL,
                                messages.stream()
                                        .map(one -> at(one, Duration.ZERO))
                                        .toList()))
                .isEmpty();

        List<JobMessage> received = new ArrayList<>();
        for (List<Letter> letters = receive(POOL); !letters.isEmpty(); letters = receive(POOL)) {
            letters.forEach(
                    letter -> received.add(JobMessage.read(letter.body()).orElseThrow()));
        }
        assertThat(received).hasSize(25);
        assertThat(new HashSet<>(received)).isEqualTo(new HashSet<>(messages));
    }

    @Test
    void noMessagesAreSentInNoRequest() {
        assertThat(queue().sendAll(POOL, List.of())).isEmpty();
        assertThat(receive(POOL)).isEmpty();
    }

    @Test
    void aReceivedMessageIsHiddenForAsLongAsItsReceiverSays() {
        queue().send(POOL, at(message(), Duration.ZERO));

        queue().hide(POOL, receive(POOL).getFirst().receipt(), Duration.ofSeconds(1));
        assertThat(receive(POOL)).isEmpty();
        letPass(Duration.ofSeconds(1));

        List<Letter> again = receive(POOL);
        assertThat(again).extracting(Letter::receiveCount).containsExactly(2);
    }

    @Test
    void hiddenForNoTimeAMessageComesAtOnce() {
        queue().send(POOL, at(message(), Duration.ZERO));

        queue().hide(POOL, receive(POOL).getFirst().receipt(), Duration.ZERO);

        assertThat(receive(POOL)).hasSize(1);
    }

    @Test
    void aDeletedMessageIsNotHidden() {
        queue().send(POOL, at(message(), Duration.ZERO));
        queue().sendToDeadLetters(POOL, "x");
        String receipt = receive(POOL).getFirst().receipt();
        String deadReceipt = receiveDeadLetters(POOL).getFirst().receipt();
        assertThat(queue().hide(POOL, receipt, Duration.ofMinutes(1))).isTrue();
        assertThat(queue().hideDeadLetter(POOL, deadReceipt, Duration.ofMinutes(1)))
                .isTrue();
        delete(POOL, receipt);
        deleteDeadLetter(POOL, deadReceipt);

        assertThat(queue().hide(POOL, receipt, Duration.ofMinutes(1))).isFalse();
        assertThat(queue().hideDeadLetter(POOL, deadReceipt, Duration.ofMinutes(1)))
                .isFalse();
    }

    @Test
    void theReceiptOfAnEarlierReceiveHidesNothing() {
        queue().send(POOL, at(message(), Duration.ZERO));
        String first = receive(POOL).getFirst().receipt();
        queue().hide(POOL, first, Duration.ZERO);
        String second = receive(POOL).getFirst().receipt();

        assertThat(queue().hide(POOL, first, Duration.ZERO)).isFalse();

        assertThat(receive(POOL))
                .as("it is hidden still, by its second receiver")
                .isEmpty();
        assertThat(queue().hide(POOL, second, Duration.ZERO)).isTrue();
    }

    @Test
    void aMessageReceivedTooOftenGoesToTheDeadLetterQueue() {
        JobMessage message = message();
        queue().send(POOL, at(message, Duration.ZERO));
        for (int i = 0; i < MAX_RECEIVE_COUNT; i++) {
            queue().hide(POOL, receive(POOL).getFirst().receipt(), Duration.ZERO);
        }

        assertThat(receive(POOL)).isEmpty();

        assertThat(receiveDeadLetters(POOL))
                .extracting(letter -> JobMessage.read(letter.body()).orElseThrow())
                .containsExactly(message);
        assertThat(receiveDeadLetters(OTHER)).isEmpty();
    }

    @Test
    void aDeadLetterIsReceivedAndHidden() {
        queue().sendToDeadLetters(POOL, "anything at all");

        Letter letter = receiveDeadLetters(POOL).getFirst();
        assertThat(letter.body()).isEqualTo("anything at all");
        assertThat(receiveDeadLetters(POOL)).isEmpty();
        queue().hideDeadLetter(POOL, letter.receipt(), Duration.ZERO);
        assertThat(receiveDeadLetters(POOL)).hasSize(1);
        assertThat(receive(POOL)).isEmpty();
    }

    @Test
    void thePoolOfAQueueAndOfItsDeadLetterQueueIsFoundByArn() {
        for (String pool : List.of(POOL, OTHER)) {
            assertThat(arns(pool))
                    .hasSize(2)
                    .allSatisfy(arn -> assertThat(queue().poolOf(arn)).contains(pool));
        }
    }

    @Test
    void aPoolThatTheDeploymentDoesNotHaveIsRefusedByItsName() {
        queue().send(POOL, at(message(), Duration.ZERO));
        JobQueue without = without(OTHER);

        assertThat(without.hasPool(POOL)).isTrue();
        assertThat(without.hasPool(OTHER)).isFalse();
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> without.send(OTHER, at(message(), Duration.ZERO)),
                () -> without.sendAll(OTHER, List.of(at(message(), Duration.ZERO))),
                () -> without.depth(OTHER))) {
            assertThatThrownBy(call).isInstanceOf(UnknownPoolException.class).hasMessageContaining(OTHER);
        }
    }

    @Test
    void aDeadLetterOfAPoolThatIsGoneGoesToAnother() {
        queue().send(POOL, at(message(), Duration.ZERO));

        without(OTHER).sendToDeadLetters(OTHER, "a letter");

        assertThat(receiveDeadLetters(POOL)).extracting(Letter::body).containsExactly("a letter");
    }

    @Test
    void theDepthCountsWhatWaitsWhatIsInFlightWhatIsDelayedAndWhatIsDead() {
        for (int i = 0; i < 3; i++) {
            queue().send(POOL, at(message(), Duration.ZERO));
        }
        queue().send(POOL, at(message(), Duration.ofMinutes(5)));
        queue().sendToDeadLetters(POOL, "x");
        int inFlight = receive(POOL).size();

        JobQueue.Depth depth = queue().depth(POOL);

        assertThat(depth.visible()).isEqualTo(3 - inFlight);
        assertThat(depth.inFlight()).isEqualTo(inFlight).isPositive();
        assertThat(depth.delayed()).isEqualTo(1);
        assertThat(depth.deadLetters()).isEqualTo(1);
        assertThat(queue().depth(OTHER))
                .extracting(JobQueue.Depth::visible, JobQueue.Depth::deadLetters)
                .containsExactly(0L, 0L);
    }

    private JobMessage message() {
        return new JobMessage(
                JobMessage.FORMAT,
                JobId.of(1_770_000_000_000L, random.nextLong(), random.nextLong())
                        .text(),
                "rehearse-" + UUID.randomUUID());
    }

    private static Outgoing at(JobMessage message, Duration delay) {
        return new Outgoing(message, delay, null);
    }
}

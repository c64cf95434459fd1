package dev.longshore.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.task.JobSignal;
import dev.longshore.task.Json;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RehearseTest {
    private final RecordingJobContext job = new RecordingJobContext("rehearse");
    private final AtomicInteger halts = new AtomicInteger();
    private Duration waited = Duration.ZERO;
    private final Rehearse handler = new Rehearse(length -> waited = waited.plus(length), halts::incrementAndGet);

    @Test
    void withoutOrdersItSucceedsAtOnce() throws Exception {
        Rehearse.Outcome outcome = handler.handle(plan("{}"), job);

        assertThat(outcome).isEqualTo(new Rehearse.Outcome(1, 101, null, null, null));
        assertThat(Json.of(outcome).text()).isEqualTo("{\"attempt\":1,\"fence\":101,\"value\":null}");
        assertThat(waited).isZero();
    }

    @Test
    void theValueComesBackAsItWasSent() throws Exception {
        String value = "{\"z\":1.10,\"a\":[null,\"\\u00e9\",12345678901234567890],\"e\":1E+2}";
        Rehearse.Outcome outcome = handler.handle(plan("{\"value\":" + value + "}"), job);

        assertThat(Json.of(outcome).text())
                .contains("\"value\":{\"z\":1.10,\"a\":[null,\"é\",12345678901234567890],\"e\":1E+2}");
    }

    @Test
    void theFirstAttemptsFailAndTheNextSucceeds() throws Exception {
        Rehearse.Plan plan = plan("{\"failAttempts\":2}");

        assertThatThrownBy(() -> handler.handle(plan, job))
                .hasMessageContaining("Attempt 1 failed as its payload requires");
        assertThatThrownBy(() -> handler.handle(plan, job.again()))
                .hasMessageContaining("Attempt 2 failed as its payload requires");
        assertThat(handler.handle(plan, job.again()).attempt()).isEqualTo(3);
    }

    @Test
    void itComputesWithoutLookingAtInterrupts() throws Exception {
        long start = System.nanoTime();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> handler.handle(plan("{\"spinMs\":20}"), job)).isInstanceOf(InterruptedException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(20));
    }

    @Test
    void eachJobOfAChainEnqueuesTheNextAndTheLastDoesNot() throws Exception {
        assertThat(handler.handle(plan("{\"chainJobs\":2}"), job).next())
                .isEqualTo("0199b2c0-1f5e-7c3a-9c1d-5a0f6a1b2c31");
        assertThat(job.enqueued).containsExactly("rehearse {\"chainJobs\":1}");
        assertThat(handler.handle(plan("{\"chainJobs\":0}"), job).next()).isNull();
    }

    @Test
    void itDiscardsWhenItsPayloadSaysSo() {
        assertThatThrownBy(() -> handler.handle(plan("{\"failAttempts\":1,\"failWith\":\"discard\"}"), job))
                .isInstanceOf(JobSignal.Discard.class);
    }

    @Test
    void itHaltsItsProcessWhenItsPayloadSaysSo() {
        assertThatThrownBy(() -> handler.handle(plan("{\"failAttempts\":1,\"failWith\":\"halt\"}"), job))
                .isInstanceOf(Rehearse.RehearsedFailure.class);
        assertThat(halts).hasValue(1);
    }

    @Test
    void aHangingAttemptEndsWhenItIsInterrupted() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        Rehearse hangs = new Rehearse(
                length -> {
                    assertThat(length).isGreaterThan(Duration.ofMinutes(15));
                    hanging.countDown();
                    new CountDownLatch(1).await();
                },
                () -> {});
        CompletableFuture<Exception> end = new CompletableFuture<>();
        Thread attempt = Thread.startVirtualThread(() -> {
            try {
                hangs.handle(plan("{\"failAttempts\":1,\"failWith\":\"hang\"}"), job);
            } catch (Exception e) {
                end.complete(e);
            }
        });

        hanging.await();
        attempt.interrupt();

        assertThat(end.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void itWorksAsLongAsItsPayloadSaysAndReportsItsProgress() throws Exception {
        handler.handle(plan("{\"runMs\":1030,\"progressSteps\":4}"), job);

        assertThat(waited).isEqualTo(Duration.ofMillis(1030));
        assertThat(job.progress).containsExactly(25, 50, 75, 100);
        assertThat(job.progressTexts).startsWith("step 1 of 4").endsWith("step 4 of 4");
    }

    @Test
    void itHonoursACancellation() {
        job.cancelRequested = true;

        assertThatThrownBy(() -> handler.handle(plan("{\"runMs\":1000}"), job)).isInstanceOf(JobSignal.Cancelled.class);
    }

    @Test
    void itNoticesAnInterruptionWhileItWorks() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> handler.handle(plan("{\"runMs\":1000}"), job))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void itSnoozesOnceAndThenContinues() throws Exception {
        Rehearse.Plan plan = plan("{\"snoozeSeconds\":30,\"runMs\":100}");

        assertThatThrownBy(() -> handler.handle(plan, job))
                .isInstanceOfSatisfying(
                        JobSignal.Snooze.class,
                        snooze -> assertThat(snooze.delay()).isEqualTo(Duration.ofSeconds(30)));
        assertThat(handler.handle(plan, job).attempt()).isEqualTo(1);
    }

    @Test
    void itContinuesInNextInvocationsAsOftenAsItsPayloadSaysAndThenWorks() throws Exception {
        Rehearse.Plan plan = plan("{\"continueTimes\":2,\"runMs\":100}");

        for (int invocation = 1; invocation <= 2; invocation++) {
            assertThatThrownBy(() -> handler.handle(plan, job))
                    .isInstanceOfSatisfying(JobSignal.Continue.class, next -> job.checkpoint(next.cursor()));
        }
        assertThat(handler.handle(plan, job).attempt()).isEqualTo(1);
    }

    @Test
    void theResultIsFilledAsFarAsItsPayloadSays() throws Exception {
        assertThat(handler.handle(plan("{\"resultBytes\":300000}"), job).filler())
                .hasSize(300_000);
        assertThat(handler.handle(plan("{\"resultBytes\":0}"), job).filler()).isEmpty();
    }

    @Test
    void aPlanSaysWhatItTakes() {
        assertThatThrownBy(() -> plan("{\"runMs\":-1}")).hasMessage("runMs takes 0 to 900000, and got -1");
        assertThatThrownBy(() -> plan("{\"failAttempts\":101}")).hasMessageContaining("failAttempts takes 0 to 100");
    }

    private static Rehearse.Plan plan(String json) {
        return Json.parse(json).as(Rehearse.Plan.class);
    }
}

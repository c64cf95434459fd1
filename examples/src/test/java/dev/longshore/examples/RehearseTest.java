package dev.longshore.examples;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.task.Json;
import dev.longshore.testkit.HandlerEnd;
import dev.longshore.testkit.HandlerRun;
import dev.longshore.testkit.LongshoreTest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RehearseTest {
    private final AtomicInteger halts = new AtomicInteger();
    private Duration waited = Duration.ZERO;
    private final Rehearse handler = new Rehearse(length -> waited = waited.plus(length), halts::incrementAndGet);
    private final HandlerRun<Rehearse.Plan, Rehearse.Outcome> run =
            HandlerRun.of(handler, Rehearse.Plan.class).task("rehearse");

    @Test
    void withoutOrdersItSucceedsAtOnce() throws Exception {
        Rehearse.Outcome outcome = run.runJson("{}").result();

        assertThat(outcome).isEqualTo(new Rehearse.Outcome(1, 1, null, null, null));
        assertThat(Json.of(outcome).text()).isEqualTo("{\"attempt\":1,\"fence\":1,\"value\":null}");
        assertThat(waited).isZero();
    }

    @Test
    void theValueComesBackAsItWasSent() throws Exception {
        String value = "{\"z\":1.10,\"a\":[null,\"\\u00e9\",12345678901234567890],\"e\":1E+2}";
        Rehearse.Outcome outcome = run.runJson("{\"value\":" + value + "}").result();

        assertThat(Json.of(outcome).text())
                .contains("\"value\":{\"z\":1.10,\"a\":[null,\"é\",12345678901234567890],\"e\":1E+2}");
    }

    @Test
    void theFirstAttemptsFailAndTheNextSucceeds() throws Exception {
        String plan = "{\"failAttempts\":2}";

        assertThat(run.runJson(plan)).withErrorContaining("Attempt 1 failed as its payload requires");
        assertThat(run.runJson(plan)).withErrorContaining("Attempt 2 failed as its payload requires");
        assertThat(run.runJson(plan).result().attempt()).isEqualTo(3);
    }

    @Test
    void itComputesWithoutLookingAtInterrupts() throws Exception {
        long start = System.nanoTime();

        assertThat(run.interrupted().runJson("{\"spinMs\":20}")).failedWith(InterruptedException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(20));
    }

    @Test
    void eachJobOfAChainEnqueuesTheNextAndTheLastDoesNot() throws Exception {
        String next = run.runJson("{\"chainJobs\":2}").result().next();

        assertThat(run.enqueued())
                .containsExactly(
                        new HandlerRun.Enqueued(next, "rehearse", Json.parse("{\"chainJobs\":1}"), Duration.ZERO));
        assertThat(run.runJson("{\"chainJobs\":0}").result().next()).isNull();
    }

    @Test
    void itDiscardsWhenItsPayloadSaysSo() {
        assertThat(run.runJson("{\"failAttempts\":1,\"failWith\":\"discard\"}"))
                .discardedBecause("as its payload requires");
    }

    @Test
    void itHaltsItsProcessWhenItsPayloadSaysSo() {
        assertThat(run.runJson("{\"failAttempts\":1,\"failWith\":\"halt\"}"))
                .failedWith(Rehearse.RehearsedFailure.class);
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
        CompletableFuture<HandlerEnd<Rehearse.Outcome>> end = new CompletableFuture<>();
        Thread attempt = Thread.startVirtualThread(() -> end.complete(
                HandlerRun.of(hangs, Rehearse.Plan.class).runJson("{\"failAttempts\":1,\"failWith\":\"hang\"}")));

        hanging.await();
        attempt.interrupt();

        assertThat(end.get(10, TimeUnit.SECONDS)).failedWith(InterruptedException.class);
    }

    @Test
    void itWorksAsLongAsItsPayloadSaysAndReportsItsProgress() throws Exception {
        run.runJson("{\"runMs\":1030,\"progressSteps\":4}").result();

        assertThat(waited).isEqualTo(Duration.ofMillis(1030));
        assertThat(run.progress()).containsExactly(25, 50, 75, 100);
        assertThat(run.progressTexts()).startsWith("step 1 of 4").endsWith("step 4 of 4");
    }

    @Test
    void itHonoursACancellation() {
        assertThat(run.cancelRequested().runJson("{\"runMs\":1000}")).cancelled();
    }

    @Test
    void itNoticesAnInterruptionWhileItWorks() {
        assertThat(run.interrupted().runJson("{\"runMs\":1000}")).failedWith(InterruptedException.class);
    }

    @Test
    void itSnoozesOnceAndThenContinues() throws Exception {
        String plan = "{\"snoozeSeconds\":30,\"runMs\":100}";

        assertThat(run.runJson(plan)).snoozed(Duration.ofSeconds(30));
        assertThat(run.runJson(plan).result().attempt()).isEqualTo(1);
    }

    @Test
    void itContinuesInNextInvocationsAsOftenAsItsPayloadSaysAndThenWorks() throws Exception {
        String plan = "{\"continueTimes\":2,\"runMs\":100}";

        assertThat(run.runJson(plan)).continues();
        assertThat(run.runJson(plan)).continues();
        assertThat(run.runJson(plan).result().attempt()).isEqualTo(1);
    }

    @Test
    void aCrashAtAnyPlaceMakesTheSameChain() {
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> tasks.add("rehearse", Rehearse.Plan.class, handler));

        jobs.crashEverywhere("rehearse", plan("{\"snoozeSeconds\":30,\"continueTimes\":2,\"chainJobs\":2}"), List::of);
    }

    @Test
    void theResultIsFilledAsFarAsItsPayloadSays() throws Exception {
        assertThat(run.runJson("{\"resultBytes\":200000}").result().filler()).hasSize(200_000);
        assertThat(run.runJson("{\"resultBytes\":0}").result().filler()).isEmpty();
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

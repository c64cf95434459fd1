package dev.longshore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.JobState;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a crash at every place finds in handlers, and in which it finds nothing. */
class CrashEverywhereTest {
    record Work(int parts) {}

    private final List<String> charges = new ArrayList<>();
    private final Set<String> keys = new LinkedHashSet<>();

    private List<String> takeCharges() {
        List<String> taken = List.copyOf(charges);
        charges.clear();
        keys.clear();
        return taken;
    }

    /** As a payment service does: a key that came before is answered, and charges nothing. */
    private void charge(String key) {
        if (keys.add(key)) {
            charges.add(key);
        }
    }

    private void crash(TaskHandler<Work, @Nullable Object> handler) {
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> {
            tasks.add("work", Work.class, handler)
                    .retry(RetryPolicy.fixed(Duration.ofSeconds(5)).maxAttempts(2));
            tasks.add("part", Work.class, (part, job) -> null);
            tasks.add("work-after", Work.class, (part, job) -> null);
        });
        jobs.crashEverywhere("work", new Work(3), this::takeCharges);
    }

    @Test
    void aHandlerWithKeysAndACheckpointPasses() {
        AtomicInteger starts = new AtomicInteger();

        crash((work, job) -> {
            starts.incrementAndGet();
            for (int part = job.checkpoint(Integer.class).orElse(0); part < work.parts(); part++) {
                charge(job.id() + "/" + part);
                job.enqueue("part", new Work(part));
                job.checkpoint(part + 1);
            }
            return null;
        });

        // 3 checkpoints, 3 enqueues and the end: 14 crashes; only after the end no further start follows
        assertThat(starts).hasValue(2 + 14 + 13);
    }

    @Test
    void anEffectBeforeACheckpointWithoutAKeyIsFound() {
        assertThatThrownBy(() -> crash((work, job) -> {
                    if (job.checkpoint(Boolean.class).isEmpty()) {
                        charges.add("charge");
                        job.checkpoint(true);
                    }
                    return null;
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("The task work is not idempotent: 1 of 4 crashes show")
                .hasMessageContaining("with a crash before checkpoint 1 its effects are others")
                .hasMessageContaining("without: [charge]")
                .hasMessageContaining("with:    [charge, charge]");
    }

    @Test
    void anEffectAfterTheLastCheckpointIsFoundAtTheEnd() {
        assertThatThrownBy(() -> crash((work, job) -> {
                    job.checkpoint(1);
                    charges.add("charge");
                    return null;
                }))
                .hasMessageContaining("1 of 4 crashes show")
                .hasMessageContaining("with a crash before succeed 1 its effects are others");
    }

    @Test
    void anEffectThatACheckpointSaysIsDoneTooEarlyIsFoundAsLost() {
        assertThatThrownBy(() -> crash((work, job) -> {
                    if (job.checkpoint(Boolean.class).isEmpty()) {
                        job.checkpoint(true);
                        charge(job.id());
                    }
                    return null;
                }))
                .hasMessageContaining("with a crash after checkpoint 1 its effects are others")
                .hasMessageContaining("with:    []");
    }

    @Test
    void anEnqueueWithARandomPayloadIsFound() {
        record Token(String value) {}
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> {
            tasks.add("work", Work.class, (work, job) -> {
                job.enqueue("part", new Token(UUID.randomUUID().toString()));
                return null;
            });
            tasks.add("part", Token.class, (part, job) -> null);
        });

        assertThatThrownBy(() -> jobs.crashEverywhere("work", new Work(1), this::takeCharges))
                .hasMessageContaining("2 of 4 crashes show")
                .hasMessageContaining(
                        "with a crash after enqueue 1 (part) a later attempt repeated the enqueue of part as another"
                                + " one")
                .hasMessageContaining("with a crash before succeed 1 a later attempt repeated");
    }

    @Test
    void aRepeatedEnqueueWithAnotherPayloadIsReportedWithBoth() {
        assertThatThrownBy(() -> crash((work, job) -> {
                    job.enqueue("part", new Work(job.attempt()));
                    return null;
                }))
                .hasMessageContaining("""
                        with a crash after enqueue 1 (part) a later attempt repeated the enqueue of part as another one:
                            first: part {"parts":1}
                            then:  part {"parts":2}""");
    }

    @Test
    void aRepeatedEnqueueOfAnotherTaskIsReported() {
        assertThatThrownBy(() -> crash((work, job) -> {
                    job.enqueue(job.attempt() == 1 ? "part" : "work-after", work);
                    return null;
                }))
                .hasMessageContaining("repeated the enqueue of part as another one:")
                .hasMessageContaining("then:  work-after {\"parts\":3}");
    }

    @Test
    void progressAndChangesOfOtherJobsAreNoPlacesOfACrash() {
        @Nullable LongshoreTest[] test = new LongshoreTest[1];
        test[0] = LongshoreTest.ofTasks(tasks -> {
            tasks.add("work", Work.class, (work, job) -> {
                job.progress(50);
                charges.add("charge");
                TestJob part = test[0].job(job.enqueue("part", work, Duration.ofHours(1)));
                if (part.state() != JobState.CANCELLED) {
                    test[0].cancel(part);
                }
                return null;
            });
            tasks.add("part", Work.class, (part, job) -> null);
        });

        assertThatThrownBy(() -> test[0].crashEverywhere("work", new Work(1), this::takeCharges))
                .hasMessageContaining("3 of 4 crashes show");
    }

    @Test
    void anEnqueueUnderAnotherCheckpointIsFoundAsASecondJob() {
        assertThatThrownBy(() -> crash((work, job) -> {
                    if (job.attempt() > 1) {
                        job.checkpoint("again");
                    }
                    job.enqueue("part", work);
                    return null;
                }))
                .hasMessageContaining("with a crash after enqueue 1 (part) it enqueued other jobs")
                .hasMessageContaining("without: {part=1}")
                .hasMessageContaining("with:    {part=2}");
    }

    @Test
    void aHandlerThatContinuesCrashesAtTheEndOfEachInvocation() {
        AtomicInteger starts = new AtomicInteger();

        crash((work, job) -> {
            starts.incrementAndGet();
            int part = job.checkpoint(Integer.class).orElse(0);
            charge(job.id() + "/" + part);
            if (part + 1 < work.parts()) {
                throw job.continueWith(part + 1);
            }
            return null;
        });

        // 2 continuations and the end: 6 crashes of 3 invocations; a crash before one of these repeats an invocation
        assertThat(starts).hasValue(2 * 3 + 6 * 3 + 3);
    }

    @Test
    void effectsThatTheSupplierDoesNotRemoveAreReportedAsSuch() {
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> tasks.add("work", Work.class, (work, job) -> {
            charges.add("charge");
            return null;
        }));

        assertThatThrownBy(() -> jobs.crashEverywhere("work", new Work(1), () -> List.copyOf(charges)))
                .hasMessageContaining("Two runs without a crash differ")
                .hasMessageContaining("first:  [charge]")
                .hasMessageContaining("second: [charge, charge]");
    }

    @Test
    void runsThatEnqueueOtherJobsWithoutACrashCannotBeJudged() {
        AtomicInteger runs = new AtomicInteger();

        assertThatThrownBy(() -> crash((work, job) -> {
                    int many = runs.incrementAndGet();
                    for (int i = 0; i < many; i++) {
                        job.enqueue("part", work);
                    }
                    return null;
                }))
                .hasMessageContaining("Two runs without a crash differ")
                .hasMessageContaining("first:  [], enqueued {part=1}")
                .hasMessageContaining("second: [], enqueued {part=2}");
    }

    @Test
    void aJobThatDiesWithoutACrashCannotBeJudged() {
        assertThatThrownBy(() -> crash((work, job) -> {
                    throw job.discard("no");
                }))
                .hasMessageContaining("The job is DEAD without any crash")
                .hasMessageContaining("DEAD, attempt 1: Discarded: no");
    }

    @Test
    void aJobThatDoesNotEndAfterACrashIsReportedWithThePlace() {
        assertThatThrownBy(() -> crash((work, job) -> {
                    if (job.attempt() > 1) {
                        throw job.snooze(Duration.ofMinutes(1));
                    }
                    job.checkpoint(1);
                    return null;
                }))
                .hasMessageContaining("3 of 4 crashes show")
                .hasMessageContaining("with a crash before checkpoint 1 the work does not end")
                .hasMessageContaining("after 1000 moves of the clock");
    }

    @Test
    void aJobThatDiesOfACrashIsReportedWithItsHistory() {
        assertThatThrownBy(() -> crash((work, job) -> {
                    if (job.attempt() > 1) {
                        throw job.discard("was here before");
                    }
                    job.checkpoint(1);
                    return null;
                }))
                .hasMessageContaining("3 of 4 crashes show")
                .hasMessageContaining("with a crash before checkpoint 1 the job is DEAD, not SUCCEEDED")
                .hasMessageContaining("Discarded: was here before");
    }

    @Test
    void aJobThatNeverEndsCannotBeJudged() {
        assertThatThrownBy(() -> crash((work, job) -> {
                    throw job.snooze(Duration.ofMinutes(1));
                }))
                .hasMessageContaining("The job does not end without any crash")
                .hasMessageContaining("after 1000 moves of the clock");
    }

    @Test
    void atMostTenPlacesAreReportedInFull() {
        assertThatThrownBy(() -> crash((work, job) -> {
                    charges.add("start of attempt " + job.attempt());
                    for (int i = job.checkpoint(Integer.class).orElse(0); i < 8; i++) {
                        job.checkpoint(i + 1);
                    }
                    return null;
                }))
                .hasMessageContaining("17 of 18 crashes show")
                .hasMessageContaining("and 7 more")
                .satisfies(error -> assertThat(error.getMessage().split("with a crash", -1))
                        .as("the report's parts, its head the first")
                        .hasSize(11));
    }

    @Test
    void tenPlacesAreAllThereAre() {
        assertThatThrownBy(() -> crash((work, job) -> {
                    int done = job.checkpoint(Integer.class).orElse(0);
                    if (done > 0) {
                        charges.add("continues from " + done);
                    }
                    while (done < 5) {
                        job.checkpoint(++done);
                    }
                    return null;
                }))
                .hasMessageContaining("10 of 12 crashes show")
                .hasMessageNotContaining(" more");
    }

    @Test
    void aCallThatIsNotMadeAgainIsReported() {
        AtomicInteger runs = new AtomicInteger();

        assertThatThrownBy(() -> crash((work, job) -> {
                    if (runs.incrementAndGet() <= 2) {
                        job.checkpoint(1);
                    }
                    return null;
                }))
                .hasMessageContaining("after succeed 1 was not possible: the handler did not make this call again");
    }
}

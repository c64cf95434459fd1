package dev.longshore.testkit;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.JobId;
import dev.longshore.task.JobContext;
import dev.longshore.task.TaskHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The {@code JobContext} that a {@link HandlerRun} gives its handler: limits, what is kept, and crashes. */
class MadeUpJobTest {
    record Order(String id, int items) {}

    record Page(int number) {}

    @Test
    void progressAndEnqueuesAreKeptAndARepeatedEnqueueIsOne() {
        HandlerRun<Order, @Nullable Object> run = HandlerRun.of((order, job) -> {
            job.progress(50, "half");
            job.enqueue("part", new Page(1), Duration.ofMinutes(1));
            job.enqueue("part", new Page(2));
            return null;
        });

        run.run(new Order("o", 1));
        run.run(new Order("o", 1));

        assertThat(run.progress()).containsExactly(50, 50);
        assertThat(run.progressText()).isEqualTo("half");
        assertThat(run.enqueued()).extracting(one -> one.payload(Page.class)).containsExactly(new Page(1), new Page(2));
        assertThat(run.enqueued().getFirst().delay()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void anEnqueueAfterACheckpointIsOneJobWithThatOfALaterRunWhichContinuesThere() {
        HandlerRun<Order, List<String>> run = HandlerRun.of((order, job) -> {
            List<String> ids = new ArrayList<>();
            if (job.checkpoint(Integer.class).isEmpty()) {
                ids.add(job.enqueue("part", new Page(1)));
                job.checkpoint(1);
            }
            ids.add(job.enqueue("part", new Page(2)));
            job.checkpoint(1); // the same place still
            ids.add(job.enqueue("part", new Page(3)));
            job.checkpoint(2);
            ids.add(job.enqueue("part", new Page(4)));
            job.checkpoint(1);
            return ids;
        });

        List<String> first = run.run(new Order("o", 1)).result();
        List<String> second = run.run(new Order("o", 1)).result();

        assertThat(second).isEqualTo(first.subList(1, 4));
        assertThat(run.enqueued()).extracting(HandlerRun.Enqueued::id).containsExactlyElementsOf(first);
        assertThat(first)
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(JobId.parse(id)).isPresent());
    }

    @Test
    void aCrashIsBeforeACheckpointOfTheNextRunAndNotOfAllRuns() {
        HandlerRun<Order, String> run = HandlerRun.of((order, job) -> {
            job.checkpoint(1);
            job.checkpoint(2);
            return "done";
        });

        assertThat(run.run(new Order("o", 1))).returned("done");
        assertThat(run.crashBeforeCheckpoint(2).run(new Order("o", 1))).crashed();
        assertThat(run.run(new Order("o", 1))).returned("done");
        assertThat(run.checkpoints(Integer.class)).containsExactly(1, 2, 1, 1, 2);
    }

    @Test
    void whatIsAsLargeAsTheLimitIsTaken() {
        assertThat(ended((order, job) -> {
                    job.checkpoint("x".repeat(JobContext.LARGEST_CHECKPOINT - 2)); // and two quotation marks
                    job.enqueue("part", "x".repeat(5 * 1024 * 1024 - 2));
                    return "done";
                }))
                .returned("done");
    }

    @Test
    void theLimitsOfAJobHold() {
        assertThat(ended((order, job) -> {
                    job.checkpoint("x".repeat(JobContext.LARGEST_CHECKPOINT));
                    return null;
                }))
                .failedWith(IllegalArgumentException.class)
                .withErrorContaining("at most 16384 bytes of JSON, and this one has 16386");
        assertThat(ended((order, job) -> {
                    job.progress(101);
                    return null;
                }))
                .failedWith(IllegalArgumentException.class);
        HandlerRun<Order, @Nullable Object> stuck = HandlerRun.of((order, job) -> {
            throw job.continueWith(1);
        });
        assertThat(stuck.checkpoint(1).run(new Order("o", 1))).failedWith(IllegalArgumentException.class);
    }

    @Test
    void aCrashBeforeACheckpointIsTheEndOfTheRunAndTheNextOneContinues() {
        List<String> effects = new ArrayList<>();
        HandlerRun<Order, Integer> run = HandlerRun.of((order, job) -> {
            int done = job.checkpoint(Integer.class).orElse(0);
            try {
                while (done < order.items()) {
                    effects.add(job.attempt() + "/" + done);
                    done++;
                    job.checkpoint(done);
                }
            } catch (Error crash) {
                job.enqueue("clean-up", order); // is never reached in reality, and does nothing here
            }
            return done;
        });

        assertThat(run.crashBeforeCheckpoint(2).run(new Order("o", 3))).crashed();
        assertThat(run.checkpoints(Integer.class)).containsExactly(1);
        assertThat(run.enqueued()).isEmpty();
        assertThat(run.run(new Order("o", 3))).returned(3);
        assertThat(effects).containsExactly("1/0", "1/1", "2/1", "2/2");
    }

    @Test
    void aCrashThatTheHandlerCatchesIsTheEndAllTheSame() {
        HandlerRun<Order, String> run = HandlerRun.of((order, job) -> {
            String found = job.checkpoint(Integer.class).map(String::valueOf).orElse("nothing");
            try {
                job.checkpoint(1);
            } catch (Error crash) {
                throw job.continueWith(2);
            }
            return "found " + found;
        });

        assertThat(run.crashBeforeCheckpoint(1).run(new Order("o", 1))).crashed();
        assertThat(run.run(new Order("o", 1))).returned("found nothing");
        assertThat(run.checkpoints(Integer.class)).containsExactly(1);
        assertThatThrownBy(() -> assertThat(run.run(new Order("o", 1))).crashed())
                .hasMessageContaining("to crash, but its end is Returned");
    }

    @Test
    void aProgressWithoutATextKeepsTheLastOneAndAddsNone() {
        HandlerRun<Order, @Nullable Object> run = HandlerRun.of((order, job) -> {
            job.progress(10, "one");
            job.progress(20);
            job.progress(30, "two");
            job.progress(40);
            return null;
        });

        assertThat(run.progressText()).as("before a run").isNull();
        run.run(new Order("o", 1));

        assertThat(run.progress()).containsExactly(10, 20, 30, 40);
        assertThat(run.progressText()).isEqualTo("two");
        assertThat(run.progressTexts()).containsExactly("one", "two");
    }

    @Test
    void anEmptyTextRemovesTheLastOneAndIsNone() {
        HandlerRun<Order, @Nullable Object> run = HandlerRun.of((order, job) -> {
            job.progress(10, "one");
            job.progress(20, "");
            return null;
        });

        run.run(new Order("o", 1));

        assertThat(run.progressText()).isNull();
        assertThat(run.progressTexts()).containsExactly("one");
    }

    @Test
    void eachFurtherCallOfARunThatCrashedThrows() {
        Map<String, Consumer<JobContext>> calls = Map.of(
                "timeLeft", JobContext::timeLeft,
                "progress", job -> job.progress(1),
                "progress with a text", job -> job.progress(1, "one"),
                "checkpoint", job -> job.checkpoint(2),
                "the last checkpoint", job -> job.checkpoint(Integer.class),
                "cancelRequested", JobContext::cancelRequested,
                "enqueue", job -> job.enqueue("part", new Page(1)));
        Set<String> threw = new HashSet<>();
        HandlerRun<Order, @Nullable Object> run = HandlerRun.of((order, job) -> {
            try {
                job.checkpoint(1);
            } catch (CrashPlan.Crash crash) {
                calls.forEach((name, call) -> {
                    try {
                        call.accept(job);
                    } catch (CrashPlan.Crash again) {
                        threw.add(name);
                    }
                });
            }
            return null;
        });

        assertThat(run.crashBeforeCheckpoint(1).run(new Order("o", 1))).crashed();

        assertThat(threw).isEqualTo(calls.keySet());
        assertThat(run.progress()).isEmpty();
        assertThat(run.progressTexts()).isEmpty();
        assertThat(run.checkpoints(Integer.class)).isEmpty();
        assertThat(run.enqueued()).isEmpty();
    }

    @Test
    void aCheckpointThatDoesNotFitIsReportedAsInAWorker() {
        HandlerRun<Order, Integer> run = HandlerRun.of(
                (order, job) -> job.checkpoint(Page.class).map(Page::number).orElse(0));

        assertThat(run.checkpoint(Map.of("number", "one")).run(new Order("o", 1)))
                .failedWith(IllegalStateException.class)
                .withErrorContaining("The checkpoint cannot be read as Page: /number takes ");
    }

    @Test
    void aPayloadBeyondTheLimitIsNotEnqueued() {
        assertThat(ended((order, job) -> job.enqueue("part", "x".repeat(5 * 1024 * 1024))))
                .failedWith(IllegalArgumentException.class)
                .withErrorContaining("5242880 bytes of JSON, and this one has 5242882");
    }

    @Test
    void theThreadsOfAHandlerMayReport() {
        int threads = 8;
        int calls = 500;
        HandlerRun<Order, @Nullable Object> run = HandlerRun.of((order, job) -> {
            List<Thread> started = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                started.add(Thread.ofPlatform().start(() -> {
                    for (int call = 0; call < calls; call++) {
                        job.progress(50, "at " + call);
                        job.enqueue("part", new Page(call));
                    }
                }));
            }
            for (Thread thread : started) {
                thread.join();
            }
            return null;
        });

        assertThat(run.run(new Order("o", 1))).returned(null);

        assertThat(run.progress()).hasSize(threads * calls).doesNotContainNull();
        assertThat(run.enqueued()).hasSize(threads * calls);
    }

    private static HandlerEnd<@Nullable Object> ended(TaskHandler<Order, @Nullable Object> handler) {
        return HandlerRun.of(handler).run(new Order("o", 1));
    }
}

package dev.longshore.testkit;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.JobId;
import dev.longshore.task.TaskHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One run of a handler after another, and what a test says of them. */
class HandlerRunTest {
    record Order(String id, int items) {}

    /** Refuses what it wrote itself. */
    record Doubled(int items) {
        Doubled {
            items *= 2;
            if (items > 100) {
                throw new IllegalArgumentException("takes 50 items at most");
            }
        }
    }

    /** Has no JSON form. */
    public static final class Broken {
        private final List<Integer> items = List.of();

        public int getItems() {
            return items.getFirst();
        }
    }

    record Page(int number) {}

    /** Its second value is of a class of its own. */
    enum Size {
        SMALL,
        LARGE {
            @Override
            int boxes() {
                return 2;
            }
        };

        int boxes() {
            return 1;
        }
    }

    @Test
    void whatTheHandlerReturnsIsItsResult() {
        HandlerRun<Order, String> run = HandlerRun.of((order, job) -> order.id() + " " + job.attempt());

        assertThat(run.attempt(3).run(new Order("o-7", 1))).returned("o-7 3");
    }

    @Test
    void aPayloadThatCannotBeReadAgainIsRefused() {
        HandlerRun<Doubled, Integer> run = HandlerRun.of((payload, job) -> payload.items());

        assertThatThrownBy(() -> run.run(new Doubled(50)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The payload cannot be read as Doubled: /payload takes 50 items at most");
        assertThat(run.run(new Doubled(20))).returned(80);
    }

    @Test
    void aPayloadAsAClientWritesItIsReadAsTheType() {
        HandlerRun<Order, Integer> run = HandlerRun.of((order, job) -> order.items(), Order.class);

        assertThat(run.runJson("{\"id\":\"o-7\",\"items\":2}")).returned(2);
        assertThatThrownBy(() -> run.runJson("{\"id\":\"o-7\"}")).hasMessageContaining("/payload/items");
        assertThatThrownBy(() -> run.runJson("{\"id\":\"o-7\",\"items\":2,\"colour\":\"red\"}"))
                .hasMessageContaining("/payload/colour");
        assertThatThrownBy(() -> HandlerRun.of(run(1)).runJson("{}")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aResultWithoutAJsonFormFailsAsInAWorker() {
        assertThat(HandlerRun.<Order, Object>of((order, job) -> new Broken()).run(new Order("o", 1)))
                .failedWith(RuntimeException.class);
    }

    @Test
    void aNextRunIsTheNextAttemptAndHasTheCheckpointOfTheOneBefore() {
        HandlerRun<Order, Integer> run = HandlerRun.of((order, job) -> {
            int at = job.checkpoint(Page.class).map(Page::number).orElse(0);
            job.checkpoint(new Page(at + 1));
            if (at < 2) {
                throw new IOException("again");
            }
            return (int) job.fence();
        });

        assertThat(run.run(new Order("o", 1))).failedWith(IOException.class);
        assertThat(run.run(new Order("o", 1))).failedWith(IOException.class);
        assertThat(run.run(new Order("o", 1))).returned(3);
        assertThat(run.attempt()).isEqualTo(3);
        assertThat(run.checkpoints(Page.class)).containsExactly(new Page(1), new Page(2), new Page(3));
    }

    @Test
    void aSnoozeAndAContinuationUseNoAttempt() {
        HandlerRun<Order, Integer> run = HandlerRun.of((order, job) -> {
            int at = job.checkpoint(Integer.class).orElse(0);
            if (at < 2) {
                throw job.continueWith(at + 1);
            }
            return job.attempt();
        });

        assertThat(run.run(new Order("o", 1))).continues();
        assertThat(run.run(new Order("o", 1))).continues();
        assertThat(run.run(new Order("o", 1))).returned(1);

        HandlerRun<Order, Integer> snoozes = HandlerRun.of((order, job) -> {
            if (job.fence() == 1) {
                throw job.snooze(Duration.ofHours(1));
            }
            return job.attempt();
        });
        assertThat(snoozes.run(new Order("o", 1))).snoozed(Duration.ofHours(1));
        assertThat(snoozes.run(new Order("o", 1))).returned(1);
    }

    @Test
    void anAttemptThatTheTestSaysIsTheNextOneAlsoAfterARun() {
        HandlerRun<Order, String> run = HandlerRun.of((order, job) -> job.attempt() + " of " + job.maxAttempts());

        assertThat(run.attempt(1).run(new Order("o", 1))).returned("1 of 10");
        assertThat(run.attempt(3).run(new Order("o", 1))).returned("3 of 10");
        assertThat(run.attempt(12).run(new Order("o", 1))).returned("12 of 12");
    }

    @Test
    void whatATestDoesNotSayIsUsual() {
        HandlerRun<Order, List<String>> run = HandlerRun.of((order, job) -> List.of(
                job.id(),
                job.task(),
                job.attempt() + " of " + job.maxAttempts(),
                job.timeLeft().toString(),
                Boolean.toString(job.cancelRequested()),
                job.traceparent().orElse("no trace"),
                job.meta().toString(),
                job.checkpoint(Page.class).map(Page::toString).orElse("no checkpoint")));

        assertThat(run.run(new Order("o", 1)))
                .returned(List.of(
                        run.id(), "task-under-test", "1 of 10", "PT30S", "false", "no trace", "{}", "no checkpoint"));
        assertThat(JobId.parse(run.id())).isPresent();
    }

    @Test
    void aPayloadIsReadAsTheTypeOfTheCatalogueAndNotAsItsOwnClass() {
        HandlerRun<Size, Integer> run = HandlerRun.of((size, job) -> size.boxes(), Size.class);

        assertThat(run.run(Size.LARGE)).returned(2);
    }

    @Test
    void metaTimeAndNamesAreAsTheTestSays() {
        HandlerRun<Order, List<String>> run = HandlerRun.of((order, job) -> List.of(
                job.task(),
                job.meta().getOrDefault("tenant", ""),
                job.timeLeft().toString(),
                job.traceparent().orElse(""),
                Boolean.toString(job.lastAttempt())));

        assertThat(run.task("ship-order")
                        .meta("tenant", "7")
                        .timeLeft(Duration.ofSeconds(2))
                        .traceparent("00-1-2-01")
                        .attempt(4)
                        .maxAttempts(4)
                        .run(new Order("o", 1)))
                .returned(List.of("ship-order", "7", "PT2S", "00-1-2-01", "true"));
    }

    @Test
    void anInterruptedRunLeavesTheTestsThreadAsItWas() {
        HandlerRun<Order, Boolean> run =
                HandlerRun.of((order, job) -> Thread.currentThread().isInterrupted());

        assertThat(run.interrupted().run(new Order("o", 1))).returned(true);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(run.run(new Order("o", 1))).returned(false);

        Thread.currentThread().interrupt();
        assertThat(run.run(new Order("o", 1))).returned(true);
        assertThat(Thread.interrupted()).as("the test's own interrupt stays").isTrue();
    }

    @Test
    void aResultBeyondTheLimitEndsTheJobAsInAWorker() {
        HandlerRun<Order, String> run = HandlerRun.of((order, job) -> "x".repeat(order.items()));
        LongshoreTest jobs =
                LongshoreTest.ofTasks(tasks -> tasks.add("x", Order.class, (order, job) -> "x".repeat(order.items())));
        int largest = TaskHandler.LARGEST_RESULT - 2; // and two quotation marks

        assertThat(run.run(new Order("o", largest)).result()).hasSize(largest);
        assertThat(jobs.runToEnd(jobs.enqueue("x", new Order("o", largest)))).succeeded();
        TestJob dead = jobs.runToEnd(jobs.enqueue("x", new Order("o", largest + 1)));
        HandlerEnd<String> end = run.run(new Order("o", largest + 1));

        assertThat(dead).becauseOf("result_too_large").withErrorContaining("262145 bytes of JSON, and 262144");
        assertThat(end)
                .isInstanceOfSatisfying(
                        HandlerEnd.Discarded.class,
                        discarded -> assertThat(dead.error()).contains("ResultTooLarge: " + discarded.reason()));
    }

    @Test
    void numbersThatNoJobHasAreRefused() {
        HandlerRun<Order, Integer> run = HandlerRun.of(run(1));

        assertThatThrownBy(() -> run.attempt(0)).hasMessage("attempt takes 1 or more, and got 0");
        assertThatThrownBy(() -> run.attempt(4).maxAttempts(3))
                .hasMessage("maxAttempts takes at least the next attempt's number, 4, and got 3");
        assertThatThrownBy(() -> run.crashBeforeCheckpoint(0))
                .hasMessage("crashBeforeCheckpoint takes 1 or more, and got 0");
    }

    private static TaskHandler<Order, Integer> run(int result) {
        return (order, job) -> result;
    }
}

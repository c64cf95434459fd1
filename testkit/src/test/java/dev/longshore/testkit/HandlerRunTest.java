package dev.longshore.testkit;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.task.JobContext;
import dev.longshore.task.TaskHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

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

    @Test
    void whatTheHandlerReturnsIsItsResult() {
        HandlerRun<Order, String> run = HandlerRun.of((order, job) -> order.id() + " " + job.attempt());

        assertThat(run.attempt(3).run(new Order("o-7", 1))).returned("o-7 3");
    }

    @Test
    void eachEndIsAValue() {
        assertThat(HandlerRun.<Order, String>of((order, job) -> {
                            throw new IOException("no route");
                        })
                        .run(new Order("o", 1)))
                .failedWith(IOException.class);
        assertThat(ended((order, job) -> {
                    throw job.retryIn(Duration.ofMinutes(5), "busy");
                }))
                .retriesIn(Duration.ofMinutes(5));
        assertThat(ended((order, job) -> {
                    throw job.discard("no such order");
                }))
                .discardedBecause("no such order");
        assertThat(ended((order, job) -> {
                    throw job.snooze(Duration.ofHours(1));
                }))
                .snoozed(Duration.ofHours(1));
        assertThat(ended((order, job) -> {
                    throw job.continueWith(1);
                }))
                .continues();
        HandlerRun<Order, @Nullable Object> cancelled = HandlerRun.of((order, job) -> {
            if (job.cancelRequested()) {
                throw job.cancelled();
            }
            return null;
        });
        assertThat(cancelled.cancelRequested().run(new Order("o", 1))).cancelled();
    }

    @Test
    void anAssertionThatDoesNotHoldShowsTheEnd() {
        HandlerEnd<@Nullable Object> end = ended((order, job) -> {
            throw job.discard("no such order");
        });

        assertThatThrownBy(() -> assertThat(end).snoozed(Duration.ofHours(1)))
                .hasMessage("Expected the handler to snooze for PT1H, but its end is Discarded[reason=no such order]");
    }

    @Test
    void eachAssertionOfAnEndFailsOnAnotherEnd() {
        HandlerEnd<@Nullable Object> returned = ended((order, job) -> "done");
        HandlerEnd<@Nullable Object> failed = ended((order, job) -> {
            throw new IOException("no route");
        });
        HandlerEnd<@Nullable Object> retries = ended((order, job) -> {
            throw job.retryIn(Duration.ofMinutes(5), "busy");
        });
        HandlerEnd<@Nullable Object> discarded = ended((order, job) -> {
            throw job.discard("no such order");
        });

        assertFails(() -> assertThat(returned).returned("other"), "to return other");
        assertFails(() -> assertThat(failed).returned(null), "to return null");
        assertFails(() -> assertThat(failed).failedWith(IllegalStateException.class), "to fail with a java.lang.Ill");
        assertFails(() -> assertThat(returned).failedWith(Throwable.class), "to fail with a java.lang.Throwable");
        assertFails(() -> assertThat(discarded).withErrorContaining("no such"), "to fail with 'no such'");
        assertFails(() -> assertThat(retries).retriesIn(Duration.ofMinutes(6)), "to retry in PT6M");
        assertFails(() -> assertThat(failed).retriesIn(Duration.ofMinutes(5)), "to retry in PT5M");
        assertFails(() -> assertThat(discarded).discardedBecause("too late"), "because of 'too late'");
        assertFails(() -> assertThat(failed).discardedBecause("no route"), "because of 'no route'");
        assertFails(() -> assertThat(returned).continues(), "to continue in a next invocation");
        assertFails(() -> assertThat(returned).cancelled(), "to honour the cancellation");
    }

    private static void assertFails(Runnable assertion, String message) {
        assertThatThrownBy(assertion::run)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expected the handler")
                .hasMessageContaining(message);
    }

    @Test
    void theCursorOfAContinuationIsAsserted() {
        HandlerEnd<@Nullable Object> end = ended((order, job) -> {
            throw job.continueWith(new Page(2));
        });

        assertThat(end).continuesFrom(new Page(2));
        assertThatThrownBy(() -> assertThat(end).continuesFrom(new Page(3)))
                .hasMessageContaining(
                        "to continue from {\"number\":3}, but its end is Continues[cursor={\"number\":2}]");
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
    void theLimitsOfAJobHold() {
        assertThat(ended((order, job) -> {
                    job.checkpoint("x".repeat(JobContext.LARGEST_CHECKPOINT));
                    return null;
                }))
                .failedWith(IllegalArgumentException.class);
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
    void theResultIsTakenFromTheEndAndAnotherEndIsAnErrorThatShowsIt() {
        HandlerRun<Order, String> ships = HandlerRun.of((order, job) -> "shipped " + order.id());
        HandlerEnd<String> failed = HandlerRun.<Order, String>of((order, job) -> {
                    throw new IOException("no route");
                })
                .run(new Order("o-7", 1));

        assertThat(ships.run(new Order("o-7", 1)).result()).isEqualTo("shipped o-7");
        assertThatThrownBy(failed::result)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("its end is Failed[error=java.io.IOException: no route]")
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void anErrorIsAssertedByItsTypeAndMessage() {
        HandlerEnd<@Nullable Object> end = ended((order, job) -> {
            throw new IOException("no route to " + order.id());
        });

        assertThat(end).failedWith(IOException.class).withErrorContaining("IOException: no route to o");
        assertThatThrownBy(() -> assertThat(end).withErrorContaining("timeout"))
                .hasMessageContaining("Expected the handler to fail with 'timeout', but its end is Failed");
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
    void anInterruptedRunLeavesTheTestsThreadAsItWas() {
        HandlerRun<Order, Boolean> run =
                HandlerRun.of((order, job) -> Thread.currentThread().isInterrupted());

        assertThat(run.interrupted().run(new Order("o", 1))).returned(true);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(run.run(new Order("o", 1))).returned(false);
    }

    @Test
    void aProgressWithoutATextAddsNone() {
        HandlerRun<Order, @Nullable Object> run = HandlerRun.of((order, job) -> {
            job.progress(10, "one");
            job.progress(20);
            job.progress(30, "two");
            return null;
        });

        run.run(new Order("o", 1));

        assertThat(run.progressTexts()).containsExactly("one", "two");
    }

    @Test
    void cancelledWithoutARequestEndsAsInAWorker() {
        assertThat(ended((order, job) -> {
                    throw job.cancelled();
                }))
                .discardedBecause("no cancellation was requested");
    }

    @Test
    void aCheckpointThatDoesNotFitIsReportedAsInAWorker() {
        HandlerRun<Order, Integer> run = HandlerRun.of(
                (order, job) -> job.checkpoint(Page.class).map(Page::number).orElse(0));

        assertThat(run.checkpoint("a text").run(new Order("o", 1)))
                .failedWith(IllegalStateException.class)
                .withErrorContaining("The checkpoint cannot be read as Page");
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

    @Test
    void numbersThatNoJobHasAreRefused() {
        HandlerRun<Order, Integer> run = HandlerRun.of(run(1));

        assertThatThrownBy(() -> run.attempt(0)).hasMessage("attempt takes 1 or more, and got 0");
        assertThatThrownBy(() -> run.attempt(4).maxAttempts(3))
                .hasMessage("maxAttempts takes at least the next attempt's number, 4, and got 3");
        assertThatThrownBy(() -> run.crashBeforeCheckpoint(0))
                .hasMessage("crashBeforeCheckpoint takes 1 or more, and got 0");
    }

    private static HandlerEnd<@Nullable Object> ended(TaskHandler<Order, @Nullable Object> handler) {
        return HandlerRun.of(handler).run(new Order("o", 1));
    }

    private static TaskHandler<Order, Integer> run(int result) {
        return (order, job) -> result;
    }
}

package dev.longshore.testkit;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.task.TaskHandler;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How a run of a handler ends, and what is asserted of it. */
class HandlerEndTest {
    record Order(String id, int items) {}

    record Page(int number) {}

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
    void theReasonOfARetryIsKept() {
        assertThat(HandlerRun.<Order, String>of((order, job) -> {
                            throw job.retryIn(Duration.ofMinutes(5), "busy");
                        })
                        .run(new Order("o", 1)))
                .isEqualTo(new HandlerEnd.RetriesIn<>(Duration.ofMinutes(5), "busy"));
    }

    @Test
    void oneAssertionFollowsAnother() {
        assertThat(ended((order, job) -> "done")).returned("done").returned("done");
        assertThat(ended((order, job) -> {
                    throw new IOException("no route");
                }))
                .withErrorContaining("no route")
                .failedWith(IOException.class)
                .isNotNull();
        assertThat(ended((order, job) -> {
                    throw job.retryIn(Duration.ofMinutes(5), "busy");
                }))
                .retriesIn(Duration.ofMinutes(5))
                .isNotNull();
        assertThat(ended((order, job) -> {
                    throw job.discard("no such order");
                }))
                .discardedBecause("no such order")
                .isNotNull();
        assertThat(ended((order, job) -> {
                    throw job.snooze(Duration.ofHours(1));
                }))
                .snoozed(Duration.ofHours(1))
                .isNotNull();
        assertThat(ended((order, job) -> {
                    throw job.continueWith(1);
                }))
                .continues()
                .continuesFrom(1)
                .isNotNull();
        assertThat(HandlerRun.<Order, @Nullable Object>of((order, job) -> {
                            throw job.cancelled();
                        })
                        .cancelRequested()
                        .run(new Order("o", 1)))
                .cancelled()
                .isNotNull();
        assertThat(HandlerRun.<Order, @Nullable Object>of((order, job) -> {
                            job.checkpoint(1);
                            return null;
                        })
                        .crashBeforeCheckpoint(1)
                        .run(new Order("o", 1)))
                .crashed()
                .isNotNull();
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
        HandlerEnd<@Nullable Object> snoozed = ended((order, job) -> {
            throw job.snooze(Duration.ofHours(1));
        });
        assertFails(() -> assertThat(snoozed).snoozed(Duration.ofHours(2)), "to snooze for PT2H");
        assertFails(() -> assertThat(returned).continuesFrom(1), "to continue from 1");
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
        assertThatThrownBy(ended((order, job) -> {
                    throw job.discard("no such order");
                })::result)
                .hasMessage("The handler returned nothing; its end is Discarded[reason=no such order]")
                .hasNoCause();
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
    void cancelledWithoutARequestEndsAsInAWorker() {
        assertThat(ended((order, job) -> {
                    throw job.cancelled();
                }))
                .discardedBecause("no cancellation was requested");
    }

    private static HandlerEnd<@Nullable Object> ended(TaskHandler<Order, @Nullable Object> handler) {
        return HandlerRun.of(handler).run(new Order("o", 1));
    }
}

package dev.longshore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.ScheduleSpec;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.TaskHandler;
import dev.longshore.worker.WorkerFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the runs of {@code crashEverywhere} have in common, and what an attempt that crashed can do no more. */
class CrashRunsTest {
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
        });
        jobs.crashEverywhere("work", new Work(3), this::takeCharges);
    }

    @Test
    void aHandlerThatCatchesTheCrashCanWriteNothingMore() {
        List<Throwable> caught = new ArrayList<>();

        crash((work, job) -> {
            try {
                job.checkpoint("one");
            } catch (Throwable crash) {
                try {
                    job.checkpoint("two");
                } catch (Throwable again) {
                    caught.add(again);
                }
            }
            return "done";
        });

        assertThat(caught).hasSize(2).allSatisfy(again -> assertThat(again).isInstanceOf(CrashPlan.Crash.class));
    }

    /** Such a pool outlives its first attempt, and its threads are made in whichever attempt comes first. */
    @Test
    void callsFromAPoolOfTheHandlersAreOfTheAttemptThatMakesThem() {
        try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
            crash((work, job) -> {
                charge(job.id());
                return pool.submit(() -> {
                            job.checkpoint(1);
                            return job.enqueue("part", work);
                        })
                        .get();
            });
        }

        assertThat(charges).isEmpty();
    }

    @Test
    void jobsOfSchedulesAreNoEffectOfTheCrash() {
        List<String> scheduled = new ArrayList<>();
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> {
            tasks.add("work", Work.class, (work, job) -> {
                if (job.checkpoint(Integer.class).isEmpty()) {
                    job.checkpoint(1);
                    throw job.snooze(Duration.ofHours(1)); // the dispatcher's tick sends it again, and makes schedules
                }
                charge(job.id());
                return null;
            });
            tasks.add("each-minute", Json.class, (nothing, job) -> {
                        charges.add("each-minute");
                        scheduled.add(job.id());
                        return null;
                    })
                    .every(ScheduleSpec.interval(Duration.ofMinutes(1)));
        });

        jobs.crashEverywhere("work", new Work(1), this::takeCharges);

        assertThat(scheduled).isEmpty();
        jobs.advance(Duration.ofMinutes(2));
        assertThat(scheduled).as("afterwards the schedules are there again").isNotEmpty();
    }

    @Test
    void whatCameBeforeIsNoEffectOfTheJob() {
        charges.add("of the test's preparation");

        crash((work, job) -> {
            charge(job.id());
            return null;
        });

        assertThat(charges).isEmpty();
    }

    @Test
    void theJobHasTheOptionsOfItsRequest() {
        List<String> tenants = new ArrayList<>();
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> tasks.add("work", Work.class, (work, job) -> {
            tenants.add(job.meta().get("tenant") + " of " + job.maxAttempts());
            return null;
        }));

        jobs.crashEverywhere(
                "work", new Work(1), options -> options.meta("tenant", "7").maxAttempts(1), List::of);

        assertThat(tenants)
                .isNotEmpty()
                .allSatisfy(tenant -> assertThat(tenant).startsWith("7 of ").isNotEqualTo("7 of 1"));
    }

    @Test
    void itsCrashesNeedNoAttemptsOfTheTask() {
        AtomicInteger attempts = new AtomicInteger();
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> tasks.add("work", Work.class, (work, job) -> {
                    attempts.set(job.maxAttempts());
                    return null;
                })
                .retry(RetryPolicy.fixed(Duration.ofSeconds(5)).maxAttempts(3)));

        jobs.crashEverywhere("work", new Work(1), List::of);

        assertThat(attempts).hasValue(13);
    }

    @Test
    void anUnknownTaskIsRefusedAsByTheApi() {
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> tasks.add("work", Work.class, (work, job) -> null));

        assertThatThrownBy(() -> jobs.crashEverywhere("wrok", new Work(1), List::of))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("There is no task 'wrok'");
    }

    @Test
    void allRunsHaveTheSameIdAndNothingIsLeft() {
        Set<String> ids = new LinkedHashSet<>();
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> tasks.add("work", Work.class, (work, job) -> {
            ids.add(job.id());
            return null;
        }));
        TestJob before = jobs.enqueue("work", new Work(1), options -> options.delay(Duration.ofDays(1)));

        jobs.crashEverywhere("work", new Work(1), List::of);

        assertThat(ids).hasSize(1);
        assertThat(jobs.jobs()).isEmpty();
        assertThatThrownBy(before::state)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not exist");
    }

    @Test
    void anAttemptThatCrashedReachesNeitherFilesNorJobs() {
        List<String> seen = new ArrayList<>();
        LongshoreTest jobs = LongshoreTest.withClock(clock -> new WorkerFunction() {
            @Override
            protected void tasks(TaskCatalog tasks) {
                tasks.add("work", Work.class, (work, job) -> {
                    try {
                        job.checkpoint(1);
                    } catch (Error crash) {
                        attempt(() -> files().write("after.txt", new byte[0]));
                        attempt(() -> job.enqueue("work", work));
                        throw crash;
                    }
                    return null;
                });
            }

            private void attempt(Executable call) {
                try {
                    call.execute();
                    seen.add("went through");
                } catch (Throwable crash) {
                    seen.add(crash.getClass().getSimpleName());
                }
            }
        });

        jobs.crashEverywhere("work", new Work(1), List::of);

        assertThat(seen).containsExactly("Crash", "Crash", "Crash", "Crash");
    }
}

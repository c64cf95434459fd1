package dev.longshore.testkit;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.task.Json;
import dev.longshore.task.ScheduleSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A test, and each run of {@code crashEverywhere}, sees nothing of the one before, although the jobs may have the same ids. */
class FreshDeploymentTest {
    private static final Json NOTHING = Json.parse("{}");
    private static final String ONE = "019cd79e-4600-7000-8000-000000000001";
    private static final String TWO = "019cd79e-4600-7000-8000-000000000002";

    record Parts(int count) {}

    private final LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> {
        tasks.add("work", Parts.class, (parts, job) -> {
            for (int part = 0; part < parts.count(); part++) {
                job.enqueue("part", parts);
            }
            return null;
        });
        tasks.add("part", Parts.class, (parts, job) -> null);
    });

    private void anotherTest() {
        jobs.end();
        jobs.begin("another test");
    }

    @Test
    void theOrderOfTheJobsIsThatOfThisTest() {
        jobs.enqueue("work", new Parts(0), options -> options.id(ONE));
        jobs.enqueue("work", new Parts(0), options -> options.id(TWO));
        anotherTest();

        jobs.enqueue("work", new Parts(0), options -> options.id(TWO));
        jobs.enqueue("work", new Parts(0), options -> options.id(ONE));

        assertThat(jobs.jobs()).containsExactly(jobs.job(TWO), jobs.job(ONE));
    }

    @Test
    void theJobsOfAHandlerAreThoseOfThisTest() {
        jobs.runToEnd(jobs.enqueue("work", new Parts(2), options -> options.id(ONE)));
        anotherTest();

        TestJob job = jobs.runToEnd(jobs.enqueue("work", new Parts(0), options -> options.id(ONE)));

        assertThat(job).enqueuedNothing();
    }

    @Test
    void aLaterCallMayCrashAJobOfAnotherPayload() {
        jobs.crashEverywhere("work", new Parts(1), options -> options.id(ONE), List::of);

        jobs.crashEverywhere("work", new Parts(2), options -> options.id(ONE), List::of);

        assertThat(jobs.jobs()).isEmpty();
    }

    @Test
    void aTickOfTheTestBeforeIsNoneOfThisTest() {
        LongshoreTest hourly = LongshoreTest.ofTasks(tasks -> tasks.add("hourly", Json.class, (nothing, job) -> null)
                .every(ScheduleSpec.interval(Duration.ofHours(1))));
        hourly.advance(Duration.ofHours(3));
        assertThat(hourly.jobs("hourly")).hasSize(3);
        hourly.end();
        hourly.begin("another test");

        hourly.advance(Duration.ofHours(2));

        assertThat(hourly.jobs("hourly")).hasSize(2);
        assertThat(hourly.runToEnd(hourly.enqueue("hourly", NOTHING))).succeeded();
    }
}

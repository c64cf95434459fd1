package dev.longshore.testkit;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.JobState;
import dev.longshore.task.DuplicateJobException;
import dev.longshore.task.Json;
import dev.longshore.task.OnDuplicate;
import dev.longshore.task.Unique;
import dev.longshore.task.UniqueWhile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Unique jobs, by a request's key and by a task's payload, over time. */
class UniqueJobsTest {
    record Order(int customer, String what) {}

    private final List<String> ran = new ArrayList<>();

    @RegisterExtension
    final LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> {
        tasks.add("note", Order.class, (order, job) -> {
            ran.add(order.what());
            return order.what();
        });
        tasks.add("rebuild", Order.class, (order, job) -> {
                    ran.add(order.what());
                    return order.what();
                })
                .unique(Unique.by("customer").onDuplicate(OnDuplicate.REPLACE).debounceMax(Duration.ofMinutes(10)));
        tasks.add("only-one", Json.class, (payload, job) -> null)
                .unique(Unique.ofPayload().onDuplicate(OnDuplicate.REJECT));
        tasks.add(
                "enqueue-two",
                Order.class,
                (order, job) -> List.of(
                        job.enqueue("rebuild", new Order(order.customer(), "first"), Duration.ofMinutes(1)),
                        job.enqueue("rebuild", new Order(order.customer(), "second"), Duration.ofMinutes(1))));
        tasks.add("enqueue-rejected", Order.class, (order, job) -> {
            String first = job.enqueue("only-one", order, Duration.ofMinutes(1));
            try {
                return job.enqueue("only-one", order);
            } catch (DuplicateJobException e) {
                return first.equals(e.jobId()) ? "rejected" : "another";
            }
        });
    });

    @Test
    void secondRequestOfAKeyGetsTheFirstJobUntilThatHasEnded() {
        TestJob first = jobs.enqueue("note", new Order(7, "a"), options -> options.uniqueKey("k"));

        Assertions.assertThat(jobs.enqueue("note", new Order(7, "b"), options -> options.uniqueKey("k")))
                .isEqualTo(first);
        assertThatThrownBy(() -> jobs.enqueue(
                        "note",
                        new Order(7, "b"),
                        options -> options.uniqueKey("k").onDuplicate(OnDuplicate.REJECT)))
                .hasMessageContaining(first.id());
        jobs.drain();
        jobs.enqueue(
                "note", new Order(7, "c"), options -> options.uniqueKey("k").uniqueWhile(UniqueWhile.WAITING));
        jobs.drain();

        Assertions.assertThat(ran).containsExactly("a", "c");
    }

    @Test
    void requestsInQuickSuccessionAreOneRunOfTheLastAfterItIsQuiet() {
        for (int second = 0; second < 50; second += 10) {
            String what = "at " + second;
            jobs.enqueue("rebuild", new Order(7, what), options -> options.delay(Duration.ofSeconds(30)));
            jobs.advance(Duration.ofSeconds(10));
        }
        Assertions.assertThat(ran).isEmpty();

        jobs.advance(Duration.ofSeconds(21));

        Assertions.assertThat(ran).containsExactly("at 40");
        Assertions.assertThat(jobs.jobs()).hasSize(1);
    }

    @Test
    void debounceEndsThoughItIsNeverQuiet() {
        for (int minute = 0; minute <= 11; minute++) {
            jobs.enqueue("rebuild", new Order(7, "at " + minute), options -> options.delay(Duration.ofMinutes(2)));
            jobs.advance(Duration.ofMinutes(1));
        }

        Assertions.assertThat(ran).containsExactly("at 9");
    }

    @Test
    void handlersEnqueueIsHeldToTheTasksKey() {
        TestJob parent = jobs.runToEnd(jobs.enqueue("enqueue-two", new Order(7, "parent")));

        List<?> ids = parent.result(List.class).orElseThrow();
        Assertions.assertThat(ids.get(0)).isEqualTo(ids.get(1));
        jobs.advance(Duration.ofMinutes(2));
        Assertions.assertThat(ran).containsExactly("second");
    }

    @Test
    void handlersEnqueueOfARejectedDuplicateThrows() {
        TestJob parent = jobs.runToEnd(jobs.enqueue("enqueue-rejected", new Order(7, "parent")));

        assertThat(parent).hasState(JobState.SUCCEEDED).withResult("rejected");
    }

    @Test
    void fieldThatThePayloadDoesNotHaveIsRefusedWithTheNearest() {
        assertThatThrownBy(() -> LongshoreTest.ofTasks(tasks -> tasks.add("t", Order.class, (order, job) -> null)
                                .unique(Unique.by("custmer")))
                        .begin("the test"))
                .hasMessageContaining("no field 'custmer'")
                .hasMessageContaining("did you mean 'customer'?");
    }
}

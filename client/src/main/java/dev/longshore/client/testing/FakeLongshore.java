package dev.longshore.client.testing;

import dev.longshore.client.JobState;
import dev.longshore.client.Longshore;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Longshore in memory, for tests of code that enqueues jobs. {@link #client} is a real client, whose requests end here. Jobs
 * stay QUEUED unless it is said how those of their task end. Time is the fake's own: waits take none.
 *
 * <pre>{@code
 * FakeLongshore fake = new FakeLongshore();
 * fake.succeed("charge", new Receipt(42));
 *
 * new Checkout(fake.client()).buy(cart);
 *
 * assertThat(fake.payloads("charge", Charge.class)).containsExactly(new Charge("EUR", 4200));
 * }</pre>
 *
 * <p>It has the calls that enqueue, read, list, cancel and await jobs, uploads, and health. Any other is refused with 404, and
 * says so. It checks neither payloads nor limits. It may be used by many threads.
 */
public final class FakeLongshore implements AutoCloseable {
    private final JsonMapper json = JsonMapper.builder().build();
    private final FakeTime time = new FakeTime();
    private final FakeJobs jobs = new FakeJobs(json, time);
    private final Longshore client;

    /** Without jobs. */
    public FakeLongshore() {
        client = Longshore.builder()
                .url("http://longshore.invalid")
                .key("ls_fake_secret")
                .exchange(new FakeExchange(jobs, json))
                .pacing(time)
                .build();
    }

    /** The client for the code that is tested. */
    public Longshore client() {
        return client;
    }

    /** Jobs of this task succeed at once, with this result. */
    public FakeLongshore succeed(String task, Object result) {
        jobs.script(task, new FakeJobs.End(JobState.SUCCEEDED, json.valueToTree(result), ""));
        return this;
    }

    /** Jobs of this task are DEAD at once, having thrown an exception with this message. */
    public FakeLongshore fail(String task, String message) {
        jobs.script(task, new FakeJobs.End(JobState.DEAD, json.nullNode(), message));
        return this;
    }

    /** Requests for jobs of this task are refused with 422 and this detail. */
    public FakeLongshore refuse(String task, String detail) {
        jobs.refuse(task, detail);
        return this;
    }

    /** Ends a job that was enqueued: it is SUCCEEDED with this result. */
    public void complete(String id, Object result) {
        jobs.end(id, new FakeJobs.End(JobState.SUCCEEDED, json.valueToTree(result), ""));
    }

    /** All that was enqueued, in order; a repeated request counts once. */
    public List<EnqueuedJob> enqueued() {
        return jobs.enqueued();
    }

    /** What was enqueued of one task. */
    public List<EnqueuedJob> enqueued(String task) {
        return enqueued().stream().filter(job -> job.task().equals(task)).toList();
    }

    /** The payloads of one task's jobs, in order. */
    public <T> List<T> payloads(String task, Class<T> type) {
        return enqueued(task).stream().map(job -> job.payload(type)).toList();
    }

    /** Deletes all jobs; what was said of tasks stays. */
    public void clear() {
        jobs.clear();
    }

    @Override
    public void close() {
        client.close();
    }
}

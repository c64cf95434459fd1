package dev.longshore.outbox;

import dev.longshore.client.JobId;
import dev.longshore.client.JobRequest;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row that a relay has claimed.
 *
 * @param id the job's; the request has the same
 * @param tries sends of before this claim. A crash may have left the outcome of the last one unclear
 */
record OutboxRow(
        String id, String task, String json, @Nullable String traceparent, int tries) {
    JobRequest request() {
        JobRequest request = JobRequest.fromJson(json);
        return traceparent == null ? request : request.traceparent(traceparent);
    }

    /** How old the id is, by the time that it carries. */
    Duration ageOfId(Instant now) {
        return Duration.between(JobId.timeOf(id), now);
    }

    /** The same job under a new id. */
    OutboxRow withId(String other) {
        return new OutboxRow(other, task, JobRequest.fromJson(json).id(other).toJson(), traceparent, tries);
    }

    @Override
    public String toString() {
        return "OutboxRow[id=" + id + ", task=" + task + ", tries=" + tries + "]";
    }
}

package dev.longshore.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.longshore.task.Json;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * The message that nudges a worker: which job, and of which task so that a worker knows before its claim how long to hold
 * it. Everything else is in the row.
 *
 * @param v the format's version
 */
public record JobMessage(int v, String id, String task) {
    public static final int FORMAT = 1;

    public static JobMessage of(Job job) {
        return new JobMessage(FORMAT, job.id().text(), job.task());
    }

    public String write() {
        return Json.of(this).text();
    }

    /** Reads a message's body; empty when it is none of ours. */
    public static Optional<JobMessage> read(String body) {
        try {
            JobMessage message = Json.mapper().readValue(body, JobMessage.class);
            return message == null
                            || message.id() == null
                            || message.task() == null
                            || message.jobId().isEmpty()
                    ? Optional.empty()
                    : Optional.of(message);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    public Optional<JobId> jobId() {
        return JobId.parse(id);
    }

    @JsonIgnore
    public boolean isFromNewerCode() {
        return v > FORMAT;
    }
}

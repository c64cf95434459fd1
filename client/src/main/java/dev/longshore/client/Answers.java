package dev.longshore.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Forms of answers that only the client's own classes see. */
final class Answers {
    private Answers() {}

    record Jobs(List<Job> jobs, @Nullable String cursor) {}

    record Batch(List<Result> results) {}

    record Result(int status, @Nullable Job job, tools.jackson.databind.@Nullable JsonNode problem) {}

    record Upload(String url, String method, java.util.Map<String, String> headers, String payloadRef) {}

    record Schedules(List<Schedule> schedules, @Nullable String cursor) {}

    record Keys(List<ApiKey> keys, @Nullable String cursor) {}

    record Messages(
            List<QuarantinedMessage> messages, @Nullable String cursor) {}

    record Entries(List<OperatorLogEntry> entries, @Nullable String cursor) {}

    record Tasks(List<TaskInfo> tasks) {}

    record Queues(List<Queue> queues) {}

    record Limits(List<Limit> limits) {}

    record Audit(java.time.Instant requestedAt) {}

    static <T> List<T> list(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }
}

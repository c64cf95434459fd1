package dev.longshore.behaviour;

import dev.longshore.client.CallTimeoutException;
import dev.longshore.client.ConflictException;
import dev.longshore.client.ConnectionException;
import dev.longshore.client.DeadFilter;
import dev.longshore.client.EnqueueResult;
import dev.longshore.client.ForbiddenException;
import dev.longshore.client.JobFilter;
import dev.longshore.client.JobRequest;
import dev.longshore.client.KeyRequest;
import dev.longshore.client.Longshore;
import dev.longshore.client.LongshoreException;
import dev.longshore.client.NotFoundException;
import dev.longshore.client.RateLimitedException;
import dev.longshore.client.RefusedException;
import dev.longshore.client.ScheduleRequest;
import dev.longshore.client.Scope;
import dev.longshore.client.ServerException;
import dev.longshore.client.UnauthorizedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The table's calls and errors in the Java client's classes. */
final class JavaCalls {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private JavaCalls() {}

    /** Makes a call; answers its result as JSON. */
    static JsonNode make(Longshore longshore, String method, JsonNode args, String traceparent) {
        Object result = switch (method) {
            case "enqueue" -> {
                JobRequest request = JobRequest.fromJson(args.get(0).toString());
                yield longshore.enqueue(traceparent.isEmpty() ? request : request.traceparent(traceparent));
            }
            case "enqueueAll" ->
                results(longshore.enqueueAll(args.get(0)
                        .valueStream()
                        .map(job -> JobRequest.fromJson(job.toString()))
                        .toList()));
            case "get" -> longshore.get(text(args, 0));
            case "payload" -> longshore.payload(text(args, 0));
            case "list" ->
                longshore
                        .list(JobFilter.all()
                                .tag(args.get(0).get("tag").asString())
                                .pageSize(args.get(0).get("pageSize").asInt()))
                        .toList();
            case "cancel" -> longshore.cancel(text(args, 0));
            case "retry" -> longshore.retry(text(args, 0));
            case "runNow" -> longshore.runNow(text(args, 0));
            case "rerun" -> longshore.rerun(text(args, 0));
            case "await" ->
                longshore.await(text(args, 0), Duration.ofMillis(args.get(1).asLong()));
            case "retryDead" -> longshore.deadJobs().retry(filter(args.get(0)));
            case "purgeDead" ->
                args.get(0).path("dryRun").asBoolean(false)
                        ? longshore.deadJobs().countPurge(filter(args.get(0)))
                        : longshore.deadJobs().purge(filter(args.get(0)));
            case "putSchedule" -> longshore.schedules().put(text(args, 0), schedule(args.get(1)));
            case "runSchedule" -> longshore.schedules().run(text(args, 0));
            case "deleteSchedule" -> {
                longshore.schedules().delete(text(args, 0));
                yield Map.of();
            }
            case "createKey" ->
                longshore.keys().create(KeyRequest.of(args.get(0).get("name").asString(), Scope.ENQUEUE));
            case "pauseQueue" -> longshore.queues().pause(text(args, 0));
            case "resumeQueue" -> longshore.queues().resume(text(args, 0));
            case "tasks" -> longshore.tasks().list();
            default -> throw new IllegalArgumentException("The table has a new method, " + method);
        };
        // as text, so that numbers are what a table's are
        return JSON.readTree(JSON.writeValueAsString(result));
    }

    /** An exception's fields as the table has them. */
    static Map<String, Object> shown(LongshoreException failure) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("kind", kind(failure));
        shown.put("type", failure.type().substring(failure.type().lastIndexOf('/') + 1));
        shown.put("title", failure.title());
        shown.put("detail", failure.detail());
        failure.status().ifPresent(status -> shown.put("status", status));
        failure.field().ifPresent(field -> shown.put("field", field));
        failure.parameter().ifPresent(parameter -> shown.put("parameter", parameter));
        failure.state().ifPresent(state -> shown.put("state", state.name()));
        failure.requestId().ifPresent(id -> shown.put("requestId", id));
        shown.put("errors", failure.errors());
        shown.put("retryable", failure.retryable());
        return shown;
    }

    private static String kind(LongshoreException failure) {
        return switch (failure) {
            case RefusedException refused -> "refused";
            case UnauthorizedException unauthorized -> "unauthorized";
            case ForbiddenException forbidden -> "forbidden";
            case NotFoundException notFound -> "not-found";
            case ConflictException conflict -> "conflict";
            case RateLimitedException rateLimited -> "rate-limited";
            case ServerException server -> "server";
            case ConnectionException connection -> "connection";
            case CallTimeoutException timeout -> "timeout";
        };
    }

    private static List<Map<String, Object>> results(List<EnqueueResult> results) {
        List<Map<String, Object>> shown = new ArrayList<>();
        for (EnqueueResult result : results) {
            shown.add(result.succeeded() ? Map.of("job", result.orThrow()) : Map.of("error", shown(result.failure())));
        }
        return shown;
    }

    private static DeadFilter filter(JsonNode filter) {
        return DeadFilter.ofTag(filter.get("tag").asString());
    }

    private static ScheduleRequest schedule(JsonNode schedule) {
        return ScheduleRequest.cron(
                        schedule.get("task").asString(), schedule.get("cron").asString())
                .tags(schedule.path("tags")
                        .valueStream()
                        .map(JsonNode::asString)
                        .toArray(String[]::new));
    }

    private static String text(JsonNode args, int place) {
        return args.get(place).asString();
    }
}

package dev.longshore.local;

import dev.longshore.api.ApiFunction;
import dev.longshore.api.ApiKeys;
import dev.longshore.job.DayShards;
import dev.longshore.job.aws.DynamoDbBodyStore;
import dev.longshore.job.aws.DynamoDbKeyStore;
import dev.longshore.job.aws.DynamoDbLedger;
import dev.longshore.job.aws.DynamoDbLimitStore;
import dev.longshore.job.aws.DynamoDbOperatorLog;
import dev.longshore.job.aws.DynamoDbPauseStore;
import dev.longshore.job.aws.DynamoDbQuarantine;
import dev.longshore.job.aws.DynamoDbRowStore;
import dev.longshore.job.aws.DynamoDbScheduleStore;
import dev.longshore.job.engines.Engines;
import dev.longshore.keeper.DeadLetterFunction;
import dev.longshore.keeper.DispatcherFunction;
import dev.longshore.memory.InMemoryJobQueue;
import dev.longshore.memory.InMemoryJobQueue.Received;
import dev.longshore.memory.InMemoryUploadUrls;
import dev.longshore.memory.LambdaRunner;
import dev.longshore.memory.SettableClock;
import dev.longshore.suites.faults.Faults;
import dev.longshore.suites.faults.FaultyRowStore;
import dev.longshore.task.FolderFileStore;
import dev.longshore.task.Json;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import tools.jackson.databind.JsonNode;

/**
 * All functions on a table in DynamoDB and a folder of files, under a clock that is set by hand. The queues are in memory,
 * so that delays and visibility timeouts follow that clock too. Ids, tokens and keys are drawn from a seed.
 */
final class ClockedDeployment {
    /** An API key with all scopes. */
    static final String KEY = "ls_earlier_a-secret-of-these-tests-alone";

    final SettableClock clock;
    final Faults faults = new Faults();
    final InMemoryJobQueue queue;
    final Engines engines;
    private final LambdaRunner api;
    private final LambdaRunner worker;
    private final LambdaRunner dispatcher;
    private final LambdaRunner deadLetters;

    /** What the API answered to a request. */
    record Answer(int status, JsonNode body) {
        String text(String field) {
            return body.path(field).asString("");
        }
    }

    /**
     * @param ofApi the tasks of the API and the dispatcher
     * @param ofWorker adds the tasks of the worker, whose {@code onDead} hooks the dead-letter function calls
     */
    ClockedDeployment(
            DynamoDbClient dynamoDb,
            String table,
            Path files,
            Instant start,
            TaskCatalog ofApi,
            Consumer<TaskCatalog> ofWorker) {
        clock = new SettableClock(start);
        queue = new InMemoryJobQueue(clock);
        Random random = new Random(start.getEpochSecond());
        FolderFileStore store = new FolderFileStore(files);
        engines = new Engines(
                new FaultyRowStore(new DynamoDbRowStore(dynamoDb, table, DayShards.SIXTEEN), faults),
                new DynamoDbBodyStore(dynamoDb, table, DayShards.SIXTEEN, store),
                queue,
                new DynamoDbKeyStore(dynamoDb, table, random),
                new DynamoDbQuarantine(dynamoDb, table),
                new DynamoDbScheduleStore(dynamoDb, table),
                new DynamoDbPauseStore(dynamoDb, table),
                new DynamoDbLimitStore(dynamoDb, table),
                new DynamoDbLedger(dynamoDb, table),
                new DynamoDbOperatorLog(dynamoDb, table),
                store,
                new InMemoryUploadUrls(),
                clock,
                random);
        TaskCatalog workers = new TaskCatalog();
        ofWorker.accept(workers);
        api = new LambdaRunner(new ApiFunction(engines, ofApi.descriptions()), clock, Duration.ofSeconds(29));
        dispatcher =
                new LambdaRunner(new DispatcherFunction(engines, ofApi.descriptions()), clock, Duration.ofMinutes(1));
        deadLetters = new LambdaRunner(new DeadLetterFunction(engines, workers), clock, Duration.ofMinutes(1));
        WorkerFunction team = new WorkerFunction() {
            @Override
            protected void tasks(TaskCatalog tasks) {
                ofWorker.accept(tasks);
            }
        };
        worker = new LambdaRunner(team.on(engines), clock, Duration.ofMinutes(15));
    }

    /** Puts {@link #KEY} into the table. */
    void putKey() {
        engines.keys().putApiKey(ApiKeys.withAllScopes(KEY, clock.instant()));
    }

    Answer get(String path) {
        return request(KEY, "GET", path, null, Map.of());
    }

    Answer post(String path, Object body) {
        return request(KEY, "POST", path, body, Map.of());
    }

    Answer put(String path, Object body) {
        return request(KEY, "PUT", path, body, Map.of());
    }

    Answer delete(String path) {
        return request(KEY, "DELETE", path, null, Map.of());
    }

    /** Sends a request as an HTTP API does, in payload format 2.0. */
    Answer request(
            String key, String method, String pathAndQuery, @Nullable Object body, Map<String, String> moreHeaders) {
        String[] sides = pathAndQuery.split("\\?", 2);
        Map<String, String> headers = new LinkedHashMap<>(moreHeaders);
        headers.put("authorization", "Bearer " + key);
        headers.put("content-type", "application/json");
        Json event = Json.of(Map.of(
                "version",
                "2.0",
                "rawPath",
                sides[0],
                "rawQueryString",
                sides.length == 2 ? sides[1] : "",
                "headers",
                headers,
                "requestContext",
                Map.of("http", Map.of("method", method)),
                "body",
                body == null ? "" : Json.of(body).text()));
        JsonNode response = api.invoke(event).tree();
        return new Answer(
                response.path("statusCode").asInt(),
                Json.mapper().readTree(response.path("body").asString("")));
    }

    /** The dispatcher's tick of a minute. */
    void tick() {
        dispatcher.invoke(new Json("{}"));
    }

    /** Works on a pool's visible messages, one after another, until there is none. */
    void work(String pool) {
        boolean worked;
        do {
            worked = workOnOne(pool);
        } while (worked);
    }

    /** Works on one visible message of a pool; false when there is none. */
    boolean workOnOne(String pool) {
        return worker.work(queue, pool, 1) > 0;
    }

    /** Drains what is visible in a pool's dead-letter queue. */
    void drainDeadLetters(String pool) {
        deadLetters.drainDeadLetters(queue, pool);
    }

    /** Hands one dead letter to its function under a message id of the caller's choice. */
    void deadLetter(String pool, String messageId, String body) {
        deadLetters.deliver(
                "arn:aws:sqs:local:0:" + pool + "-dlq", List.of(new Received(messageId, "a receipt", body, 1, null)));
    }
}

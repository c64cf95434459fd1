package dev.longshore.benchmarks;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.api.ApiFunction;
import dev.longshore.api.ApiKeys;
import dev.longshore.job.engines.Engines;
import dev.longshore.keeper.DeadLetterFunction;
import dev.longshore.keeper.DispatcherFunction;
import dev.longshore.local.LocalEngines;
import dev.longshore.local.LocalInvocation;
import dev.longshore.local.SqsEvent;
import dev.longshore.memory.SettableClock;
import dev.longshore.task.FolderFileStore;
import dev.longshore.task.Json;
import dev.longshore.task.PoolPlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import tools.jackson.databind.JsonNode;

/**
 * The functions as Lambda runs them, one invocation after another, on the embedded engines; all that AWS would charge for is
 * counted by its {@link Meter}. Its clock is set by hand, so that counts do not depend on the machine.
 */
final class MeteredDeployment implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final String POOL = "default";

    private final LocalEngines local;
    private final DynamoDbClient dynamoDb;
    private final SqsClient sqs;
    private final RequestStreamHandler api;
    private final RequestStreamHandler worker;
    private final RequestStreamHandler deadLetters;
    private final RequestStreamHandler dispatcher;
    private final String key;
    final Meter meter = new Meter();
    final SettableClock clock = SettableClock.atNoonToday();

    final SampleWorker sample = new SampleWorker();

    private MeteredDeployment(Path data) {
        local = LocalEngines.start(
                data,
                List.of(PoolPlan.of(POOL, sample.catalog().descriptions())),
                new FolderFileStore(data.resolve("files")));
        dynamoDb = local.dynamoDb(
                client -> client.overrideConfiguration(override -> override.addExecutionInterceptor(meter)));
        sqs = local.sqs(client -> client.overrideConfiguration(override -> override.addExecutionInterceptor(meter)));
        Engines engines = engines();
        Random random = new Random(1);
        key = ApiKeys.draw(random);
        engines.keys().putApiKey(ApiKeys.withAllScopes(key, clock.instant()));
        api = new ApiFunction(engines, sample.catalog().descriptions());
        worker = sample.on(engines);
        deadLetters = new DeadLetterFunction(engines, sample.catalog());
        dispatcher = new DispatcherFunction(engines, sample.catalog().descriptions());
    }

    static MeteredDeployment start(Path data) {
        return new MeteredDeployment(data);
    }

    private Engines engines() {
        return local.engines(dynamoDb, sqs, new MeteredFiles(local.files(), meter))
                .with(clock, new Random(2));
    }

    /** A request to the API, through an HTTP API. */
    JsonNode request(String method, String path, Map<String, String> headers, Map<String, ?> body) {
        JsonNode answer = answer(key, method, path, headers, body);
        if (answer.get("statusCode").asInt() >= 300) {
            throw new IllegalStateException(method + " " + path + " was answered " + answer);
        }
        return Json.parse(answer.get("body").asString()).tree();
    }

    /** A request with a key that does not exist. */
    void guess(String id) {
        JsonNode answer = answer("ls_" + id + "_guessed", "GET", "/v1/tasks", Map.of(), Map.of());
        if (answer.get("statusCode").asInt() != 401) {
            throw new IllegalStateException("A guessed key was answered " + answer);
        }
    }

    private JsonNode answer(
            String sentKey, String method, String path, Map<String, String> headers, Map<String, ?> body) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("authorization", "Bearer " + sentKey);
        all.put("content-type", "application/json");
        byte[] event = Json.of(Map.of(
                        "version",
                        "2.0",
                        "rawPath",
                        path,
                        "rawQueryString",
                        "",
                        "headers",
                        all,
                        "requestContext",
                        Map.of("requestId", "JKJaXmPLvHcESHA=", "http", Map.of("method", method, "path", path)),
                        "body",
                        Json.of(body).text(),
                        "isBase64Encoded",
                        false))
                .utf8();
        meter.count(Charge.HTTP_API_REQUEST, 1);
        return invoke(api, "api", event, Assumptions.API_MEMORY, Assumptions.API_REQUEST);
    }

    /** Hands the messages of the queue to the worker, in batches, until there are none; answers how many. */
    int deliver(int batch) {
        return deliver(batch, Duration.ZERO);
    }

    /** The same, and waits so long for messages that are hidden. */
    int deliver(int batch, Duration wait) {
        return drain(
                local.queues(POOL).queueUrl(),
                wait,
                worker,
                batch,
                Assumptions.POOL_MEMORY,
                Assumptions.HANDLER.plus(Assumptions.INVOCATION));
    }

    /** Hands the messages of the dead-letter queue to its function. */
    int deliverDeadLetters(int batch) {
        return drain(
                local.queues(POOL).deadLetterUrl(),
                Duration.ZERO,
                deadLetters,
                batch,
                Assumptions.DEAD_LETTERS_MEMORY,
                Assumptions.INVOCATION);
    }

    private int drain(String queue, Duration wait, RequestStreamHandler function, int size, int memory, Duration time) {
        int delivered = 0;
        while (true) {
            List<Message> batch = local.sqs()
                    .receiveMessage(receive -> receive.queueUrl(queue)
                            .maxNumberOfMessages(size)
                            .waitTimeSeconds(Math.toIntExact(wait.toSeconds()))
                            .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                    .messages();
            if (batch.isEmpty()) {
                return delivered;
            }
            delivered += batch.size();
            clock.advance(
                    Duration.ofSeconds(1)); // so that what a worker caches for seconds is read as often as in a burst
            meter.count(Charge.SQS_REQUEST, 2); // the receive, and the delete of the batch
            JsonNode failures = invoke(function, queue, SqsEvent.of(queue, batch), memory, time)
                    .get("batchItemFailures");
            List<String> kept = failures.valueStream()
                    .map(failure -> failure.get("itemIdentifier").asString())
                    .toList();
            batch.stream()
                    .filter(message -> !kept.contains(message.messageId()))
                    .forEach(message -> local.sqs()
                            .deleteMessage(delete -> delete.queueUrl(queue).receiptHandle(message.receiptHandle())));
        }
    }

    /** The tick of a minute, which has a message's delay at the most to wait for what it sends. */
    void tick() {
        invoke(
                dispatcher,
                "dispatcher",
                Json.of(Map.of("detail-type", "Scheduled Event")).utf8(),
                Assumptions.DISPATCHER_MEMORY,
                Assumptions.IDLE_TICK);
    }

    /** Invokes the function; of its log only the length is kept. */
    private JsonNode invoke(RequestStreamHandler function, String name, byte[] event, int memoryMiB, Duration time) {
        meter.count(Charge.LAMBDA_REQUEST, 1);
        meter.count(Charge.LAMBDA_GB_SECOND, Assumptions.gigabyteSeconds(memoryMiB, time));
        PrintStream terminal = System.out;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            byte[] answer = LocalInvocation.invoke(function, name, TIMEOUT, event);
            return answer.length == 0
                    ? Json.of(Map.of()).tree()
                    : Json.parse(new String(answer, StandardCharsets.UTF_8)).tree();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            System.setOut(terminal);
            long own = log.toString(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains("dev.longshore") || line.startsWith("{\"_aws\""))
                    .mapToLong(line -> line.getBytes(StandardCharsets.UTF_8).length + 1)
                    .sum();
            meter.count(Charge.LOG_GB, (own + Assumptions.PLATFORM_LOG_BYTES) / 1e9);
        }
    }

    /** The bytes of all items, by what reading them costs: a consistent read takes a unit for each 4 KB of a page. */
    double tableBytes() {
        return local
                .dynamoDb()
                .scanPaginator(scan -> scan.tableName(LocalEngines.TABLE)
                        .consistentRead(true)
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL))
                .stream()
                .mapToDouble(page -> page.consumedCapacity().capacityUnits() * 4_096)
                .sum();
    }

    @Override
    public void close() {
        dynamoDb.close();
        sqs.close();
        local.close();
    }
}

package dev.longshore.local;

import dev.longshore.job.Body;
import dev.longshore.job.BodyStore;
import dev.longshore.job.DayShards;
import dev.longshore.job.Field;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.Row;
import dev.longshore.job.RowStore;
import dev.longshore.job.UniqueKey;
import dev.longshore.job.aws.DynamoDbBodyStore;
import dev.longshore.job.aws.DynamoDbRowStore;
import dev.longshore.job.aws.JobTable;
import dev.longshore.task.FolderFileStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A table for the tests of a class that registers it. All classes of a JVM use one DynamoDB Local. */
final class DynamoDbStage implements BeforeAllCallback, AfterAllCallback {
    final DayShards shards;
    private int classes;
    private SharedDynamoDb server;
    String table;
    DynamoDbClient dynamoDb;

    DynamoDbStage() {
        this(DayShards.SIXTEEN);
    }

    DynamoDbStage(DayShards shards) {
        this.shards = shards;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (classes++ > 0) {
            return; // nested in one for which it is open
        }
        server = SharedDynamoDb.of(context);
        table = context.getRequiredTestClass().getSimpleName();
        dynamoDb = client(builder -> {});
        createTable(table);
    }

    /**
     * Creates an empty table. Its time to live is off: the engine removes by the machine's clock, while the tests set
     * their own, so that their rows would vanish during a test.
     */
    void createTable(String table) {
        JobTable.createIfAbsent(dynamoDb, table);
        dynamoDb.updateTimeToLive(request -> request.tableName(table)
                .timeToLiveSpecification(
                        ttl -> ttl.attributeName(JobTable.TIME_TO_LIVE).enabled(false)));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (--classes == 0) {
            dynamoDb.close();
        }
    }

    /** Where the bodies are that do not fit into the table. */
    Path files() {
        return server.data().resolve(table + "-files");
    }

    /** A client of the same server, with something done to it. */
    DynamoDbClient client(Consumer<DynamoDbClientBuilder> change) {
        return clientOver(UrlConnectionHttpClient.create(), change);
    }

    /** A client of the same server over a connection of the test's own. */
    DynamoDbClient clientOver(SdkHttpClient connection, Consumer<DynamoDbClientBuilder> change) {
        DynamoDbClientBuilder builder = DynamoDbClient.builder()
                .endpointOverride(server.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClient(connection);
        change.accept(builder);
        return builder.build();
    }

    JobStore store() {
        return store(dynamoDb);
    }

    JobStore store(DynamoDbClient client) {
        return new JobStore(rows(client), bodies(client));
    }

    RowStore rows(DynamoDbClient client) {
        return new DynamoDbRowStore(client, table, shards);
    }

    BodyStore bodies(DynamoDbClient client) {
        return new DynamoDbBodyStore(client, table, shards, new FolderFileStore(files()));
    }

    /** Puts a row in unchanged: what only older, newer or broken code would write. */
    void plant(JobId id, Row row) {
        Map<String, AttributeValue> item = new HashMap<>(key(id));
        row.values().forEach((field, value) -> item.put(field.attribute(), attribute(field, value)));
        dynamoDb.putItem(put -> put.tableName(table).item(item));
    }

    /** Takes a row away as DynamoDB's time to live does. */
    void deleteRow(JobId id) {
        dynamoDb.deleteItem(delete -> delete.tableName(table).key(key(id)));
    }

    /** When a body ends that is an item; null while it has no end, or there is none. */
    @Nullable
    Instant endOfItem(JobId id, Body.Apart body) {
        AttributeValue end =
                besideBodies(id, body.place().substring("item:".length())).get(JobTable.TIME_TO_LIVE);
        return end == null ? null : Instant.ofEpochSecond(Long.parseLong(end.n()));
    }

    /** When a file is looked at next, whether a row still names it; null when it is not noted. */
    @Nullable
    Instant nextLook(JobId id, Body.Apart body) {
        String name = body.place().substring(body.place().lastIndexOf('/') + 1);
        AttributeValue at = besideBodies(id, id + "#sweep#" + name).get(Field.INDEX_AT.attribute());
        return at == null ? null : Instant.ofEpochMilli(Long.parseLong(at.n()));
    }

    /** When the item of a unique key may be deleted. */
    Instant endOf(UniqueKey key) {
        return Instant.ofEpochSecond(Long.parseLong(dynamoDb.getItem(get -> get.tableName(table)
                        .key(Map.of(
                                JobTable.PARTITION_KEY, AttributeValue.fromS("unique#" + key.hash()),
                                JobTable.SORT_KEY, AttributeValue.fromS("unique"))))
                .item()
                .get(JobTable.TIME_TO_LIVE)
                .n()));
    }

    private Map<String, AttributeValue> besideBodies(JobId id, String sort) {
        return dynamoDb.getItem(get -> get.tableName(table)
                        .key(Map.of(
                                JobTable.PARTITION_KEY, AttributeValue.fromS(shards.partition(id) + "#bodies"),
                                JobTable.SORT_KEY, AttributeValue.fromS(sort))))
                .item();
    }

    private static AttributeValue attribute(Field field, Object value) {
        return switch (field.kind()) {
            case TEXT -> AttributeValue.fromS((String) value);
            case NUMBER -> AttributeValue.fromN(value.toString());
            case BYTES -> AttributeValue.fromB(SdkBytes.fromByteArray((byte[]) value));
            case LIST ->
                AttributeValue.fromL(((List<?>) value)
                        .stream()
                                .map(entry -> AttributeValue.fromS((String) entry))
                                .toList());
            case MAP ->
                AttributeValue.fromM(((Map<?, ?>) value)
                        .entrySet().stream()
                                .collect(Collectors.toMap(
                                        entry -> (String) entry.getKey(),
                                        entry -> AttributeValue.fromS((String) entry.getValue()))));
        };
    }

    private Map<String, AttributeValue> key(JobId id) {
        return key(shards, id);
    }

    static Map<String, AttributeValue> key(DayShards shards, JobId id) {
        return Map.of(
                JobTable.PARTITION_KEY, AttributeValue.fromS(shards.partition(id)),
                JobTable.SORT_KEY, AttributeValue.fromS(id.text()));
    }

    /** The bytes of an item as DynamoDB counts them: names and values, UTF-8 ("DynamoDB item sizes and formats"). */
    int sizeOf(JobId id) {
        Map<String, AttributeValue> item =
                dynamoDb.getItem(get -> get.tableName(table).key(key(id))).item();
        return item.entrySet().stream()
                .mapToInt(entry -> utf8(entry.getKey()) + sizeOf(entry.getValue()))
                .sum();
    }

    private static int sizeOf(AttributeValue value) {
        return switch (value.type()) {
            case S -> utf8(value.s());
            case N -> (value.n().length() + 1) / 2 + 1;
            case B -> value.b().asByteArrayUnsafe().length;
            case L ->
                3 + value.l().stream().mapToInt(entry -> 1 + sizeOf(entry)).sum();
            case M ->
                3
                        + value.m().entrySet().stream()
                                .mapToInt(entry -> 1 + utf8(entry.getKey()) + sizeOf(entry.getValue()))
                                .sum();
            default -> throw new IllegalStateException("A job's row has no value of type " + value.type());
        };
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}

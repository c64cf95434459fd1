package dev.longshore.job.aws;

import dev.longshore.job.ApiKey;
import dev.longshore.job.KeyStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** API keys and shared secrets as small items of the one table. */
public final class DynamoDbKeyStore implements KeyStore {
    private static final String SORT = "key";
    private static final String SECRET_HASH = "h";
    private static final String SCOPES = "sc";
    private static final String CREATED = "c";
    private static final String REVOKED = "r";
    private static final String BYTES = "b";
    private static final int SECRET_BYTES = 32;

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final RandomGenerator random;

    public DynamoDbKeyStore(DynamoDbClient dynamoDb, String table, RandomGenerator random) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.random = random;
    }

    @Override
    public Optional<ApiKey> apiKey(String id) {
        Map<String, AttributeValue> item = Calls.make(
                        "Reading an API key",
                        () -> dynamoDb.getItem(get -> get.tableName(table)
                                .key(Items.key("apikey#" + id, SORT))
                                .consistentRead(true)))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(apiKey(id, item));
    }

    private static ApiKey apiKey(String id, Map<String, AttributeValue> item) {
        return new ApiKey(
                id,
                Items.text(item, SECRET_HASH),
                Items.attribute(item, SCOPES).ss().stream()
                        .map(ApiKey.Scope::valueOf)
                        .collect(Collectors.toUnmodifiableSet()),
                Instant.parse(Items.text(item, CREATED)),
                item.containsKey(REVOKED) ? Instant.parse(Items.text(item, REVOKED)) : null);
    }

    @Override
    public void putApiKey(ApiKey key) {
        Map<String, AttributeValue> item = new HashMap<>(Items.key("apikey#" + key.id(), SORT));
        item.put(SECRET_HASH, AttributeValue.fromS(key.secretSha256()));
        item.put(
                SCOPES,
                AttributeValue.fromSs(
                        key.scopes().stream().map(Enum::name).sorted().toList()));
        item.put(CREATED, AttributeValue.fromS(key.createdAt().toString()));
        if (key.revokedAt() != null) {
            item.put(REVOKED, AttributeValue.fromS(key.revokedAt().toString()));
        }
        Calls.make(
                "Writing an API key",
                () -> dynamoDb.putItem(put -> put.tableName(table).item(item)));
    }

    @Override
    public byte[] secret(String name) {
        Map<String, AttributeValue> key = Items.key("secret#" + name, SORT);
        Map<String, AttributeValue> item = new HashMap<>(key);
        byte[] drawn = new byte[SECRET_BYTES];
        random.nextBytes(drawn);
        item.put(BYTES, AttributeValue.fromB(SdkBytes.fromByteArray(drawn)));
        try {
            Calls.make(
                    "Writing a secret",
                    () -> dynamoDb.putItem(put -> put.tableName(table)
                            .item(item)
                            .conditionExpression("attribute_not_exists(" + JobTable.PARTITION_KEY + ")")));
            return drawn;
        } catch (ConditionalCheckFailedException e) {
            Map<String, AttributeValue> there = Calls.make(
                            "Reading a secret",
                            () -> dynamoDb.getItem(
                                    get -> get.tableName(table).key(key).consistentRead(true)))
                    .item();
            return Items.attribute(there, BYTES).b().asByteArray();
        }
    }
}

package dev.longshore.job.aws;

import dev.longshore.job.key.ApiKey;
import dev.longshore.job.key.ApiKey.EarlierSecret;
import dev.longshore.job.key.KeyStore;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * API keys and shared secrets as small items of the one table:
 *
 * <ul>
 *   <li>{@code apikey#<id>}: a key, in a partition of its own, so that guesses at ids are spread over the table
 *   <li>{@code apikeys}, sorted by id: a label for each key that is not revoked. Written before the key and deleted after its
 *       revocation, so that no key works which the list does not have
 *   <li>{@code apikeys#admin}: the set of the ids of keys with {@code ADMIN} that do not expire. Added to after the key is
 *       written and taken from before it is revoked, so that each id in it is that of a key which works
 * </ul>
 *
 * <p>The roles of workers and of the keeper are denied these partitions: see {@link #PARTITIONS}.
 */
public final class DynamoDbKeyStore implements KeyStore {
    private static final Logger LOG = LoggerFactory.getLogger(DynamoDbKeyStore.class);

    /** What the names of all partitions of this store begin with. */
    public static final List<String> PARTITIONS = List.of("apikey", "secret#");

    private static final String SORT = "key";
    private static final String LABELS = "apikeys";
    private static final Map<String, AttributeValue> ADMINS = Items.key("apikeys#admin", SORT);
    private static final String IDS = "ids";
    private static final String NAME = "n";
    private static final String SECRET_HASH = "h";
    private static final String EARLIER = "es";
    private static final String UNTIL = "u";
    private static final String SCOPES = "sc";
    private static final String TASKS = "tk";
    private static final String CREATED = "c";
    private static final String CREATED_BY = "cb";
    private static final String EXPIRES = "ex";
    private static final String LAST_USED = "lu";
    private static final String FIRST_HASH = "fh";
    private static final String REVOKED = "r";
    private static final String BYTES = "b";
    private static final int SECRET_BYTES = 32;
    private static final String IS_NEW = "attribute_not_exists(" + JobTable.PARTITION_KEY + ")";

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
        Map<String, AttributeValue> item = read("Reading an API key", key(id));
        return Items.readable(item.isEmpty() ? List.of() : List.of(item), found -> apiKey(id, found)).stream()
                .findFirst();
    }

    @Override
    public SortedSet<String> apiKeyIds() {
        SortedSet<String> ids = new TreeSet<>();
        Map<String, AttributeValue> next = null;
        do {
            Map<String, AttributeValue> start = next;
            QueryResponse page = Calls.make(
                    "Reading the ids of API keys",
                    () -> dynamoDb.query(query -> query.tableName(table)
                            .keyConditionExpression(JobTable.PARTITION_KEY + " = :labels")
                            .expressionAttributeValues(Map.of(":labels", AttributeValue.fromS(LABELS)))
                            .consistentRead(true)
                            .exclusiveStartKey(start)));
            page.items().forEach(label -> ids.add(Items.text(label, JobTable.SORT_KEY)));
            next = Items.next(page);
        } while (next != null);
        return ids;
    }

    // ---- writing

    @Override
    public void putApiKey(ApiKey key) {
        putLabel(key);
        Calls.make(
                "Writing an API key",
                () -> dynamoDb.putItem(put -> put.tableName(table).item(item(key))));
        countAdmin(key);
    }

    @Override
    public boolean createApiKey(ApiKey key) {
        putLabel(key);
        boolean created = isApplied(
                () -> Calls.make(
                        "Creating an API key",
                        () -> dynamoDb.putItem(
                                put -> put.tableName(table).item(item(key)).conditionExpression(IS_NEW))),
                key);
        if (created) {
            countAdmin(key);
        }
        return created;
    }

    @Override
    public boolean rotate(ApiKey before, ApiKey after) {
        return isApplied(
                () -> Calls.make(
                        "Rotating an API key",
                        () -> dynamoDb.updateItem(update -> update.tableName(table)
                                .key(key(before.id()))
                                .updateExpression("SET h = :after, es = :earlier")
                                .conditionExpression("h = :before AND attribute_not_exists(r)")
                                .expressionAttributeValues(Map.of(
                                        ":before", AttributeValue.fromS(before.secretSha256()),
                                        ":after", AttributeValue.fromS(after.secretSha256()),
                                        ":earlier", earlier(after.earlier()))))),
                after);
    }

    /** A write whose first answer was lost is refused when the SDK repeats it; the row shows that it was made. */
    private boolean isApplied(Runnable write, ApiKey written) {
        try {
            write.run();
            return true;
        } catch (ConditionalCheckFailedException e) {
            return apiKey(written.id())
                    .filter(there -> there.secretSha256().equals(written.secretSha256()) && !there.isRevoked())
                    .isPresent();
        }
    }

    @Override
    public Revocation revoke(String id, Instant at) {
        Map<String, AttributeValue> item = read("Reading an API key", key(id));
        if (item.isEmpty() || item.containsKey(REVOKED)) {
            deleteLabel(id); // an earlier revocation may have failed before this
            return Revocation.MISSING;
        }
        if (isLastingAdmin(item) && !uncountAdmin(id)) {
            return Revocation.LAST_ADMIN;
        }
        try {
            Calls.make(
                    "Revoking an API key",
                    () -> dynamoDb.updateItem(update -> update.tableName(table)
                            .key(key(id))
                            .updateExpression("SET r = :at REMOVE es")
                            .conditionExpression("attribute_not_exists(r)")
                            .expressionAttributeValues(Map.of(":at", AttributeValue.fromS(at.toString())))));
        } catch (ConditionalCheckFailedException e) {
            LOG.info("Key {} is revoked already, by another request or by this one's first try", id);
        }
        deleteLabel(id);
        return Revocation.REVOKED;
    }

    @Override
    public void recordUse(String id, Instant hour) {
        try {
            Calls.make(
                    "Recording the use of an API key",
                    () -> dynamoDb.updateItem(update -> update.tableName(table)
                            .key(key(id))
                            .updateExpression("SET lu = :hour")
                            .conditionExpression("attribute_exists(" + JobTable.PARTITION_KEY
                                    + ") AND (attribute_not_exists(lu) OR lu < :hour)")
                            .expressionAttributeValues(Map.of(":hour", AttributeValue.fromS(hour.toString())))));
        } catch (ConditionalCheckFailedException e) {
            LOG.debug("Another function has recorded the use of key {} in the hour {}", id, hour);
        }
    }

    private void putLabel(ApiKey key) {
        Calls.make(
                "Writing the label of an API key",
                () -> dynamoDb.putItem(put -> put.tableName(table).item(Items.key(LABELS, key.id()))));
    }

    private void deleteLabel(String id) {
        Calls.make(
                "Deleting the label of an API key",
                () -> dynamoDb.deleteItem(delete -> delete.tableName(table).key(Items.key(LABELS, id))));
    }

    // ---- the keys with ADMIN that do not expire

    /** As {@link ApiKey#isLastingAdmin}, also of an item that this version cannot read: its key is revoked all the same. */
    private static boolean isLastingAdmin(Map<String, AttributeValue> item) {
        return texts(item, SCOPES).contains(ApiKey.Scope.ADMIN.name()) && !item.containsKey(EXPIRES);
    }

    private void countAdmin(ApiKey key) {
        if (key.isLastingAdmin()) {
            Calls.make(
                    "Counting a key with admin",
                    () -> dynamoDb.updateItem(update -> update.tableName(table)
                            .key(ADMINS)
                            .updateExpression("ADD ids :id")
                            .expressionAttributeValues(Map.of(":id", AttributeValue.fromSs(List.of(key.id()))))));
        }
    }

    /** False when it is the last one. An id that is not in the set any more was taken out by a revocation that failed after it. */
    private boolean uncountAdmin(String id) {
        try {
            Calls.make(
                    "Counting the keys with admin",
                    () -> dynamoDb.updateItem(update -> update.tableName(table)
                            .key(ADMINS)
                            .updateExpression("DELETE ids :ids")
                            .conditionExpression("contains(ids, :id) AND size(ids) > :one")
                            .expressionAttributeValues(Map.of(
                                    ":ids", AttributeValue.fromSs(List.of(id)),
                                    ":id", AttributeValue.fromS(id),
                                    ":one", AttributeValue.fromN("1")))));
            return true;
        } catch (ConditionalCheckFailedException e) {
            Set<String> others = texts(read("Reading which keys have admin", ADMINS), IDS);
            return !others.isEmpty() && !others.contains(id);
        }
    }

    // ---- items

    private static Map<String, AttributeValue> key(String id) {
        return Items.key("apikey#" + id, SORT);
    }

    private Map<String, AttributeValue> read(String what, Map<String, AttributeValue> key) {
        return Calls.make(
                        what,
                        () -> dynamoDb.getItem(
                                get -> get.tableName(table).key(key).consistentRead(true)))
                .item();
    }

    private static ApiKey apiKey(String id, Map<String, AttributeValue> item) {
        return new ApiKey(
                id,
                item.containsKey(NAME) ? Items.text(item, NAME) : id,
                Items.text(item, SECRET_HASH),
                item.containsKey(EARLIER)
                        ? Items.attribute(item, EARLIER).l().stream()
                                .map(AttributeValue::m)
                                .map(secret -> new EarlierSecret(
                                        Items.text(secret, SECRET_HASH), Instant.parse(Items.text(secret, UNTIL))))
                                .toList()
                        : List.of(),
                scopes(item),
                texts(item, TASKS),
                Instant.parse(Items.text(item, CREATED)),
                optional(item, CREATED_BY, Function.identity()),
                optional(item, EXPIRES, Instant::parse),
                optional(item, LAST_USED, Instant::parse),
                optional(item, FIRST_HASH, Function.identity()),
                optional(item, REVOKED, Instant::parse));
    }

    /** A scope of newer code allows nothing here. */
    private static Set<ApiKey.Scope> scopes(Map<String, AttributeValue> item) {
        Set<String> names = texts(item, SCOPES);
        return Arrays.stream(ApiKey.Scope.values())
                .filter(scope -> names.contains(scope.name()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static <T> @Nullable T optional(
            Map<String, AttributeValue> item, String attribute, Function<String, T> read) {
        return item.containsKey(attribute) ? read.apply(Items.text(item, attribute)) : null;
    }

    private static Set<String> texts(Map<String, AttributeValue> item, String attribute) {
        return item.containsKey(attribute)
                ? Set.copyOf(Items.attribute(item, attribute).ss())
                : Set.of();
    }

    private static Map<String, AttributeValue> item(ApiKey key) {
        Map<String, AttributeValue> item = new HashMap<>(key(key.id()));
        item.put(NAME, AttributeValue.fromS(key.name()));
        item.put(SECRET_HASH, AttributeValue.fromS(key.secretSha256()));
        item.put(EARLIER, earlier(key.earlier()));
        item.put(
                SCOPES,
                AttributeValue.fromSs(
                        key.scopes().stream().map(Enum::name).sorted().toList()));
        if (!key.tasks().isEmpty()) {
            item.put(TASKS, AttributeValue.fromSs(key.tasks().stream().sorted().toList()));
        }
        put(item, CREATED, key.createdAt());
        put(item, CREATED_BY, key.createdBy());
        put(item, EXPIRES, key.expiresAt());
        put(item, LAST_USED, key.lastUsedAt());
        put(item, FIRST_HASH, key.firstSha256());
        put(item, REVOKED, key.revokedAt());
        return item;
    }

    private static void put(Map<String, AttributeValue> item, String attribute, @Nullable Object value) {
        if (value != null) {
            item.put(attribute, AttributeValue.fromS(value.toString()));
        }
    }

    private static AttributeValue earlier(List<EarlierSecret> secrets) {
        return AttributeValue.fromL(secrets.stream()
                .map(secret -> AttributeValue.fromM(Map.of(
                        SECRET_HASH, AttributeValue.fromS(secret.sha256()),
                        UNTIL, AttributeValue.fromS(secret.until().toString()))))
                .toList());
    }

    // ---- shared secrets

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
                    () -> dynamoDb.putItem(
                            put -> put.tableName(table).item(item).conditionExpression(IS_NEW)));
            return drawn;
        } catch (ConditionalCheckFailedException e) {
            return Items.attribute(read("Reading a secret", key), BYTES).b().asByteArray();
        }
    }
}

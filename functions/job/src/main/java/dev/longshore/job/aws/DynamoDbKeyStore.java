package dev.longshore.job.aws;

import dev.longshore.job.aws.Table.Answer;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.key.ApiKey.EarlierSecret;
import dev.longshore.job.key.KeyStore;
import java.time.Instant;
import java.util.Arrays;
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
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

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
    private static final Item ADMINS = Item.of("apikeys#admin", SORT);
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

    private final Table table;
    private final RandomGenerator random;

    public DynamoDbKeyStore(DynamoDbClient dynamoDb, String table, RandomGenerator random) {
        this.table = new Table(dynamoDb, table);
        this.random = random;
    }

    @Override
    public Optional<ApiKey> apiKey(String id) {
        return table.get("Reading an API key", key(id)).flatMap(item -> item.readable(found -> apiKey(id, found)));
    }

    @Override
    public SortedSet<String> apiKeyIds() {
        return table.all("Reading the ids of API keys", ItemQuery.of(LABELS)).items().stream()
                .map(Item::sort)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    // ---- writing

    @Override
    public void putApiKey(ApiKey key) {
        putLabel(key);
        table.put("Writing an API key", item(key));
        countAdmin(key);
    }

    @Override
    public boolean createApiKey(ApiKey key) {
        putLabel(key);
        boolean created = isApplied(table.put("Creating an API key", item(key), Expression::isNew), key);
        if (created) {
            countAdmin(key);
        }
        return created;
    }

    @Override
    public boolean rotate(ApiKey before, ApiKey after) {
        Answer answer = table.update(
                "Rotating an API key",
                key(before.id()),
                to -> "SET " + to.equal(SECRET_HASH, after.secretSha256()) + ", "
                        + to.equal(EARLIER, earlier(after.earlier())),
                when -> when.equal(SECRET_HASH, before.secretSha256()) + " AND " + when.absent(REVOKED));
        return isApplied(answer, after);
    }

    /** A write whose first answer was lost is refused when the SDK repeats it; the row shows that it was made. */
    private boolean isApplied(Answer answer, ApiKey written) {
        return answer.isWritten()
                || apiKey(written.id())
                        .filter(there -> there.secretSha256().equals(written.secretSha256()) && !there.isRevoked())
                        .isPresent();
    }

    @Override
    public Revocation revoke(String id, Instant at) {
        Optional<Item> item = table.get("Reading an API key", key(id));
        if (item.isEmpty() || item.get().has(REVOKED)) {
            deleteLabel(id); // an earlier revocation may have failed before this
            return Revocation.MISSING;
        }
        if (isLastingAdmin(item.get()) && !uncountAdmin(id)) {
            return Revocation.LAST_ADMIN;
        }
        Answer answer = table.update(
                "Revoking an API key",
                key(id),
                to -> "SET " + to.equal(REVOKED, at.toString()) + " REMOVE " + to.name(EARLIER),
                when -> when.absent(REVOKED));
        if (!answer.isWritten()) {
            LOG.info("Key {} is revoked already, by another request or by this one's first try", id);
        }
        deleteLabel(id);
        return Revocation.REVOKED;
    }

    @Override
    public void recordUse(String id, Instant hour) {
        String use = hour.toString();
        Answer answer = table.update(
                "Recording the use of an API key",
                key(id),
                to -> "SET " + to.equal(LAST_USED, use),
                when -> when.exists() + " AND (" + when.absent(LAST_USED) + " OR " + when.below(LAST_USED, use) + ")");
        if (!answer.isWritten()) {
            LOG.debug("Another function has recorded the use of key {} in the hour {}", id, hour);
        }
    }

    private void putLabel(ApiKey key) {
        table.put("Writing the label of an API key", Item.of(LABELS, key.id()));
    }

    private void deleteLabel(String id) {
        table.delete("Deleting the label of an API key", Item.of(LABELS, id));
    }

    // ---- the keys with ADMIN that do not expire

    /** As {@link ApiKey#isLastingAdmin}, also of an item that this version cannot read: its key is revoked all the same. */
    private static boolean isLastingAdmin(Item item) {
        return texts(item, SCOPES).contains(ApiKey.Scope.ADMIN.name()) && !item.has(EXPIRES);
    }

    private void countAdmin(ApiKey key) {
        if (key.isLastingAdmin()) {
            table.update(
                    "Counting a key with admin",
                    ADMINS,
                    to -> "ADD " + to.name(IDS) + " " + to.value(Set.of(key.id())));
        }
    }

    /** False when it is the last one. An id that is not in the set any more was taken out by a revocation that failed after it. */
    private boolean uncountAdmin(String id) {
        Answer answer = table.update(
                "Counting the keys with admin",
                ADMINS,
                to -> "DELETE " + to.name(IDS) + " " + to.value(Set.of(id)),
                when -> when.contains(IDS, id) + " AND size(" + when.name(IDS) + ") > " + when.value(1));
        if (answer.isWritten()) {
            return true;
        }
        Set<String> others = table.get("Reading which keys have admin", ADMINS)
                .map(item -> texts(item, IDS))
                .orElse(Set.of());
        return !others.isEmpty() && !others.contains(id);
    }

    // ---- items

    private static Item key(String id) {
        return Item.of("apikey#" + id, SORT);
    }

    private static ApiKey apiKey(String id, Item item) {
        return new ApiKey(
                id,
                item.has(NAME) ? item.text(NAME) : id,
                item.text(SECRET_HASH),
                item.has(EARLIER) ? earlier(item) : List.of(),
                scopes(item),
                texts(item, TASKS),
                Instant.parse(item.text(CREATED)),
                optional(item, CREATED_BY, Function.identity()),
                optional(item, EXPIRES, Instant::parse),
                optional(item, LAST_USED, Instant::parse),
                optional(item, FIRST_HASH, Function.identity()),
                optional(item, REVOKED, Instant::parse));
    }

    /** A scope of newer code allows nothing here. */
    private static Set<ApiKey.Scope> scopes(Item item) {
        Set<String> names = texts(item, SCOPES);
        return Arrays.stream(ApiKey.Scope.values())
                .filter(scope -> names.contains(scope.name()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static <T> @Nullable T optional(Item item, String attribute, Function<String, T> read) {
        return item.has(attribute) ? read.apply(item.text(attribute)) : null;
    }

    private static Set<String> texts(Item item, String attribute) {
        return item.has(attribute) ? item.texts(attribute) : Set.of();
    }

    private static Item item(ApiKey key) {
        return key(key.id())
                .with(NAME, key.name())
                .with(SECRET_HASH, key.secretSha256())
                .with(EARLIER, earlier(key.earlier()))
                .with(SCOPES, key.scopes().stream().map(Enum::name).collect(Collectors.toSet()))
                .with(TASKS, key.tasks().isEmpty() ? null : key.tasks())
                .with(CREATED, key.createdAt().toString())
                .with(CREATED_BY, key.createdBy())
                .with(EXPIRES, text(key.expiresAt()))
                .with(LAST_USED, text(key.lastUsedAt()))
                .with(FIRST_HASH, key.firstSha256())
                .with(REVOKED, text(key.revokedAt()));
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static List<Map<String, String>> earlier(List<EarlierSecret> secrets) {
        return secrets.stream()
                .map(secret -> Map.of(
                        SECRET_HASH, secret.sha256(), UNTIL, secret.until().toString()))
                .toList();
    }

    private static List<EarlierSecret> earlier(Item item) {
        return item.list(EARLIER).stream()
                .map(secret -> new Item(secret.m()))
                .map(secret -> new EarlierSecret(secret.text(SECRET_HASH), Instant.parse(secret.text(UNTIL))))
                .toList();
    }

    // ---- shared secrets

    @Override
    public byte[] secret(String name) {
        Item key = Item.of("secret#" + name, SORT);
        byte[] drawn = new byte[SECRET_BYTES];
        random.nextBytes(drawn);
        if (table.put("Writing a secret", key.with(BYTES, drawn), Expression::isNew)
                .isWritten()) {
            return drawn;
        }
        return table.get("Reading a secret", key).orElseThrow().bytes(BYTES);
    }
}

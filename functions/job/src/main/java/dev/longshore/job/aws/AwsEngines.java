package dev.longshore.job.aws;

import dev.longshore.job.DayShards;
import dev.longshore.job.UploadUrls;
import dev.longshore.job.engines.Engines;
import dev.longshore.task.FileStore;
import dev.longshore.task.Secrets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Puts the engines together from a function's environment:
 *
 * <ul>
 *   <li>{@code LONGSHORE_TABLE}: the table's name
 *   <li>{@code LONGSHORE_QUEUES}: {@code <pool>=<queue URL>,<dead-letter queue URL>} for each pool, separated by blanks
 *   <li>{@code LONGSHORE_BUCKET}: the bucket for files and large payloads
 *   <li>{@code LONGSHORE_FIRST_KEY}: the secret in Secrets Manager that holds the first API key; for the API alone
 *   <li>{@code LONGSHORE_SECRETS}: {@code <name>=<ARN>} for each secret of handlers and hooks, separated by blanks
 *   <li>{@code LONGSHORE_SHARDS_PER_DAY}: 16 or 256, as the table was begun with; 16 when it is not set
 * </ul>
 *
 * <p>Clients are built once, while Lambda starts the function, with {@link CallTimeouts}. What SnapStart needs of them is
 * registered here.
 */
public final class AwsEngines {
    /** How Lambda calls a start that ends in a snapshot ("Using Lambda environment variables", AWS Lambda Developer Guide). */
    private static final String FOR_A_SNAPSHOT = "snap-start";

    private static @Nullable Engines ofThisFunction;
    private static @Nullable Secrets secretsOfThisFunction;

    private AwsEngines() {}

    /** Whether this process is a function that the CDK construct has deployed. */
    public static boolean areDeployed() {
        return System.getenv("LONGSHORE_TABLE") != null;
    }

    /**
     * The engines of this process's environment; built at the first call. A dead-letter function and the worker whose hooks
     * it runs use the same.
     *
     * @throws IllegalStateException when a variable is missing or malformed; it names the variable
     */
    public static synchronized Engines ofThisFunction() {
        Engines engines = ofThisFunction;
        if (engines == null) {
            engines = fromEnvironment(System.getenv());
            ofThisFunction = engines;
        }
        return engines;
    }

    /**
     * The secrets that this process's environment names; their client is built at the first call, and each is read at its
     * first use.
     *
     * @throws IllegalStateException when {@code LONGSHORE_SECRETS} is malformed
     */
    public static synchronized Secrets secretsOfThisFunction() {
        Secrets secrets = secretsOfThisFunction;
        if (secrets == null) {
            String setting = System.getenv("LONGSHORE_SECRETS");
            secrets = new StackSecrets(
                            secretsManager(),
                            setting == null ? Map.of() : StackSecrets.arns(setting),
                            InstantSource.system())
                    .registered();
            secretsOfThisFunction = secrets;
        }
        return secrets;
    }

    /**
     * The engines of an environment. Where no snapshot is made of them, the number of shards is compared with the table's first.
     *
     * @throws IllegalStateException when a variable is missing or malformed, with its name; or when the table has another number
     *     of shards
     */
    public static Engines fromEnvironment(Map<String, String> environment) {
        DynamoDbClient dynamoDb = dynamoDb();
        String table = required(environment, "LONGSHORE_TABLE");
        FreshRandom random = FreshRandom.secure();
        DayShards shards = shards(environment);
        Map<String, PoolQueues> pools = pools(environment);
        S3FileStore files = fileStore(environment);
        ShardsCheck check = new ShardsCheck(dynamoDb, table, shards);
        if (!FOR_A_SNAPSHOT.equals(environment.get("AWS_LAMBDA_INITIALIZATION_TYPE"))) {
            check.pass();
        }
        new SnapStartHooks(random, dynamoDb, table, check).register();
        Engines engines = of(dynamoDb, table, shards, sqs(), pools, files, files, random);
        String firstKey = environment.get("LONGSHORE_FIRST_KEY");
        return firstKey == null ? engines : withFirstKey(engines, firstKey);
    }

    static DynamoDbClient dynamoDb() {
        return CallTimeouts.USUAL.applyTo(DynamoDbClient.builder()).build();
    }

    static SqsClient sqs() {
        return CallTimeouts.USUAL.applyTo(SqsClient.builder()).build();
    }

    /** A client for receives that wait for a message. */
    static SqsClient sqsForLongPolls() {
        return CallTimeouts.LONG_POLL.applyTo(SqsClient.builder()).build();
    }

    static SecretsManagerClient secretsManager() {
        return CallTimeouts.USUAL.applyTo(SecretsManagerClient.builder()).build();
    }

    private static Engines withFirstKey(Engines engines, String secretId) {
        return new Engines(
                engines.rows(),
                engines.bodies(),
                engines.queue(),
                new FirstKeyStore(engines, secretsManager(), secretId),
                engines.quarantine(),
                engines.schedules(),
                engines.pauses(),
                engines.limits(),
                engines.ledger(),
                engines.operatorLog(),
                engines.files(),
                engines.uploadUrls(),
                engines.clock(),
                engines.random());
    }

    /** The engines behind given clients, on a table whose days have 16 shards. */
    public static Engines of(
            DynamoDbClient dynamoDb,
            String table,
            SqsClient sqs,
            Map<String, PoolQueues> pools,
            FileStore files,
            UploadUrls uploadUrls) {
        return of(dynamoDb, table, DayShards.SIXTEEN, sqs, pools, files, uploadUrls, new SecureRandom());
    }

    private static Engines of(
            DynamoDbClient dynamoDb,
            String table,
            DayShards shards,
            SqsClient sqs,
            Map<String, PoolQueues> pools,
            FileStore files,
            UploadUrls uploadUrls,
            RandomGenerator random) {
        return new Engines(
                new DynamoDbRowStore(dynamoDb, table, shards),
                new DynamoDbBodyStore(dynamoDb, table, shards, files),
                new SqsJobQueue(sqs, pools),
                new DynamoDbKeyStore(dynamoDb, table, random),
                new DynamoDbQuarantine(dynamoDb, table),
                new DynamoDbScheduleStore(dynamoDb, table),
                new DynamoDbPauseStore(dynamoDb, table),
                new DynamoDbLimitStore(dynamoDb, table),
                new DynamoDbLedger(dynamoDb, table),
                new DynamoDbOperatorLog(dynamoDb, table),
                files,
                uploadUrls,
                InstantSource.system(),
                random);
    }

    /** The bucket that {@code LONGSHORE_BUCKET} names. */
    static S3FileStore fileStore(Map<String, String> environment) {
        return S3FileStore.of(
                required(environment, "LONGSHORE_BUCKET"),
                environment,
                DefaultCredentialsProvider.builder().build(),
                CallTimeouts.USUAL);
    }

    static Map<String, PoolQueues> pools(Map<String, String> environment) {
        return pools(required(environment, "LONGSHORE_QUEUES"));
    }

    static Map<String, PoolQueues> pools(String setting) {
        Map<String, PoolQueues> pools = new HashMap<>();
        for (String entry : setting.trim().split("\\s+", -1)) {
            String[] sides = entry.split("=", 2);
            String[] urls = sides.length == 2 ? sides[1].split(",", -1) : new String[0];
            if (urls.length != 2 || sides[0].isEmpty() || urls[0].isEmpty() || urls[1].isEmpty()) {
                throw new IllegalStateException("LONGSHORE_QUEUES takes '<pool>=<queue URL>,<dead-letter queue URL>'"
                        + " entries separated by blanks, and has '" + entry + "'");
            }
            pools.put(sides[0], new PoolQueues(urls[0], urls[1]));
        }
        return pools;
    }

    static DayShards shards(Map<String, String> environment) {
        String setting = environment.getOrDefault("LONGSHORE_SHARDS_PER_DAY", "16");
        try {
            return new DayShards(Integer.parseInt(setting));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("LONGSHORE_SHARDS_PER_DAY takes 16 or 256, and has '" + setting + "'", e);
        }
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalStateException(
                    "The environment variable " + name + " is not set; the CDK construct sets it");
        }
        return value;
    }
}

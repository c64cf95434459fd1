package dev.longshore.local;

import dev.longshore.job.aws.AwsEngines;
import dev.longshore.job.aws.CallTimeouts;
import dev.longshore.job.aws.JobTable;
import dev.longshore.job.aws.PoolQueues;
import dev.longshore.job.engines.Engines;
import dev.longshore.task.FileStore;
import dev.longshore.task.PoolPlan;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;

/**
 * Both engines in this JVM, with the table and every pool's queues in them, spoken to as AWS is. For what runs the functions on
 * them by itself: {@link LocalRuntime} and the benchmarks.
 */
public final class LocalEngines implements AutoCloseable {
    public static final String TABLE = "longshore";
    private static final AwsCredentialsProvider ANY_CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));

    /** Longer than in AWS: a laptop that compiles besides answers late. The local runtime polls for less than 10 s. */
    private static final CallTimeouts TIMEOUTS = new CallTimeouts(Duration.ofSeconds(15), Duration.ofSeconds(45));

    private final EmbeddedSqs sqsServer;
    private final EmbeddedDynamoDb dynamoDbServer;
    private final SqsClient sqs;
    private final DynamoDbClient dynamoDb;
    private final FileStore files;
    private final LocalUploads uploads;
    private volatile Map<String, PoolQueues> queues;
    private volatile Engines engines;

    private LocalEngines(
            EmbeddedSqs sqsServer, EmbeddedDynamoDb dynamoDbServer, Collection<PoolPlan> pools, FileStore files) {
        this.sqsServer = sqsServer;
        this.dynamoDbServer = dynamoDbServer;
        CallTimeouts.keepConnections();
        this.sqs = sqs(TIMEOUTS::applyTo);
        this.dynamoDb = dynamoDb(TIMEOUTS::applyTo);
        JobTable.createIfAbsent(dynamoDb, TABLE);
        this.files = files;
        this.uploads = new LocalUploads(files, InstantSource.system());
        this.queues = createQueues(pools);
        this.engines = AwsEngines.of(dynamoDb, TABLE, sqs, queues, files, uploads);
    }

    public static LocalEngines start(Path data, Collection<PoolPlan> pools, FileStore files) {
        EmbeddedSqs sqs = EmbeddedSqs.start(data);
        EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.start(data);
        return new LocalEngines(sqs, dynamoDb, pools, files);
    }

    /** Makes the queues of these pools, in the place of those before. Engines that were taken earlier keep their pools. */
    void provide(Collection<PoolPlan> pools) {
        queues = createQueues(pools);
        engines = engines(dynamoDb, sqs, files);
    }

    public Engines engines() {
        return engines;
    }

    /** What another process needs to reach these engines. */
    EngineAddresses addresses(Path filesFolder) {
        return new EngineAddresses(sqsEndpoint(), dynamoDbEndpoint(), filesFolder.toString(), queues);
    }

    /** The same engines over clients of the caller's own. */
    public Engines engines(DynamoDbClient otherDynamoDb, SqsClient otherSqs, FileStore files) {
        return AwsEngines.of(otherDynamoDb, TABLE, otherSqs, queues, files, uploads);
    }

    /** A client of this SQS, built with a change. */
    public SqsClient sqs(Consumer<SqsClientBuilder> change) {
        return sqs(sqsServer.endpoint(), change);
    }

    private static SqsClient sqs(URI endpoint, Consumer<SqsClientBuilder> change) {
        SqsClientBuilder builder = SqsClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(ANY_CREDENTIALS);
        change.accept(builder);
        return builder.build();
    }

    /** A client of this DynamoDB, built with a change. */
    public DynamoDbClient dynamoDb(Consumer<DynamoDbClientBuilder> change) {
        return dynamoDb(dynamoDbServer.endpoint(), change);
    }

    private static DynamoDbClient dynamoDb(URI endpoint, Consumer<DynamoDbClientBuilder> change) {
        DynamoDbClientBuilder builder = DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(ANY_CREDENTIALS);
        change.accept(builder);
        return builder.build();
    }

    /** A client of the SQS that another process runs. */
    static SqsClient sqsAt(URI endpoint) {
        return sqs(endpoint, TIMEOUTS::applyTo);
    }

    /** A client of the DynamoDB that another process runs. */
    static DynamoDbClient dynamoDbAt(URI endpoint) {
        return dynamoDb(endpoint, TIMEOUTS::applyTo);
    }

    /** Where this SQS listens, for another process. */
    public URI sqsEndpoint() {
        return sqsServer.endpoint();
    }

    /** Where this DynamoDB listens, for another process. */
    public URI dynamoDbEndpoint() {
        return dynamoDbServer.endpoint();
    }

    public SqsClient sqs() {
        return sqs;
    }

    public DynamoDbClient dynamoDb() {
        return dynamoDb;
    }

    LocalUploads uploads() {
        return uploads;
    }

    public FileStore files() {
        return files;
    }

    /** The queues of each pool. */
    Map<String, PoolQueues> queues() {
        return queues;
    }

    public PoolQueues queues(String pool) {
        PoolQueues urls = queues.get(pool);
        if (urls == null) {
            throw new IllegalArgumentException("There is no pool " + pool);
        }
        return urls;
    }

    private Map<String, PoolQueues> createQueues(Collection<PoolPlan> pools) {
        Map<String, PoolQueues> made = new HashMap<>();
        pools.forEach(pool -> made.put(pool.pool(), createQueues(pool)));
        return Map.copyOf(made);
    }

    private PoolQueues createQueues(PoolPlan pool) {
        String deadLetters = createQueue("longshore-" + pool.pool() + "-dlq", Map.of());
        String arn = sqs.getQueueAttributes(
                        get -> get.queueUrl(deadLetters).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        Map<QueueAttributeName, String> attributes = Map.of(
                QueueAttributeName.VISIBILITY_TIMEOUT,
                Long.toString(pool.visibilityTimeout().toSeconds()),
                QueueAttributeName.REDRIVE_POLICY,
                "{\"deadLetterTargetArn\":\"" + arn + "\",\"maxReceiveCount\":" + pool.maxReceiveCount() + "}");
        return new PoolQueues(createQueue("longshore-" + pool.pool(), attributes), deadLetters);
    }

    /** A queue that an earlier start has made gets the attributes of today's catalogue. */
    private String createQueue(String name, Map<QueueAttributeName, String> attributes) {
        try {
            return sqs.createQueue(create -> create.queueName(name).attributes(attributes))
                    .queueUrl();
        } catch (QueueNameExistsException e) {
            String url = sqs.getQueueUrl(get -> get.queueName(name)).queueUrl();
            sqs.setQueueAttributes(set -> set.queueUrl(url).attributes(attributes));
            return url;
        }
    }

    @Override
    public void close() {
        sqs.close();
        dynamoDb.close();
        sqsServer.close();
        dynamoDbServer.close();
    }
}

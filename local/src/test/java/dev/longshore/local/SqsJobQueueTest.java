package dev.longshore.local;

import dev.longshore.job.JobQueue;
import dev.longshore.job.aws.PoolQueues;
import dev.longshore.job.aws.SqsJobQueue;
import dev.longshore.suites.contract.JobQueueContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class SqsJobQueueTest extends JobQueueContract {
    @TempDir
    static Path data;

    private static EmbeddedSqs server;
    private static SqsClient sqs;

    private final Map<String, PoolQueues> pools = new HashMap<>();

    @BeforeAll
    static void open() {
        server = EmbeddedSqs.start(data);
        sqs = SqsClient.builder()
                .endpointOverride(server.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    @AfterAll
    static void close() {
        sqs.close();
        server.close();
    }

    @BeforeEach
    void makeQueues() {
        for (String pool : List.of(POOL, OTHER)) {
            String name = pool + "-" + UUID.randomUUID();
            String deadLetters =
                    sqs.createQueue(create -> create.queueName(name + "-dlq")).queueUrl();
            String queue = sqs.createQueue(create -> create.queueName(name)
                            .attributes(Map.of(
                                    QueueAttributeName.VISIBILITY_TIMEOUT,
                                    Long.toString(VISIBILITY.toSeconds()),
                                    QueueAttributeName.REDRIVE_POLICY,
                                    "{\"deadLetterTargetArn\":\"" + arn(deadLetters) + "\",\"maxReceiveCount\":"
                                            + MAX_RECEIVE_COUNT + "}")))
                    .queueUrl();
            pools.put(pool, new PoolQueues(queue, deadLetters));
        }
    }

    @Override
    protected JobQueue queue() {
        return new SqsJobQueue(sqs, pools);
    }

    @Override
    protected List<Letter> receive(String pool) {
        return letters(pools.get(pool).queueUrl());
    }

    @Override
    protected List<Letter> receiveDeadLetters(String pool) {
        return letters(pools.get(pool).deadLetterUrl());
    }

    @Override
    protected JobQueue without(String pool) {
        Map<String, PoolQueues> others = new HashMap<>(pools);
        others.remove(pool);
        return new SqsJobQueue(sqs, others);
    }

    @Override
    protected void delete(String pool, String receipt) {
        sqs.deleteMessage(delete -> delete.queueUrl(pools.get(pool).queueUrl()).receiptHandle(receipt));
    }

    @Override
    protected void deleteDeadLetter(String pool, String receipt) {
        sqs.deleteMessage(
                delete -> delete.queueUrl(pools.get(pool).deadLetterUrl()).receiptHandle(receipt));
    }

    private static List<Letter> letters(String url) {
        return sqs
                .receiveMessage(receive -> receive.queueUrl(url)
                        .maxNumberOfMessages(10)
                        .messageSystemAttributeNames(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
                .messages()
                .stream()
                .map(message -> new Letter(
                        message.receiptHandle(),
                        message.body(),
                        Integer.parseInt(
                                message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))))
                .toList();
    }

    /** ElasticMQ keeps its own time. */
    @Override
    protected void letPass(Duration time) {
        long end = System.nanoTime() + time.plusMillis(100).toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    @Override
    protected List<String> arns(String pool) {
        return List.of(arn(pools.get(pool).queueUrl()), arn(pools.get(pool).deadLetterUrl()));
    }

    private static String arn(String url) {
        return sqs.getQueueAttributes(get -> get.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
    }
}

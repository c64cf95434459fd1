package dev.longshore.infra;

import java.util.Optional;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/**
 * A pool's queue and its dead-letter queue. Their logical ids hold the pool's name and nothing else, so that no change of
 * settings replaces a queue that may hold jobs.
 */
final class PoolQueues {
    final PoolSettings pool;
    final Queue queue;
    final Queue deadLetters;

    PoolQueues(Construct scope, PoolSettings pool, LongshoreProps props) {
        this.pool = pool;
        Optional<IKey> key = props.storage().key();
        deadLetters = encrypted(Queue.Builder.create(scope, "DeadLetters-" + pool.name()), key)
                .visibilityTimeout(seconds(Functions.KEEPER_TIMEOUT.multipliedBy(6)))
                .retentionPeriod(seconds(pool.deadLetterRetention()))
                .enforceSsl(true)
                .removalPolicy(props.removalPolicy())
                .build();
        queue = encrypted(Queue.Builder.create(scope, "Queue-" + pool.name()), key)
                .visibilityTimeout(seconds(pool.visibilityTimeout()))
                .retentionPeriod(seconds(pool.retention()))
                .deadLetterQueue(DeadLetterQueue.builder()
                        .queue(deadLetters)
                        .maxReceiveCount(pool.maxReceiveCount())
                        .build())
                .enforceSsl(true)
                .removalPolicy(props.removalPolicy())
                .build();
    }

    /** By the key for all data, with a data key for each hour, or else by a key of SQS. */
    private static Queue.Builder encrypted(Queue.Builder queue, Optional<IKey> key) {
        return key.map(own -> queue.encryption(QueueEncryption.KMS)
                        .encryptionMasterKey(own)
                        .dataKeyReuse(Duration.hours(1)))
                .orElseGet(() -> queue.encryption(QueueEncryption.SQS_MANAGED));
    }

    /** As the functions read it out of {@code LONGSHORE_QUEUES}. */
    String setting() {
        return pool.name() + "=" + queue.getQueueUrl() + "," + deadLetters.getQueueUrl();
    }

    static Duration seconds(java.time.Duration duration) {
        return Duration.seconds(duration.toSeconds());
    }
}

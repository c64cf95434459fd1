package dev.longshore.infra;

import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
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

    PoolQueues(Construct scope, PoolSettings pool, boolean keepsData) {
        RemovalPolicy removal = keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
        this.pool = pool;
        deadLetters = Queue.Builder.create(scope, "DeadLetters-" + pool.name())
                .visibilityTimeout(seconds(Functions.KEEPER_TIMEOUT.multipliedBy(6)))
                .retentionPeriod(seconds(pool.deadLetterRetention()))
                .encryption(QueueEncryption.SQS_MANAGED)
                .enforceSsl(true)
                .removalPolicy(removal)
                .build();
        queue = Queue.Builder.create(scope, "Queue-" + pool.name())
                .visibilityTimeout(seconds(pool.visibilityTimeout()))
                .retentionPeriod(seconds(pool.retention()))
                .deadLetterQueue(DeadLetterQueue.builder()
                        .queue(deadLetters)
                        .maxReceiveCount(pool.maxReceiveCount())
                        .build())
                .encryption(QueueEncryption.SQS_MANAGED)
                .enforceSsl(true)
                .removalPolicy(removal)
                .build();
    }

    /** As the functions read it out of {@code LONGSHORE_QUEUES}. */
    String setting() {
        return pool.name() + "=" + queue.getQueueUrl() + "," + deadLetters.getQueueUrl();
    }

    static Duration seconds(java.time.Duration duration) {
        return Duration.seconds(duration.toSeconds());
    }
}

package dev.longshore.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.aws.PoolQueues;
import dev.longshore.job.aws.QueuePoller;
import dev.longshore.task.PoolPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The event source mappings of a worker: for each pool its queue and its dead-letter queue. */
final class Pollers implements AutoCloseable {
    /** How long running jobs may continue after the stop; then they are given back. */
    static final Duration DRAIN = Duration.ofSeconds(15);

    private static final int BATCHES_AT_ONCE = 4;
    private static final Duration KEEPER_TIMEOUT = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(Pollers.class);

    private final List<QueuePoller> pollers;

    private Pollers(List<QueuePoller> pollers) {
        this.pollers = pollers;
    }

    /**
     * Polls.
     *
     * @param queues of every pool in {@code pools}
     * @param longPoll how long a receive waits for a message, and so how long {@link #stopReceiving} may take
     */
    static Pollers start(
            SqsClient sqs,
            Map<String, PoolQueues> queues,
            Collection<PoolPlan> pools,
            RequestStreamHandler worker,
            RequestStreamHandler deadLetters,
            Duration longPoll) {
        List<QueuePoller> pollers = new ArrayList<>();
        for (PoolPlan pool : pools) {
            PoolQueues urls = Objects.requireNonNull(queues.get(pool.pool()), pool.pool());
            Duration time =
                    pool.longestTimeout().plus(PoolPlan.OVERHEAD); // no 15 minutes: the pool may be on Fargate in AWS
            pollers.add(Poller.of(sqs, urls.queueUrl(), worker, time, pool.batchSize(), BATCHES_AT_ONCE, longPoll));
            pollers.add(
                    Poller.of(sqs, urls.deadLetterUrl(), deadLetters, KEEPER_TIMEOUT, pool.batchSize(), 1, longPoll));
        }
        pollers.forEach(QueuePoller::start);
        return new Pollers(pollers);
    }

    /**
     * Ends once nothing more is received. An interrupted receive would not do: ElasticMQ does not see that its client is gone, and
     * gives it the next message, which is then hidden for minutes.
     */
    void stopReceiving() throws InterruptedException {
        pollers.forEach(QueuePoller::stop);
        for (QueuePoller poller : pollers) {
            poller.awaitLastReceive();
        }
    }

    /** Receives nothing more; interrupts the receives in progress. */
    void stop() {
        pollers.forEach(QueuePoller::stopAtOnce);
    }

    /** Stops, lets running jobs end within {@link #DRAIN}, and gives back those that have not. */
    @Override
    public void close() {
        stop();
        try {
            for (QueuePoller poller : pollers) {
                if (!poller.drain(DRAIN)) {
                    poller.close();
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("Stopped without waiting for running jobs; they start again when their leases are over");
            Thread.currentThread().interrupt();
        }
        pollers.forEach(QueuePoller::close);
    }
}

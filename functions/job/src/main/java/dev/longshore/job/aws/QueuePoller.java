package dev.longshore.job.aws;

import dev.longshore.job.delivery.Delivery;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.job.delivery.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * Receives messages of one queue and processes them here: in the local runtime, which calls a function with batches, or in a
 * worker's container, which processes each message alone.
 *
 * <p>It receives only what it has free slots for, so that no message waits here while another process is idle. It deletes the
 * messages that are done and leaves the others, which come back at the end of their visibility time-out.
 */
public final class QueuePoller implements AutoCloseable {
    /** The most messages of one receive ("Amazon SQS message quotas"). */
    private static final int LARGEST_RECEIVE = 10;

    /** Between two receives of a queue whose call failed. */
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(QueuePoller.class);

    private final SqsClient sqs;
    private final String queueUrl;
    private final Slots size;
    private final UnaryOperator<List<Message>> work;
    private final Runnable onReceive;
    private final Semaphore slots;
    private final ExecutorService threads;
    private final Thread thread;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /**
     * How much is worked on at once, and how long the queue is asked.
     *
     * @param count how many slots work side by side
     * @param messages the most messages of a slot: 1 to 10
     * @param longPoll how long a receive waits for a message: 0 to 20 s ("Amazon SQS short and long polling")
     */
    public record Slots(int count, int messages, Duration longPoll) {}

    /**
     * @param work works on the messages of one slot and answers those that are done; when it throws, none is
     * @param onReceive called after each answer of the queue, and every {@code longPoll} while all slots are busy
     * @param threads makes the thread of each slot
     */
    public QueuePoller(
            SqsClient sqs,
            String queueUrl,
            Slots size,
            ThreadFactory threads,
            UnaryOperator<List<Message>> work,
            Runnable onReceive) {
        this.sqs = sqs;
        this.queueUrl = queueUrl;
        this.size = size;
        this.work = work;
        this.onReceive = onReceive;
        this.slots = new Semaphore(size.count());
        this.threads = Executors.newThreadPerTaskExecutor(threads);
        this.thread = Thread.ofPlatform().name("poll-" + name(queueUrl)).unstarted(this::poll);
    }

    /**
     * A poller of a pool's queue in AWS for a process that works on each message alone.
     *
     * @param environment as {@link AwsEngines} takes it
     * @param atOnce how many messages are worked on side by side
     * @throws IllegalStateException when the environment has no such pool, or a variable is missing; it names the variable
     */
    public static QueuePoller ofPool(
            Map<String, String> environment,
            Source pool,
            int atOnce,
            ThreadFactory threads,
            Function<Delivery, Verdict> work,
            Runnable onReceive) {
        PoolQueues queues = AwsEngines.pools(environment).get(pool.pool());
        if (queues == null) {
            throw new IllegalStateException(
                    "LONGSHORE_QUEUES has no pool " + pool.pool() + "; the CDK construct sets it");
        }
        String url = queues.queueUrl();
        return new QueuePoller(
                AwsEngines.sqsForLongPolls(),
                url,
                new Slots(atOnce, 1, CallTimeouts.LONGEST_POLL),
                threads,
                messages -> messages.stream()
                        .filter(message -> delivery(message, pool).verdictOf(work) == Verdict.DELETE)
                        .toList(),
                onReceive);
    }

    private static Delivery delivery(Message message, Source source) {
        String receives = message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT);
        return new Delivery(
                source,
                message.messageId(),
                message.receiptHandle(),
                message.body(),
                receives == null ? 1 : Integer.parseInt(receives));
    }

    /** An ARN that leads back to the queue by its name, which is all that {@link SqsJobQueue#poolOf} reads of one. */
    public static String arn(String queueUrl) {
        return "arn:aws:sqs:local:000000000000:" + name(queueUrl);
    }

    private static String name(String queueUrl) {
        return queueUrl.substring(queueUrl.lastIndexOf('/') + 1);
    }

    /** Polls on a thread of its own. */
    public void start() {
        thread.start();
    }

    /** Polls until {@link #stop}. */
    public void poll() {
        while (!isStopped()) {
            try {
                pollOnce();
            } catch (InterruptedException e) {
                return; // close() wants this thread to end
            }
        }
    }

    private void pollOnce() throws InterruptedException {
        if (!slots.tryAcquire(size.longPoll().toMillis(), TimeUnit.MILLISECONDS)) {
            onReceive.run(); // all slots are busy, but this process is healthy
            return;
        }
        int free = 1;
        while (free < LARGEST_RECEIVE / size.messages() && slots.tryAcquire()) {
            free++;
        }
        int taken = 0;
        try {
            List<Message> messages = receive(free * size.messages());
            onReceive.run();
            for (int from = 0; from < messages.size(); from += size.messages()) {
                List<Message> slot = messages.subList(from, Math.min(from + size.messages(), messages.size()));
                threads.execute(() -> workAndRelease(slot));
                taken++;
            }
        } catch (SdkException e) {
            if (!isStopped()) {
                LOG.atWarn().setCause(e).log("Queue {} was not read; trying again", name(queueUrl));
                var _ = stopped.await(BETWEEN_TRIES.toMillis(), TimeUnit.MILLISECONDS);
            }
        } finally {
            slots.release(free - taken);
        }
    }

    private List<Message> receive(int most) {
        return sqs.receiveMessage(receive -> receive.queueUrl(queueUrl)
                        .maxNumberOfMessages(most)
                        .waitTimeSeconds(Math.toIntExact(size.longPoll().toSeconds()))
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                .messages();
    }

    private void workAndRelease(List<Message> messages) {
        try {
            delete(work.apply(messages));
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("{} messages of queue {} are kept", messages.size(), name(queueUrl));
        } finally {
            slots.release();
        }
    }

    /** A message whose deletion fails comes again, and its job is found at its end. */
    private void delete(List<Message> done) {
        if (done.isEmpty()) {
            return;
        }
        List<DeleteMessageBatchRequestEntry> entries = done.stream()
                .map(message -> DeleteMessageBatchRequestEntry.builder()
                        .id(message.messageId())
                        .receiptHandle(message.receiptHandle())
                        .build())
                .toList();
        sqs.deleteMessageBatch(delete -> delete.queueUrl(queueUrl).entries(entries))
                .failed()
                .forEach(failure ->
                        LOG.warn("Message {} was not deleted ({}) and comes again", failure.id(), failure.code()));
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /** Receives nothing after the receive that is in progress. */
    public void stop() {
        stopped.countDown();
    }

    /** Waits, after {@link #stop}, for the receive that is in progress; its messages are still worked on. Needs {@link #start}. */
    public void awaitLastReceive() throws InterruptedException {
        thread.join();
    }

    /** Interrupts the receive that is in progress, too. Messages that it received come back after their visibility time-out. */
    public void stopAtOnce() {
        stop();
        thread.interrupt();
    }

    /**
     * Waits for what runs.
     *
     * @return false when something still runs after {@code patience}
     */
    public boolean drain(Duration patience) throws InterruptedException {
        boolean idle = slots.tryAcquire(size.count(), patience.toMillis(), TimeUnit.MILLISECONDS);
        if (idle) {
            slots.release(size.count());
        }
        return idle;
    }

    /** Interrupts what still runs, which gives its jobs back. */
    @Override
    public void close() {
        stopAtOnce();
        threads.shutdownNow();
        threads.close();
    }
}

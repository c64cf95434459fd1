package dev.longshore.job.aws;

import dev.longshore.job.JobQueue;
import dev.longshore.job.UnknownPoolException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.MessageNotInflightException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** The queues in SQS. */
public final class SqsJobQueue implements JobQueue {
    /** The most messages of a SendMessageBatch ("Amazon SQS message quotas"). */
    private static final int LARGEST_BATCH = 10;

    private static final int TRIES_OF_A_BATCH = 3;

    private final SqsClient sqs;
    private final Map<String, PoolQueues> pools;

    /** @param pools each pool's queues */
    public SqsJobQueue(SqsClient sqs, Map<String, PoolQueues> pools) {
        this.sqs = sqs;
        this.pools = Map.copyOf(pools);
    }

    @Override
    public void send(String pool, Outgoing outgoing) {
        Calls.make(
                "Sending a message",
                () -> sqs.sendMessage(request -> request.queueUrl(queues(pool).queueUrl())
                        .messageBody(outgoing.message().write())
                        .messageGroupId(outgoing.fairKey())
                        .delaySeconds(delaySeconds(outgoing))));
    }

    @Override
    public Set<Integer> sendAll(String pool, List<Outgoing> outgoing) {
        Set<Integer> unsent = new HashSet<>();
        for (int start = 0; start < outgoing.size(); start += LARGEST_BATCH) {
            List<Integer> batch = new ArrayList<>();
            for (int i = start; i < Math.min(start + LARGEST_BATCH, outgoing.size()); i++) {
                batch.add(i);
            }
            unsent.addAll(sendBatch(pool, outgoing, batch));
        }
        return unsent;
    }

    /** A batch can be taken in part; entries that failed by a fault of SQS are sent again. */
    private List<Integer> sendBatch(String pool, List<Outgoing> outgoing, List<Integer> indexes) {
        List<Integer> left = indexes;
        for (int i = 0; i < TRIES_OF_A_BATCH && !left.isEmpty(); i++) {
            List<SendMessageBatchRequestEntry> entries = left.stream()
                    .map(index -> entry(index, outgoing.get(index)))
                    .toList();
            SendMessageBatchResponse response = Calls.make(
                    "Sending a batch of messages",
                    () -> sqs.sendMessageBatch(
                            request -> request.queueUrl(queues(pool).queueUrl()).entries(entries)));
            left = response.failed().stream()
                    .map(BatchResultErrorEntry::id)
                    .map(Integer::valueOf)
                    .toList();
        }
        return left;
    }

    private static SendMessageBatchRequestEntry entry(int index, Outgoing outgoing) {
        return SendMessageBatchRequestEntry.builder()
                .id(Integer.toString(index))
                .messageBody(outgoing.message().write())
                .messageGroupId(outgoing.fairKey())
                .delaySeconds(delaySeconds(outgoing))
                .build();
    }

    private static @Nullable Integer delaySeconds(Outgoing outgoing) {
        int seconds = JobQueue.wholeSeconds(outgoing.delay(), LONGEST_DELAY);
        return seconds == 0 ? null : seconds;
    }

    @Override
    public boolean hide(String pool, String receipt, Duration time) {
        return hide("Hiding a message", queues(pool).queueUrl(), receipt, time);
    }

    @Override
    public void sendToDeadLetters(String pool, String body) {
        Calls.make(
                "Sending a dead letter",
                () -> sqs.sendMessage(
                        request -> request.queueUrl(deadLetterUrl(pool)).messageBody(body)));
    }

    private String deadLetterUrl(String pool) {
        return queues(hasPool(pool) || pools.isEmpty() ? pool : Collections.min(pools.keySet()))
                .deadLetterUrl();
    }

    @Override
    public boolean hideDeadLetter(String pool, String receipt, Duration time) {
        return hide("Hiding a dead letter", queues(pool).deadLetterUrl(), receipt, time);
    }

    private boolean hide(String what, String url, String receipt, Duration time) {
        return Calls.make(what, () -> {
            try {
                sqs.changeMessageVisibility(request -> request.queueUrl(url)
                        .receiptHandle(receipt)
                        .visibilityTimeout(JobQueue.wholeSeconds(time, LONGEST_HIDING)));
                return true;
            } catch (MessageNotInflightException visibleAgain) {
                return true;
            } catch (SqsException e) {
                if (saysThatTheMessageIsGone(e)) {
                    return false;
                }
                throw e;
            }
        });
    }

    /** SQS has exceptions of their own for this, and answers InvalidParameterValue for the parameter ReceiptHandle instead. */
    private static boolean saysThatTheMessageIsGone(SqsException e) {
        return e instanceof ReceiptHandleIsInvalidException
                || e instanceof QueueDoesNotExistException
                || (e.awsErrorDetails() != null
                        && e.awsErrorDetails().errorCode().startsWith("InvalidParameterValue")
                        && String.valueOf(e.awsErrorDetails().errorMessage()).contains("ReceiptHandle"));
    }

    @Override
    public boolean hasPool(String pool) {
        return pools.containsKey(pool);
    }

    @Override
    public Optional<String> poolOf(String queueArn) {
        String name = queueArn.substring(queueArn.lastIndexOf(':') + 1);
        return pools.entrySet().stream()
                .filter(pool -> isNamed(pool.getValue().queueUrl(), name)
                        || isNamed(pool.getValue().deadLetterUrl(), name))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean isNamed(String url, String name) {
        return url.substring(url.lastIndexOf('/') + 1).equals(name);
    }

    @Override
    public Depth depth(String pool) {
        Map<QueueAttributeName, String> waiting = counts(queues(pool).queueUrl());
        Map<QueueAttributeName, String> dead = counts(queues(pool).deadLetterUrl());
        return new Depth(
                count(waiting, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES),
                count(waiting, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE),
                count(waiting, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED),
                dead.values().stream().mapToLong(Long::parseLong).sum(),
                null);
    }

    private Map<QueueAttributeName, String> counts(String url) {
        return Calls.make(
                        "Reading a queue's counts",
                        () -> sqs.getQueueAttributes(request -> request.queueUrl(url)
                                .attributeNames(
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED)))
                .attributes();
    }

    private static long count(Map<QueueAttributeName, String> counts, QueueAttributeName name) {
        return Long.parseLong(counts.getOrDefault(name, "0"));
    }

    private PoolQueues queues(String pool) {
        PoolQueues queues = pools.get(pool);
        if (queues == null) {
            throw new UnknownPoolException(pool, pools.keySet());
        }
        return queues;
    }
}

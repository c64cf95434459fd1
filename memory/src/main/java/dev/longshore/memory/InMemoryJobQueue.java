package dev.longshore.memory;

import dev.longshore.job.JobQueue;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.UnknownPoolException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Queues in memory, with what matters of SQS: delays, visibility, receive counts, redrive to the dead-letter queue, and
 * that a message is gone after the longest retention.
 * Messages come in the order they were sent; a test that wants doubles sends twice.
 */
public final class InMemoryJobQueue implements JobQueue {
    /** The longest that SQS keeps a message ("Amazon SQS message quotas"). */
    public static final Duration RETENTION = Duration.ofDays(14);

    private final InstantSource clock;
    private final Duration visibility;
    private final int maxReceiveCount;
    private final Map<String, List<Message>> queues = new HashMap<>();
    private final Map<String, List<Message>> deadLetters = new HashMap<>();
    private final Set<String> removed = new HashSet<>();
    private Instant nextExpiry = Instant.MAX; // of any message, or earlier
    private int requests;
    private int refusedHides;

    /**
     * A message as its receiver sees it.
     *
     * @param receiveCount how often it was received, this time included
     */
    public record Received(
            String messageId,
            String receipt,
            String body,
            int receiveCount,
            @Nullable String fairKey) {}

    private static final class Message {
        final String id = UUID.randomUUID().toString();
        final String body;
        final @Nullable String fairKey;
        final Instant sent;
        final boolean delayed;
        Instant visibleAt;
        Instant received = Instant.MIN;
        int receives;

        @Nullable
        String receipt;

        Message(String body, @Nullable String fairKey, Instant sent, Instant visibleAt) {
            this.body = body;
            this.fairKey = fairKey;
            this.sent = sent;
            this.visibleAt = visibleAt;
            this.delayed = visibleAt.isAfter(sent);
        }

        Instant expiry() {
            return sent.plus(RETENTION);
        }
    }

    public InMemoryJobQueue(InstantSource clock, Duration visibility, int maxReceiveCount) {
        this.clock = clock;
        this.visibility = visibility;
        this.maxReceiveCount = maxReceiveCount;
    }

    /** Queues with a visibility timeout of a minute and forty receives. */
    public InMemoryJobQueue(InstantSource clock) {
        this(clock, Duration.ofMinutes(1), 40);
    }

    @Override
    public synchronized void send(String pool, Outgoing outgoing) {
        requests++;
        put(pool, outgoing);
    }

    @Override
    public synchronized Set<Integer> sendAll(String pool, List<Outgoing> outgoing) {
        requests += (outgoing.size() + 9) / 10;
        outgoing.forEach(one -> put(pool, one));
        return Set.of();
    }

    private void put(String pool, Outgoing outgoing) {
        Instant visibleAt = clock.instant().plusSeconds(JobQueue.wholeSeconds(outgoing.delay(), LONGEST_DELAY));
        add(queues, pool, new Message(outgoing.message().write(), outgoing.fairKey(), clock.instant(), visibleAt));
    }

    /** Puts any body into a pool's queue: what is no message of ours. */
    public synchronized void sendRaw(String pool, String body) {
        add(queues, pool, new Message(body, null, clock.instant(), clock.instant()));
    }

    @Override
    public synchronized void sendToDeadLetters(String pool, String body) {
        requests++;
        add(deadLetters, hasPool(pool) ? pool : anyPool(), new Message(body, null, clock.instant(), clock.instant()));
    }

    @Override
    public synchronized boolean hide(String pool, String receipt, Duration time) {
        requests++;
        return hide(messages(queues, pool), receipt, time);
    }

    @Override
    public synchronized boolean hideDeadLetter(String pool, String receipt, Duration time) {
        requests++;
        return hide(messages(deadLetters, pool), receipt, time);
    }

    /**
     * As strict as SQS: only the receipt of the last receive counts, a message that is visible again stays so, and none is
     * hidden beyond 12 hours after its receipt.
     */
    private boolean hide(List<Message> messages, String receipt, Duration time) {
        for (Message message : messages) {
            if (receipt.equals(message.receipt)) {
                if (message.visibleAt.isAfter(clock.instant())) {
                    requireHideable(message, time);
                    message.visibleAt = clock.instant().plusSeconds(JobQueue.wholeSeconds(time, LONGEST_HIDING));
                }
                return true;
            }
        }
        return false;
    }

    private void requireHideable(Message message, Duration time) {
        Instant until = clock.instant().plusSeconds(JobQueue.wholeSeconds(time, LONGEST_HIDING));
        if (until.isAfter(message.received.plus(LONGEST_HIDING))) {
            refusedHides++;
            throw new StoreUnavailableException(
                    "Hiding a message was refused: " + until + " is more than 12 hours after its receipt",
                    new IllegalArgumentException("VisibilityTimeout"));
        }
    }

    /** Receives up to {@code most} visible messages; one received too often goes to the dead-letter queue instead. */
    public synchronized List<Received> receive(String pool, int most) {
        List<Received> received = new ArrayList<>();
        for (Message message : List.copyOf(messages(queues, pool))) {
            if (received.size() == most || message.visibleAt.isAfter(clock.instant())) {
                continue;
            }
            if (message.receives >= maxReceiveCount) {
                messages(queues, pool).remove(message);
                add(deadLetters, pool, new Message(message.body, null, message.sent, clock.instant()));
                continue;
            }
            received.add(take(message));
        }
        return received;
    }

    /** Receives up to {@code most} visible messages of a pool's dead-letter queue. */
    public synchronized List<Received> receiveDeadLetters(String pool, int most) {
        return messages(deadLetters, pool).stream()
                .filter(message -> !message.visibleAt.isAfter(clock.instant()))
                .limit(most)
                .map(this::take)
                .toList();
    }

    private Received take(Message message) {
        String receipt = UUID.randomUUID().toString();
        message.receipt = receipt;
        message.receives++;
        message.received = clock.instant();
        message.visibleAt = clock.instant().plus(visibility);
        return new Received(message.id, receipt, message.body, message.receives, message.fairKey);
    }

    /** Deletes a message by the receipt of its last receipt; an older one deletes nothing. */
    public synchronized void delete(String pool, String receipt) {
        messages(queues, pool).removeIf(message -> receipt.equals(message.receipt));
    }

    public synchronized void deleteDeadLetter(String pool, String receipt) {
        messages(deadLetters, pool).removeIf(message -> receipt.equals(message.receipt));
    }

    /** From now on the deployment has no such pool; the messages of its queues are gone. */
    public synchronized void removePool(String pool) {
        removed.add(pool);
        queues.remove(pool);
        deadLetters.remove(pool);
    }

    /** A later deployment has the pool again. */
    public synchronized void restorePool(String pool) {
        removed.remove(pool);
    }

    @Override
    public synchronized boolean hasPool(String pool) {
        return !removed.contains(pool);
    }

    /** Loses everything in a pool's queue, as no queue should. */
    public synchronized void loseAll(String pool) {
        messages(queues, pool).clear();
    }

    /** The bodies of all messages of a pool, those that are hidden too. */
    public synchronized List<String> bodies(String pool) {
        return messages(queues, pool).stream().map(message -> message.body).toList();
    }

    /** The bodies of all dead letters of a pool, those that are hidden too. */
    public synchronized List<String> deadLetters(String pool) {
        return messages(deadLetters, pool).stream().map(message -> message.body).toList();
    }

    /** When the next message of a pool becomes visible; null when there is none. */
    public synchronized @Nullable Instant nextVisibleAt(String pool) {
        return nextVisible(messages(queues, pool));
    }

    /** When the next dead letter of a pool becomes visible; null when there is none. */
    public synchronized @Nullable Instant nextDeadLetterAt(String pool) {
        return nextVisible(messages(deadLetters, pool));
    }

    private static @Nullable Instant nextVisible(List<Message> messages) {
        return messages.stream()
                .map(message -> message.visibleAt)
                .min(Instant::compareTo)
                .orElse(null);
    }

    /** A pool {@code p} has the ARNs {@code arn:aws:sqs:local:0:p} and {@code arn:aws:sqs:local:0:p-dlq}. */
    @Override
    public Optional<String> poolOf(String queueArn) {
        String name = queueArn.substring(queueArn.lastIndexOf(':') + 1);
        return Optional.of(name.endsWith("-dlq") ? name.substring(0, name.length() - "-dlq".length()) : name);
    }

    @Override
    public synchronized Depth depth(String pool) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Message message : messages(queues, pool)) {
            boolean hidden = message.visibleAt.isAfter(clock.instant());
            String kind = !hidden ? "visible" : message.receives == 0 && message.delayed ? "delayed" : "inFlight";
            counts.merge(kind, 1L, Long::sum);
        }
        Instant oldest = messages(queues, pool).stream()
                .map(message -> message.sent)
                .min(Instant::compareTo)
                .orElse(null);
        return new Depth(
                counts.getOrDefault("visible", 0L),
                counts.getOrDefault("inFlight", 0L),
                counts.getOrDefault("delayed", 0L),
                messages(deadLetters, pool).size(),
                oldest == null ? null : Duration.between(oldest, clock.instant()));
    }

    /** How many requests SQS would have been sent so far by the methods of {@link JobQueue}. */
    public synchronized int requests() {
        return requests;
    }

    /** How many calls would have hidden a message beyond 12 hours after its receipt, and were refused. */
    public synchronized int refusedHides() {
        return refusedHides;
    }

    private String anyPool() {
        return queues.keySet().stream()
                .min(Comparator.naturalOrder())
                .orElseThrow(() -> new IllegalStateException("No pool is left"));
    }

    private List<Message> messages(Map<String, List<Message>> queues, String pool) {
        if (removed.contains(pool)) {
            throw new UnknownPoolException(pool, this.queues.keySet());
        }
        if (clock.instant().isAfter(nextExpiry)) {
            removeExpired();
        }
        return queues.computeIfAbsent(pool, name -> new ArrayList<>());
    }

    private void add(Map<String, List<Message>> queues, String pool, Message message) {
        messages(queues, pool).add(message);
        if (message.expiry().isBefore(nextExpiry)) {
            nextExpiry = message.expiry();
        }
    }

    /** Removes what is over its retention from all queues. Not at each call: with 100,000 messages that took minutes. */
    private void removeExpired() {
        Instant now = clock.instant();
        nextExpiry = Instant.MAX;
        Stream.concat(queues.values().stream(), deadLetters.values().stream()).forEach(messages -> {
            messages.removeIf(message -> message.expiry().isBefore(now));
            messages.stream()
                    .map(Message::expiry)
                    .filter(expiry -> expiry.isBefore(nextExpiry))
                    .forEach(expiry -> nextExpiry = expiry);
        });
    }
}

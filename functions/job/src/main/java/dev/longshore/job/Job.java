package dev.longshore.job;

import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One job as read from its row. Immutable; what changes it is in {@link Lifecycle}.
 *
 * @param due the job is not started before this time
 * @param runAt the start time that the client requested
 * @param attempt how many attempts count so far, the running one included
 * @param fence how often it was claimed, ever
 * @param leaseUntil until when the worker that claimed it last holds it
 * @param startedAt when the last attempt started
 * @param rerunOf the job that this one repeats
 * @param chainDepth how many jobs led to it, each enqueued by the handler of the one before; 0 for the first of a chain
 * @param epoch how often it was redriven, that is started again after its death, with another payload or as another task; part of
 *     the ids of the jobs that its handler enqueues
 * @param limitKey whose slots it takes of limits that are per key; null for none
 * @param index its key in the attention index, which has only rows that wait without a message ({@code due#}, {@code paused#}, {@code limit#})
 *     or are dead ({@code dead#}), each kind in 16 shards; null for a row that is not in it
 * @param indexedAt the job's time in that index: of a dead job the time of its death, which differs for each death
 * @param keptUntil until when a job that has ended is kept; its row stays for {@link #ROW_STAYS} more
 * @param deathHandled whether its task's {@code onDead} hook was called after its death; see {@link Lifecycle#markDeathHandled}
 * @param fingerprint the same for all dead jobs of one cause; see {@link Fingerprint}
 * @param format the version of the row's format
 * @param token of the last write that had one; see {@link Lifecycle}
 * @param uniqueKey no other job of its task is created while this one has it; a job that the index returns is without it
 * @param requestHash a hash of the request that created it; a repeated request has the same
 */
public record Job(
        JobId id,
        String task,
        String pool,
        JobState state,
        int attempt,
        int maxAttempts,
        long fence,
        Instant createdAt,
        Instant due,
        @Nullable Instant runAt,
        @Nullable Instant leaseUntil,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant expiresAt,
        @Nullable Integer progress,
        @Nullable String progressText,
        Body payload,
        @Nullable Body result,
        @Nullable JobError error,
        @Nullable DeadReason deadReason,
        @Nullable String fingerprint,
        List<HistoryEntry> history,
        List<String> tags,
        @Nullable String fairKey,
        @Nullable String limitKey,
        @Nullable String idempotencyKey,
        @Nullable String requestHash,
        @Nullable String uniqueKey,
        Map<String, String> meta,
        @Nullable String traceparent,
        @Nullable JobId rerunOf,
        int chainDepth,
        @Nullable Instant cancelRequestedAt,
        @Nullable String cancelRequestedBy,
        @Nullable Json checkpoint,
        int epoch,
        @Nullable String index,
        @Nullable Instant indexedAt,
        @Nullable Instant keptUntil,
        boolean deathHandled,
        int format,
        @Nullable String token) {

    /** How long a row is kept after its job's retention, so that the ledger can count the job once more. No change applies to it then. */
    public static final Duration ROW_STAYS = Duration.ofDays(1);

    /** The format that this code writes. */
    public static final int FORMAT = 1;

    /** How long a running job's worker still holds it, {@link Lifecycle#CLOCK_SKEW} included; zero when another worker may claim it. */
    public Duration leaseLeft(Instant now) {
        Instant free = leaseUntil == null ? now : leaseUntil.plus(Lifecycle.CLOCK_SKEW);
        return free.isAfter(now) ? Duration.between(now, free) : Duration.ZERO;
    }

    /** What is left of the wait before the job may start; zero when it may. */
    public Duration waitsFor(Instant now) {
        return due.isAfter(now) ? Duration.between(now, due) : Duration.ZERO;
    }

    /** The state as shown: a SCHEDULED job whose time has come is QUEUED, without a write. */
    public JobState stateAt(Instant now) {
        return state == JobState.SCHEDULED && !due.isAfter(now) ? JobState.QUEUED : state;
    }

    /** Whether it waits (SCHEDULED, QUEUED or RETRYING) without a message, until it is released. */
    public boolean isHeld() {
        return state.isWaiting() && index != null;
    }

    /** Why it waits without a message; empty when it has one, and when newer code holds it for a reason of its own. */
    public Optional<HoldReason> holdReason() {
        return state.isWaiting() && index != null ? HoldReason.ofIndex(index) : Optional.empty();
    }

    /** Whether the due index holds it. */
    public boolean isHeldUntilDue() {
        return holdReason().filter(HoldReason.DUE::equals).isPresent();
    }

    /** Whether a pause holds it. */
    public boolean isHeldByPause() {
        return holdReason().filter(HoldReason::isPause).isPresent();
    }

    /** The limit, and whose slots of it, for which it is held; empty when it is not held by one. */
    public Optional<LimitKey> heldByLimit() {
        return holdReason().flatMap(HoldReason::limit);
    }

    /** Whether its {@code expiresAt} has come before it was ever started. */
    public boolean isExpired(Instant now) {
        return state.isWaiting() && fence == 0 && expiresAt != null && !expiresAt.isAfter(now);
    }

    /** Whether its retention is over, or an operator purged it: the API answers as if it did not exist. */
    public boolean isPurged(Instant now) {
        return wasPurgedByOperator() || isPastRetention(now);
    }

    /** Every dead job is in the index of the dead, except those that {@link OperatorChanges#purge} removed. */
    private boolean wasPurgedByOperator() {
        return state == JobState.DEAD && index == null;
    }

    private boolean isPastRetention(Instant now) {
        return keptUntil != null && !keptUntil.isAfter(now);
    }

    /** From when on DynamoDB may delete the row; null while the job has not ended. */
    public @Nullable Instant rowEnds() {
        return keptUntil == null ? null : keptUntil.plus(ROW_STAYS);
    }

    /** Whether the row may be deleted by now. */
    public boolean isPastItsRow(Instant now) {
        Instant end = rowEnds();
        return end != null && !end.isAfter(now);
    }

    /**
     * Until when the payload is kept: as long as the job. While its death is not handled, as long as the row, since the task's
     * {@code onDead} hook gets the payload, also of a purged job.
     */
    @Nullable
    Instant payloadKeptUntil() {
        return state == JobState.DEAD && !deathHandled ? rowEnds() : keptUntil;
    }

    /** The job has not ended, or its retention is not over. The TTL is that end plus {@link #ROW_STAYS}, in seconds as DynamoDB wants it. */
    public static Condition stillKept(Instant now) {
        return Condition.any(
                new Condition.Absent(Field.TTL),
                new Condition.MoreThan(Field.TTL, now.plus(ROW_STAYS).getEpochSecond()));
    }

    /** Whether newer code wrote it, in a format or state that this code does not have. */
    public boolean isFromNewerCode() {
        return format > FORMAT || state == JobState.UNKNOWN;
    }

    /** Whether it waits, in a format that this code may change. */
    public boolean isWaitingReadably() {
        return state.isWaiting() && !isFromNewerCode();
    }

    /** Its unique key; null when it has none, or was read from the index. */
    public @Nullable UniqueKey ownKey() {
        return uniqueKey == null ? null : new UniqueKey(task, uniqueKey);
    }

    public boolean isLastAttempt() {
        return attempt >= maxAttempts;
    }
}

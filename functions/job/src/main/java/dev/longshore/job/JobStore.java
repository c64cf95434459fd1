package dev.longshore.job;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.longshore.job.BodyStore.Kind;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs: rows, and the bodies (payloads and results) that do not fit into them, each an item or a file of its own. A body is
 * written before the row that names it, deleted when that row is not written, and expires with its job's retention; one without
 * an end yet expires after {@link BodyStore#LONGEST_STAY}. A redrive keeps it. No other class has to know where a body is.
 *
 * <p>Every method may throw {@link StoreUnavailableException}, as those of {@link RowStore} and {@link BodyStore} do.
 */
public final class JobStore {
    /** Grace period for callers that read the row before its payload was replaced. */
    private static final Duration REPLACED_STAYS = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(JobStore.class);

    private final RowStore rows;
    private final BodyStore bodies;
    private final UniqueJobs uniqueJobs;

    public JobStore(RowStore rows, BodyStore bodies) {
        this.rows = rows;
        this.bodies = bodies;
        this.uniqueJobs = new UniqueJobs(rows);
    }

    /** The outcome of a creation. */
    public sealed interface Creation {
        /** The job that is there now. */
        Job job();

        /** The job is there now, by this call. */
        record Created(Job job) implements Creation {}

        /** A job with this id, or under this idempotency key, was there before. */
        record Exists(Job job) implements Creation {}

        /** Another job of the task has the unique key. Nothing was written. */
        record Duplicate(Job job) implements Creation {}
    }

    /**
     * Creates a job, and with it its idempotency key if it has one: both or none.
     *
     * @param keyExpires until when the key is kept; ignored without a key
     * @throws OutdatedScheduleException when the job is of a schedule that was changed since; then nothing was created
     */
    public Creation create(NewJob job, Instant keyExpires) {
        return job.unique() == null
                ? createNow(job, keyExpires)
                : uniqueJobs.create(job, job.unique(), asRead -> createNow(asRead, keyExpires));
    }

    private Creation createNow(NewJob job, Instant keyExpires) {
        Body payload = bodies.keepPayload(job.id(), "payload#" + job.token(), job.payload(), job.createdAt());
        try {
            Creation creation = rows.create(job, payload, keyExpires);
            if (creation instanceof Creation.Exists(Job first)) {
                discardUnlessNamed(job.id(), payload, first);
            }
            return creation;
        } catch (OutdatedScheduleException | UniqueKeyChangedException e) {
            discard(job.id(), payload);
            throw e;
        }
    }

    /**
     * Applies a change, if its guard holds.
     *
     * @throws UniqueKeyTakenException when the change takes the job's unique key again, which another job has by now
     */
    public Change.Outcome apply(JobId id, Change change) {
        Map<Kind, Body> kept = keep(id, change);
        if (change.redriven() instanceof Change.Dated(Body.Apart payload, Instant at)) {
            bodies.keepOn(id, payload, at); // before the row changes, since the body may end at any moment
        }
        Change.Outcome outcome = write(id, change, kept);
        switch (outcome) {
            case Change.Outcome.Done(Job job) -> follow(job, change);
            case Change.Outcome.Refused(Job current) -> {
                kept.values().forEach(body -> discardUnlessNamed(id, body, current));
                if (change.redriven() != null) {
                    endPayload(current); // not redriven by this change: its payload expires with it again
                }
            }
            case Change.Outcome.Missing() -> kept.values().forEach(body -> discard(id, body));
        }
        return outcome;
    }

    private Change.Outcome write(JobId id, Change change, Map<Kind, Body> kept) {
        Change written = change.naming(kept);
        KeyTake take = written.keyTake();
        if (take == null) {
            return rows.apply(id, written);
        }
        try {
            return uniqueJobs.take(id, written, take);
        } catch (UniqueKeyTakenException e) {
            kept.values().forEach(body -> discard(id, body));
            rows.find(id).ifPresent(this::endPayload); // not redriven: its payload expires with it again
            throw e;
        }
    }

    private Map<Kind, Body> keep(JobId id, Change change) {
        Map<Kind, Body> kept = new EnumMap<>(Kind.class);
        change.contents().forEach((kind, content) -> kept.put(kind, keep(id, kind, content)));
        return kept;
    }

    private Body keep(JobId id, Kind kind, Change.Content content) {
        return switch (kind) {
            case PAYLOAD -> bodies.keepPayload(id, content.name(), content.json(), content.at());
            case RESULT -> bodies.keepResult(id, content.name(), content.json(), content.at());
        };
    }

    private void follow(Job job, Change change) {
        if (change.sets().containsKey(Field.TTL)) {
            endPayload(job);
        }
        if (change.replaced() instanceof Change.Dated(Body.Apart before, Instant at) && !names(job, before)) {
            endAt(job.id(), before, at.plus(REPLACED_STAYS));
        }
    }

    /** Ends the payload with its job. A result needs no such call: its end was set when it was written. */
    private void endPayload(Job job) {
        Instant end = job.payloadKeptUntil();
        if (end != null) {
            endAt(job.id(), job.payload(), end);
        }
    }

    /**
     * Failures are only logged, since the row is written: a body without an end outlives its row, for {@link
     * BodyStore#LONGEST_STAY} at most.
     */
    private void endAt(JobId id, Body body, Instant at) {
        try {
            if (body instanceof Body.Apart apart) {
                bodies.endAt(id, apart, at);
            }
        } catch (StoreUnavailableException e) {
            LOG.atWarn().setCause(e).log("A body of job {} outlives its row", id);
        }
    }

    /**
     * A refused write may still have been applied: a response was lost, and the retry met a later write. So a body is
     * deleted only when the row names another one.
     */
    private void discardUnlessNamed(JobId id, Body body, Job current) {
        if (!names(current, body)) {
            discard(id, body);
        }
    }

    private void discard(JobId id, Body body) {
        if (body instanceof Body.Apart apart) {
            bodies.discard(id, apart);
        }
    }

    private static boolean names(Job job, Body body) {
        return body.equals(job.payload()) || body.equals(job.result());
    }

    /**
     * Keeps what a job that waits has outside its row, its payload and its unique key, for {@link BodyStore#LONGEST_STAY} from
     * now on: it may wait longer than that.
     */
    public void renew(Job job, Instant now) {
        if (job.payload() instanceof Body.Apart payload) {
            bodies.keepOn(job.id(), payload, now);
        }
        UniqueKey key = job.ownKey();
        if (key != null) {
            rows.keepKey(key, job.id(), NewJob.keyEnds(job.due().isAfter(now) ? job.due() : now));
        }
    }

    /** Deletes a job if its row still has the token it was read with: no repeated request acknowledged it, and no worker claimed it. */
    public boolean withdraw(Job job) {
        boolean withdrawn = rows.withdraw(job);
        if (withdrawn) {
            discard(job.id(), job.payload());
        }
        return withdrawn;
    }

    public Optional<Job> find(JobId id) {
        return rows.find(id);
    }

    /** @throws BodyMissingException when the payload is not where the row says */
    public Json payload(Job job) {
        return read(job.id(), job.payload());
    }

    /** @throws BodyMissingException when the result is not where the row says */
    public @Nullable Json result(Job job) {
        return job.result() == null ? null : read(job.id(), job.result());
    }

    private Json read(JobId id, Body body) {
        return switch (body) {
            case Body.Inline(Json json) -> json;
            case Body.Apart apart -> bodies.read(id, apart);
        };
    }

    // ---- lists: list for the API, hour for the ledger's audit, held and dead for the dispatcher and operators

    public Page<Job, JobId> list(Query query) {
        return rows.list(query);
    }

    public DayShards dayShards() {
        return rows.dayShards();
    }

    public Page<Job, JobId> hour(Instant hour, String shard, @Nullable JobId after, int limit) {
        return rows.hour(hour, shard, after, limit);
    }

    public Page<Job, IndexPlace> held(
            HoldReason reason, String shard, Instant until, @Nullable IndexPlace after, int limit) {
        return rows.held(reason, shard, until, after, limit);
    }

    /** The first of the jobs of a shard that are held for a reason. */
    public List<Job> held(HoldReason reason, String shard, int limit) {
        return held(reason, shard, RowStore.ANY_TIME, null, limit).items();
    }

    public Page<Job, IndexPlace> dead(String shard, Instant from, Instant to, @Nullable IndexPlace after, int limit) {
        return rows.dead(shard, from, to, after, limit);
    }

    /**
     * A place in the index. It stays valid when its job has left the index.
     *
     * @param at the job's time in the index
     */
    public record IndexPlace(@JsonAlias("diedAt") Instant at, JobId id) {}

    /**
     * Which jobs to list.
     *
     * @param from the earliest time of an id
     * @param to the latest time of an id
     * @param filter what the row must satisfy
     * @param limit at most so many
     * @param before only ids less than this one; may be older than {@code from}, and then nothing is left to list
     */
    public record Query(
            Instant from,
            Instant to,
            Condition filter,
            int limit,
            @Nullable JobId before) {}
}

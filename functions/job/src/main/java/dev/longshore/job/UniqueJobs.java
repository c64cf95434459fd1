package dev.longshore.job;

import dev.longshore.job.JobStore.Creation;
import dev.longshore.task.OnDuplicate;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a unique key is free, and lets a job take it. A key is never freed by a write: it is free when the job that took
 * it last has ended, is gone, or was started where that is enough. So nothing follows a job's end, and a crash leaves no key
 * behind.
 *
 * <p>The key's holder and that job's row are read first; the write that takes the key then requires the holder and the version that
 * were read. The version changes whenever the key is taken, also by the same job again when it is redriven, so a writer that
 * read that job as dead is refused.
 */
final class UniqueJobs {
    /** More than the jobs of one batch that have one key, which are created one after the other. */
    private static final int TRIES = 8;

    private static final Logger LOG = LoggerFactory.getLogger(UniqueJobs.class);

    private final RowStore rows;

    UniqueJobs(RowStore rows) {
        this.rows = rows;
    }

    /**
     * Creates a job with a unique key, unless another job has it. A repeated request is answered with the job that it made,
     * also when another has the key by now.
     *
     * @param create makes the job with its key, under the condition that the key is as it was read
     */
    Creation create(NewJob job, Uniqueness unique, Function<NewJob, Creation> create) {
        UniqueKey key = new UniqueKey(job.task(), unique.key());
        for (int tries = 0; tries < TRIES; tries++) {
            Optional<UniqueKey.Holder> read = rows.holder(key);
            Optional<Job> other = read.filter(holder -> !holder.job().equals(job.id()))
                    .flatMap(holder -> holding(holder, unique, job.createdAt()));
            if (other.isPresent()) {
                Job holder = other.get();
                return rows.earlier(job).orElseGet(() -> new Creation.Duplicate(holder));
            }
            try {
                return create.apply(job.unique(unique.asRead(read.orElse(null))));
            } catch (UniqueKeyChangedException e) {
                LOG.info("Another request took {} first, or its job was redriven; reading it again", key);
            }
        }
        throw tooFast("created");
    }

    /**
     * Carries out a change of a dead job that takes its unique key again.
     *
     * @throws UniqueKeyTakenException when another job has it
     */
    Change.Outcome take(JobId id, Change change, KeyTake take) {
        Uniqueness unfinished = Uniqueness.of(take.key().text(), OnDuplicate.REJECT);
        for (int tries = 0; tries < TRIES; tries++) {
            Optional<UniqueKey.Holder> read = rows.holder(take.key());
            Optional<Job> other = read.filter(holder -> !holder.job().equals(id))
                    .flatMap(holder -> holding(holder, unfinished, take.at()));
            if (other.isPresent()) {
                throw new UniqueKeyTakenException(other.get());
            }
            try {
                return rows.apply(id, change.keyAsRead(read.orElse(null)));
            } catch (UniqueKeyChangedException e) {
                LOG.info("A request took {} first, or another operator redrove the job; reading it again", take.key());
            }
        }
        throw tooFast("redriven");
    }

    private Optional<Job> holding(UniqueKey.Holder holder, Uniqueness unique, Instant now) {
        return rows.find(holder.job()).filter(job -> unique.isHeldBy(job, now));
    }

    private static StoreUnavailableException tooFast(String what) {
        return new StoreUnavailableException(
                "The unique key changed its job too fast for another to be " + what + "; try again",
                new IllegalStateException("others were quicker " + TRIES + " times"));
    }
}

package dev.longshore.job.engines;

import dev.longshore.job.Change;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobQueue;
import dev.longshore.job.JobStore;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.Parallel;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.UniqueKey;
import dev.longshore.job.ledger.CountSchedule;
import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.job.ledger.LedgerStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates jobs: first the row, then the message, which is only a nudge to look at the row. A job due in more than 15 minutes gets no
 * message: its row is created in the due index. When {@link #enqueue} returns, the job is durable: if its message could not be
 * sent, the due index holds the job, and the dispatcher, a function that runs every minute, sends it.
 */
public final class Enqueuer {
    private static final int TRIES = 3;
    private static final Logger LOG = LoggerFactory.getLogger(Enqueuer.class);

    /** After this time a creation has made its row, or never will: its calls of AWS end within seconds. */
    private static final Duration LONGEST_CREATION = Duration.ofHours(1);

    private final Engines engines;
    private final JobStore jobs;
    private final JobQueue queue;
    private final LedgerStore ledger;
    private final HeldJobs heldJobs;
    private final Duplicates duplicates;

    public Enqueuer(Engines engines) {
        this.engines = engines;
        this.jobs = engines.jobs();
        this.queue = engines.queue();
        this.ledger = engines.ledger();
        this.heldJobs = new HeldJobs(engines);
        this.duplicates = new Duplicates(jobs);
    }

    /**
     * Creates one job and nudges its workers. A job that existed before and was never claimed is nudged again: the client may
     * have repeated its request because the first message was lost. When another job of the task has the unique key, that
     * one is the answer; if the new job says that it replaces, with the new job's payload and time.
     *
     * @throws StoreUnavailableException when it could not be kept; then there is no job, or one that was never
     *     acknowledged
     */
    public JobStore.Creation enqueue(NewJob job) {
        announce(List.of(job));
        JobStore.Creation creation = take(job);
        switch (creation) {
            case JobStore.Creation.Created(Job created) -> sendFirst(created, job.createdAt());
            case JobStore.Creation.Exists(Job first) -> {
                if (wasNeverClaimed(first)) {
                    nudge(first, job.createdAt());
                }
            }
            case JobStore.Creation.Duplicate(Job first) -> sendDuplicate(job, first);
        }
        return creation;
    }

    private void sendDuplicate(NewJob job, Job answer) {
        if (!duplicates.wantsNudge(job, answer)) {
            return;
        }
        if (answer.isHeldUntilDue()) {
            heldJobs.tryRelease(List.of(answer));
        } else {
            nudge(answer, job.createdAt());
        }
    }

    /** The job's row. A row that existed before is acknowledged, so that the request that created it does not withdraw it. */
    private JobStore.Creation take(NewJob job) {
        for (int tries = 1; tries <= TRIES; tries++) {
            JobStore.Creation creation = jobs.create(job, job.createdAt().plus(NewJob.KEY_RETENTION));
            if (creation instanceof JobStore.Creation.Duplicate(Job holder)) {
                Optional<Job> answer = duplicates.answer(job, holder);
                if (answer.isPresent()) {
                    return new JobStore.Creation.Duplicate(answer.get());
                }
                continue; // it was started, has ended or was withdrawn: the key is free
            }
            if (!(creation instanceof JobStore.Creation.Exists(Job first)) || !wasNeverClaimed(first)) {
                return creation;
            }
            switch (jobs.apply(first.id(), new Lifecycle(job.createdAt(), job.token()).acknowledge())) {
                case Change.Outcome.Done(Job acknowledged) -> {
                    return new JobStore.Creation.Exists(acknowledged);
                }
                case Change.Outcome.Refused(Job current) -> {
                    return new JobStore.Creation.Exists(current);
                }
                case Change.Outcome.Missing() ->
                    LOG.info("Job {} has just been withdrawn; creating it anew", first.id());
            }
        }
        throw new StoreUnavailableException(
                "The job of this id or key was withdrawn or has ended " + TRIES
                        + " times while this request repeated it: neither queue nor"
                        + " due index takes jobs; try again",
                new IllegalStateException("the queue and the due index take no jobs"));
    }

    private static boolean wasNeverClaimed(Job job) {
        return job.state().isWaiting() && job.fence() == 0;
    }

    /** A job that was created just now is not acknowledged to a client yet: if its message cannot be sent, it is withdrawn. */
    private void sendFirst(Job created, Instant now) {
        try {
            nudge(created, now);
        } catch (StoreUnavailableException e) {
            withdraw(created, e);
            throw e;
        }
    }

    /**
     * Sends a waiting job's message, with the delay that is left until the job is due, unless the due index or a pause holds the
     * job; puts the job into the due index if the queue does not take it.
     *
     * @throws StoreUnavailableException when the index does not take it either; the job stays as it is
     */
    public void nudge(Job job, Instant now) {
        if (job.isHeld()) {
            return;
        }
        try {
            queue.send(job.pool(), JobQueue.Outgoing.of(job, now));
        } catch (StoreUnavailableException e) {
            LOG.atWarn()
                    .setCause(e)
                    .log("Queue of pool {} does not take messages; holding job {}", job.pool(), job.id());
            hold(job, now);
        }
    }

    private void hold(Job job, Instant now) {
        Instant due = now.plus(job.waitsFor(now));
        jobs.apply(job.id(), engines.lifecycle().hold(job, HoldReason.DUE, due));
    }

    /**
     * Neither queue nor index took the job: it must not run after its client got an error. Does nothing when a repeated request
     * was answered with the job in the meantime.
     */
    private void withdraw(Job job, StoreUnavailableException why) {
        try {
            jobs.withdraw(job);
        } catch (StoreUnavailableException e) {
            why.addSuppressed(e);
        }
    }

    /** The outcome of one job of a batch. */
    public sealed interface BatchResult {
        record Accepted(JobStore.Creation creation) implements BatchResult {}

        record Failed(RuntimeException cause) implements BatchResult {}
    }

    /** Creates many jobs side by side and sends their messages ten a request; one result each, in order. */
    public List<BatchResult> enqueueAll(List<NewJob> batch) {
        announce(batch);
        List<BatchResult> results = Parallel.each(byUniqueKey(batch), jobs -> inOrder(batch, jobs)).stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparing(Placed::place))
                .map(Placed::result)
                .toList();
        return sendAll(batch, results);
    }

    /** The result of a job at its place in the batch. */
    private record Placed(int place, BatchResult result) {}

    private List<Placed> inOrder(List<NewJob> batch, List<Integer> places) {
        return places.stream()
                .map(place -> new Placed(place, createOne(batch.get(place))))
                .toList();
    }

    /** The places of the jobs in a batch, those of one unique key together: of these the first is created, and then the next. */
    private static List<List<Integer>> byUniqueKey(List<NewJob> batch) {
        Map<Object, List<Integer>> places = new LinkedHashMap<>();
        for (int i = 0; i < batch.size(); i++) {
            NewJob job = batch.get(i);
            Object group = job.unique() == null
                    ? Integer.valueOf(i)
                    : new UniqueKey(job.task(), job.unique().key());
            places.computeIfAbsent(group, any -> new ArrayList<>()).add(i);
        }
        return List.copyOf(places.values());
    }

    /**
     * The same for jobs of one schedule, which are created one after the other: each creation checks the schedule's item, and
     * transactions on one item at once refuse each other ("Transaction conflict handling", Amazon DynamoDB Developer Guide).
     */
    public List<BatchResult> enqueueInOrder(List<NewJob> batch) {
        announce(batch);
        return sendAll(batch, batch.stream().map(this::createOne).toList());
    }

    /** A job of a batch whose message is to be sent. */
    private record Unsent(int index, JobStore.Creation creation) {
        Job job() {
            return creation.job();
        }
    }

    private List<BatchResult> sendAll(List<NewJob> batch, List<BatchResult> created) {
        List<BatchResult> results = new ArrayList<>(created);
        Map<String, List<Unsent>> byPool = new HashMap<>();
        for (int i = 0; i < created.size(); i++) {
            if (created.get(i) instanceof BatchResult.Accepted(JobStore.Creation creation) && wantsNudge(creation)) {
                byPool.computeIfAbsent(creation.job().pool(), pool -> new ArrayList<>())
                        .add(new Unsent(i, creation));
            }
        }
        byPool.forEach((pool, jobs) -> {
            Instant now = batch.getFirst().createdAt();
            for (Unsent left : unsentOf(pool, jobs, now)) {
                try {
                    holdUnsent(left.creation(), now);
                } catch (StoreUnavailableException e) {
                    results.set(left.index(), new BatchResult.Failed(e));
                }
            }
        });
        return results;
    }

    private BatchResult createOne(NewJob job) {
        try {
            JobStore.Creation creation = take(job);
            if (creation instanceof JobStore.Creation.Duplicate(Job answer)) {
                sendDuplicate(job, answer);
            }
            return new BatchResult.Accepted(creation);
        } catch (RuntimeException e) {
            return new BatchResult.Failed(e);
        }
    }

    private static boolean wantsNudge(JobStore.Creation creation) {
        Job job = creation.job();
        return !(creation instanceof JobStore.Creation.Duplicate) && !job.isHeld() && wasNeverClaimed(job);
    }

    /** Sends the messages of a pool's jobs; the answer has those that the queue did not take. */
    private List<Unsent> unsentOf(String pool, List<Unsent> jobs, Instant now) {
        try {
            List<JobQueue.Outgoing> messages = jobs.stream()
                    .map(one -> JobQueue.Outgoing.of(one.job(), now))
                    .toList();
            return queue.sendAll(pool, messages).stream().map(jobs::get).toList();
        } catch (StoreUnavailableException e) {
            LOG.atWarn().setCause(e).log("Queue of pool {} does not take messages; holding {} jobs", pool, jobs.size());
            return jobs; // some may have been sent: a message too many is harmless
        }
    }

    private void holdUnsent(JobStore.Creation creation, Instant now) {
        try {
            hold(creation.job(), now);
        } catch (StoreUnavailableException e) {
            if (creation instanceof JobStore.Creation.Created(Job created)) {
                withdraw(created, e);
            }
            throw e;
        }
    }

    /**
     * Announces jobs with ids of an old time to the ledger, which may have closed their hour: jobs that a long-running handler
     * enqueues, and past instants that a schedule catches up with. The ledger recounts the hour at a full hour after the
     * creation, so one write serves all jobs of that hour.
     */
    private void announce(List<NewJob> batch) {
        Map<Instant, Instant> hours = new HashMap<>();
        for (NewJob job : batch) {
            Instant hour = LedgerHour.hourOf(job.id().time());
            if (CountSchedule.mayBeClosed(hour, job.createdAt())) {
                Instant made = job.createdAt().plus(LONGEST_CREATION);
                hours.put(hour, LedgerHour.hourOf(made).plus(Duration.ofHours(1)));
            }
        }
        hours.forEach(ledger::expect);
    }
}

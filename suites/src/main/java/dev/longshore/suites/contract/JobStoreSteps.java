package dev.longshore.suites.contract;

import dev.longshore.job.Change;
import dev.longshore.job.Change.Outcome;
import dev.longshore.job.Condition;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Field;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.JobStore.Query;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.WriteTokens;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A {@link JobStore}, and the steps that its contract suites are made of. Every test creates its own jobs. */
abstract class JobStoreSteps {
    // Ahead of every clock on the wall: DynamoDB Local deletes what has expired.
    static final Instant NOW = Instant.parse("2096-03-10T12:00:00Z");
    static final Instant KEY_EXPIRES = NOW.plus(Duration.ofDays(7));

    final Random random = new Random();
    final WriteTokens tokens = new WriteTokens(random);

    /** The store to test; the same one for a whole test. */
    protected abstract JobStore store();

    NewJob newJob() {
        return NewJob.of(
                JobId.next(NOW, random), "rehearse", "default", 3, Json.parse("{\"value\":1}"), NOW, tokens.next());
    }

    NewJob inShard(String shard) {
        NewJob job = newJob();
        return job.id().shard().equals(shard) ? job : inShard(shard);
    }

    NewJob tagged(String tag, Instant at) {
        return new NewJob(
                JobId.next(at, random),
                "rehearse",
                "default",
                3,
                Json.parse("1"),
                at,
                null,
                null,
                List.of("x", tag),
                null,
                null,
                null,
                Map.of(),
                null,
                tokens.next());
    }

    Query query(String tag, Instant from, Instant to, int limit, @Nullable JobId before) {
        return new Query(from, to, new Condition.Contains(Field.TAGS, tag), limit, before);
    }

    List<JobId> due(String shard, Instant until, List<Job> among) {
        List<JobId> ids = among.stream().map(Job::id).toList();
        return store().held(HoldReason.DUE, shard, until, null, 1_000).items().stream()
                .map(Job::id)
                .filter(ids::contains)
                .toList();
    }

    Change claim(JobId id) {
        return new Lifecycle(NOW, tokens.next()).claim(id, NOW.plusSeconds(60));
    }

    Job created(NewJob job) {
        return switch (store().create(job, KEY_EXPIRES)) {
            case Creation.Created(Job created) -> created;
            case Creation.Exists exists ->
                throw new AssertionError("there was one before: " + exists.job().id());
            case Creation.Duplicate(Job holder) -> throw new AssertionError("its key is that of " + holder.id());
        };
    }

    Job done(JobId id, Change change) {
        return switch (store().apply(id, change)) {
            case Outcome.Done(Job job) -> job;
            case Outcome.Refused(Job job) ->
                throw new AssertionError(change + " was refused: the job is " + job.state());
            case Outcome.Missing() -> throw new AssertionError(change + " met no job");
        };
    }

    Job dead(JobId id) {
        return killed(done(id, claim(id)));
    }

    Job killed(Job running) {
        return done(
                running.id(),
                new Lifecycle(NOW, tokens.next()).kill(running, DeadReason.EXHAUSTED, new JobError("T", "m")));
    }

    Job found(JobId id) {
        return store().find(id).orElseThrow();
    }

    static JobId idOf(Creation creation) {
        return switch (creation) {
            case Creation.Created(Job job) -> job.id();
            case Creation.Exists(Job job) -> job.id();
            case Creation.Duplicate(Job job) -> job.id();
        };
    }

    static <T> List<T> atOnce(int times, Callable<T> call) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(Collections.nCopies(times, call))) {
                results.add(future.get());
            }
            return results;
        }
    }
}

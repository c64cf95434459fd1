package dev.longshore.job.engines;

import dev.longshore.job.BodyStore;
import dev.longshore.job.JobQueue;
import dev.longshore.job.JobStore;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.RowStore;
import dev.longshore.job.UploadUrls;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.deadletter.Quarantine;
import dev.longshore.job.key.KeyStore;
import dev.longshore.job.ledger.LedgerStore;
import dev.longshore.job.limit.LimitStore;
import dev.longshore.job.operatorlog.OperatorLog;
import dev.longshore.job.pause.PauseStore;
import dev.longshore.job.schedule.ScheduleStore;
import dev.longshore.task.FileStore;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * All stores and queues that a function uses: the same functions run on AWS, on the embedded engines of a laptop and, in
 * memory, in tests.
 *
 * @param files the files of large bodies and of handlers
 * @param uploadUrls URLs for uploads into {@code files}
 * @param clock set by hand in tests
 * @param random a secure one outside of tests: ids and keys are drawn from it
 */
public record Engines(
        RowStore rows,
        BodyStore bodies,
        JobQueue queue,
        KeyStore keys,
        Quarantine quarantine,
        ScheduleStore schedules,
        PauseStore pauses,
        LimitStore limits,
        LedgerStore ledger,
        OperatorLog operatorLog,
        FileStore files,
        UploadUrls uploadUrls,
        InstantSource clock,
        RandomGenerator random) {
    /** The jobs, whose bodies follow their rows. */
    public JobStore jobs() {
        return new JobStore(rows, bodies);
    }

    /** The changes of a job as of now. */
    public Lifecycle lifecycle() {
        return new Lifecycle(clock.instant(), new WriteTokens(random).next());
    }

    /** The changes of a job that an operator requests, as of now. */
    public OperatorChanges operatorChanges() {
        return new OperatorChanges(clock.instant(), new WriteTokens(random).next());
    }

    /** The same engines by another clock and with other randomness, for tests and benchmarks. */
    public Engines with(InstantSource otherClock, RandomGenerator otherRandom) {
        return new Engines(
                rows,
                bodies,
                queue,
                keys,
                quarantine,
                schedules,
                pauses,
                limits,
                ledger,
                operatorLog,
                files,
                uploadUrls,
                otherClock,
                otherRandom);
    }
}

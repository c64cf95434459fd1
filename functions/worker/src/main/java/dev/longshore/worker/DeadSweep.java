package dev.longshore.worker;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.JobStore.IndexPlace;
import dev.longshore.job.deadletter.DeadFilter;
import dev.longshore.job.deadletter.DeadJobCursor;
import dev.longshore.task.JobContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chooses dead jobs batch by batch, for a maintenance job that does something with each. The job's checkpoint has a batch, and
 * where the next one starts, before anything is done with the batch: a later attempt finishes the same batch and continues
 * with the next, and the limit holds.
 *
 * <p>When the attempt's time is short it gives the job back, which uses up no attempt.
 */
final class DeadSweep {
    static final int BATCH = 50;

    /** The time that one more batch may need. */
    static final Duration FOR_A_BATCH = Duration.ofSeconds(4);

    private static final int PAGE = 100;

    /** A dead job of a batch, by the death that it was chosen for. */
    record Chosen(String id, @Nullable String fingerprint) {}

    /**
     * The checkpoint.
     *
     * @param done how many jobs were redriven or purged
     * @param skipped how many were no longer dead when their batch was done
     * @param batch what is being done, or was done and is watched
     * @param places where the cursor is after the batch
     * @param firstDeath the earliest death that was met
     * @param wave how many waves of a canary are over
     * @param watchedSince since when the batch is watched until it ends; null when it is not watched
     * @param pacedSince when the first job of the pace became due
     * @param pacedFrom how many were done then
     */
    record Position(
            int done,
            int skipped,
            List<Chosen> batch,
            Map<String, IndexPlace> places,
            @Nullable Instant firstDeath,
            int wave,
            @Nullable Instant watchedSince,
            @Nullable Instant pacedSince,
            int pacedFrom) {
        static final Position START = new Position(0, 0, List.of(), Map.of(), null, 0, null, null, 0);

        Position chosen(List<Chosen> jobs, Map<String, IndexPlace> behind, @Nullable Instant first) {
            return new Position(done, skipped, jobs, behind, first, wave, watchedSince, pacedSince, pacedFrom);
        }

        Position counted(int more, int moreSkipped) {
            return new Position(
                    done + more,
                    skipped + moreSkipped,
                    batch,
                    places,
                    firstDeath,
                    wave,
                    watchedSince,
                    pacedSince,
                    pacedFrom);
        }

        Position watched(Instant since) {
            return new Position(done, skipped, batch, places, firstDeath, wave, since, pacedSince, pacedFrom);
        }

        Position nextWave() {
            return new Position(done, skipped, List.of(), places, firstDeath, wave + 1, null, pacedSince, pacedFrom);
        }

        Position paced(Instant since) {
            return new Position(done, skipped, batch, places, firstDeath, wave, watchedSince, since, done);
        }
    }

    private final JobStore jobs;
    private final DeadFilter filter;
    private final Instant to;
    private final int limit;
    private final JobContext job;
    private final DeadJobCursor walk;
    private final Position begun;
    private Position position;

    DeadSweep(JobStore jobs, DeadFilter filter, int limit, JobContext job) {
        this.jobs = jobs;
        this.filter = filter;
        this.to = Objects.requireNonNull(filter.to(), "the API sets the time of the order");
        this.limit = limit;
        this.job = job;
        this.begun = job.checkpoint(Position.class).orElse(Position.START);
        this.position = begun;
        Instant from = Objects.requireNonNullElse(filter.from(), Instant.EPOCH);
        this.walk = new DeadJobCursor(jobs, from, to, position.places(), PAGE);
    }

    Position position() {
        return position;
    }

    /** Whether an earlier attempt chose a batch and may not have finished it. */
    boolean isUnfinished() {
        return !position.batch().isEmpty() && position.watchedSince() == null;
    }

    /** Chooses at most {@code most} jobs; none when all are done. The checkpoint keeps them. */
    List<Job> choose(int most) {
        stopIfAsked();
        List<Job> chosen = new ArrayList<>();
        Instant first = position.firstDeath();
        int room = Math.min(most, limit - position.done() - position.skipped());
        boolean ended = room == 0;
        while (!ended && chosen.size() < room && !(chosen.isEmpty() && isTimeShort())) {
            Optional<Job> next = walk.next();
            ended = next.isEmpty();
            first = first == null ? next.map(DeadJobCursor::diedAt).orElse(null) : first;
            next.filter(filter::matches).filter(dead -> !dead.isPurged(to)).ifPresent(chosen::add);
        }
        position = position.chosen(
                chosen.stream()
                        .map(dead -> new Chosen(dead.id().text(), dead.fingerprint()))
                        .toList(),
                walk.places(),
                first);
        if (chosen.isEmpty() && !ended) {
            throw position.equals(begun) ? job.snooze(Duration.ofSeconds(1)) : job.continueWith(position);
        }
        job.checkpoint(position);
        return chosen;
    }

    /** The row of a job that was chosen, if it is still dead of the same death. */
    Optional<Job> ifStillDead(Chosen chosen) {
        return find(chosen)
                .filter(row -> row.state() == JobState.DEAD
                        && row.indexedAt() != null
                        && !row.indexedAt().isAfter(to));
    }

    Optional<Job> find(Chosen chosen) {
        return jobs.find(new JobId(chosen.id()));
    }

    /** The batch is done. */
    void finished(int done, int skipped) {
        position = position.counted(done, skipped).chosen(List.of(), position.places(), position.firstDeath());
        report();
    }

    /** The batch was sent; from now on it is watched until its jobs end. */
    void watch(int done, int skipped, Instant now) {
        position = position.counted(done, skipped).watched(now);
        job.checkpoint(position);
        report();
    }

    void nextWave() {
        position = position.nextWave();
    }

    /** Starts the pace at which jobs become due; later calls do nothing. */
    void startPace(Instant now) {
        if (position.pacedSince() == null) {
            position = position.paced(now);
        }
    }

    private void report() {
        job.progress(percent(), position.done() + " done, " + position.skipped() + " skipped");
    }

    private void stopIfAsked() {
        if (job.cancelRequested()) {
            throw job.cancelled();
        }
    }

    private boolean isTimeShort() {
        return job.timeLeft().compareTo(FOR_A_BATCH) < 0;
    }

    /** Of the limit, or of the time in which the jobs died: whichever is further. */
    private int percent() {
        long ofLimit = 100L * (position.done() + position.skipped()) / limit;
        Instant first = position.firstDeath();
        Instant reached = position.places().values().stream()
                .map(IndexPlace::at)
                .max(Instant::compareTo)
                .orElse(null);
        if (first == null || reached == null || !to.isAfter(first)) {
            return (int) ofLimit;
        }
        long ofTime = 100
                * Duration.between(first, reached).toMillis()
                / Duration.between(first, to).toMillis();
        return (int) Math.min(100, Math.max(ofLimit, ofTime));
    }
}

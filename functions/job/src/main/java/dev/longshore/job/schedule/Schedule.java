package dev.longshore.job.schedule;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longshore.job.JobId;
import dev.longshore.job.NewJob;
import dev.longshore.job.Sha256;
import dev.longshore.job.engines.ScheduleHandover;
import dev.longshore.task.ScheduleSpec;
import dev.longshore.task.Times;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes jobs of a task by the clock. Immutable; {@link ScheduleStore#write} writes a change only if the schedule was not
 * changed since it was read.
 *
 * @param declared whether the code declares it; then only the code changes when it fires and what it makes
 * @param next the earliest instant that no tick has handled yet
 * @param last the outcome of the instant before
 * @param skipped how many instants made no job, ever; one whose tick died after it had made the job may count too
 * @param format the version of the row's format
 * @param version one more with each write, from the milliseconds at which it was made: one that is deleted and made again in
 *     another millisecond is another; not positive for one that is in no store
 * @param generation raised whenever an operator or a deployment changes what it makes, or whether it makes anything, to the
 *     milliseconds of that change; 0 for one from before there were generations
 * @param series the generation since which its instants count: raised when it is made, is resumed, or fires at other times;
 *     part of the ids of its jobs
 * @param outdated the definitions whose jobs that were made ahead are still to be taken back: {@link ScheduleHandover}
 */
public record Schedule(
        String name,
        String task,
        ScheduleSpec spec,
        boolean paused,
        boolean declared,
        Instant next,
        @Nullable Firing last,
        long skipped,
        int format,
        long version,
        long generation,
        long series,
        List<Outdated> outdated) {

    public Schedule {
        outdated = List.copyOf(outdated);
    }

    /** The format that this code writes. */
    public static final int FORMAT = 1;

    /** By how much earlier than its time a job may be made; the dispatcher comes once a minute. */
    public static final Duration LEAD = Duration.ofMinutes(1);

    /** No function of Lambda runs longer ("Lambda quotas"). */
    private static final Duration LONGEST_WRITE = Duration.ofMinutes(15);

    /** By how much the clock of a dispatcher may be ahead of another's. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    /**
     * The outcome of one instant.
     *
     * @param job the schedule's last job; made for this instant if the outcome says so
     */
    public record Firing(Instant instant, @Nullable JobId job, FiringResult outcome) {}

    /**
     * A definition that was replaced, as far as its jobs can be found by it.
     *
     * @param since when it was replaced: a job whose time had come by then stays
     * @param carriedOver whether its instants are those of the definition that followed, and get jobs of that
     */
    public record Outdated(
            @JsonProperty("cron") Times times,
            String zone,
            int jitterSeconds,
            long generation,
            long series,
            Instant since,
            boolean carriedOver) {

        /**
         * The instants whose jobs may be made, and were not due yet when the definition was replaced. The change may have been
         * written up to {@link #LONGEST_WRITE} after it was decided, and jobs were made until then.
         */
        public Stream<Instant> instantsAhead(String schedule, Instant now) {
            Instant written = now.isBefore(since.plus(LONGEST_WRITE)) ? now : since.plus(LONGEST_WRITE);
            Instant last = (written.isAfter(since) ? written : since).plus(LEAD).plus(CLOCKS_DIFFER);
            return times.after(since.minusSeconds(jitterSeconds).minusMillis(1), ZoneId.of(zone))
                    .takeWhile(instant -> !instant.isAfter(last))
                    .filter(instant ->
                            ScheduledJobs.due(schedule, instant, jitterSeconds).isAfter(since));
        }

        Outdated withoutSuccessor() {
            return new Outdated(times, zone, jitterSeconds, generation, series, since, false);
        }
    }

    /** What can become of an instant. */
    public enum FiringResult {
        /** It made a job. */
        CREATED,
        /** An operator made a job now. */
        RUN_NOW,
        /** The job before was not finished. */
        SKIPPED,
        /** Another job of the task has the unique key. */
        DUPLICATE,
        /** No tick handled it in time. */
        MISSED,
        /** The deployment has no such task. */
        UNKNOWN_TASK
    }

    /** A schedule that has not fired yet. */
    public static Schedule of(String name, String task, ScheduleSpec spec, boolean declared, Instant now) {
        long millis = now.toEpochMilli();
        return new Schedule(
                name, task, spec, false, declared, spec.next(now), null, 0, FORMAT, -millis, millis, millis, List.of());
    }

    /** Makes jobs by this task and spec from now on. If the instants stay the same, none is lost or doubled. */
    public Schedule changedTo(String task, ScheduleSpec spec, boolean declared, Instant now) {
        boolean sameInstants = this.spec.firesLike(spec);
        Schedule taken = with(task, spec, paused, declared, sameInstants ? next : spec.next(now));
        return this.task.equals(task) && this.spec.equals(spec) ? taken : taken.after(this, sameInstants, now);
    }

    /** The definition that a job is made of: a job made by it is refused once the schedule was changed. */
    public NewJob.OfSchedule asRead() {
        return new NewJob.OfSchedule(name, generation);
    }

    /** It makes no jobs by itself. */
    public Schedule pause(Instant now) {
        return paused ? this : with(task, spec, true, declared, next).after(this, false, now);
    }

    /** It makes jobs again; what its pause left out is left out. */
    public Schedule resume(Instant now) {
        return paused ? with(task, spec, false, declared, spec.next(now)).after(this, false, now) : this;
    }

    /** The jobs that outdated definitions had made ahead are taken back; its instants before {@code next} are attended to. */
    public Schedule handedOver(Instant next, @Nullable Firing last) {
        return with(next, last, skipped, version, generation, series, List.of());
    }

    private Schedule with(String task, ScheduleSpec spec, boolean paused, boolean declared, Instant next) {
        return new Schedule(
                name, task, spec, paused, declared, next, last, skipped, format, version, generation, series, outdated);
    }

    /** In a new generation, with the definition before it outdated; one that is paused has no jobs ahead. */
    private Schedule after(Schedule before, boolean carriedOver, Instant now) {
        long raised = Math.max(generation + 1, now.toEpochMilli());
        List<Outdated> replaced = new ArrayList<>(outdated);
        if (!before.paused) {
            ScheduleSpec was = before.spec;
            replaced.add(
                    new Outdated(was.times(), was.zone(), was.jitterSeconds(), generation, series, now, carriedOver));
        }
        if (!carriedOver) {
            replaced.replaceAll(Outdated::withoutSuccessor);
        }
        return with(next, last, skipped, version, raised, carriedOver ? series : raised, replaced);
    }

    /** Its instants before {@code next} are handled. */
    public Schedule advance(Instant next, Firing last, long skippedMore) {
        return with(next, last, skipped + skippedMore, version, generation, series, outdated);
    }

    /** An operator made a job of it. */
    public Schedule ranNow(Instant now, JobId job) {
        return advance(next, new Firing(now, job, FiringResult.RUN_NOW), 0);
    }

    /** Whether it is in no store. */
    public boolean isNew() {
        return version <= 0;
    }

    /** As a store keeps it once it is written. */
    public Schedule written() {
        long raised = isNew() ? Math.max(1, -version) : version + 1;
        return with(next, last, skipped, raised, generation, series, outdated);
    }

    private Schedule with(
            Instant next,
            @Nullable Firing last,
            long skipped,
            long version,
            long generation,
            long series,
            List<Outdated> outdated) {
        return new Schedule(
                name, task, spec, paused, declared, next, last, skipped, format, version, generation, series, outdated);
    }

    /**
     * When the dispatcher has to look at it; empty while it is paused. At once when jobs of an outdated definition are still to
     * be taken back. Else a little early, so that the job starts on time; but when the job before matters, only at the time
     * itself: it may finish until then.
     */
    public Optional<Instant> wakesAt() {
        if (!outdated.isEmpty()) {
            return Optional.of(outdated.getFirst().since());
        }
        if (paused) {
            return Optional.empty();
        }
        return Optional.of(spec.overlap() == ScheduleSpec.Overlap.ALLOW ? next.minus(LEAD) : next);
    }

    /** Whether newer code wrote it in a format that this code does not know. */
    public boolean isFromNewerCode() {
        return format > FORMAT;
    }

    /** One of sixteen parts that all schedules fall into evenly. */
    public String shard() {
        return shardOf(name);
    }

    /** The shard of a schedule's name. */
    public static String shardOf(String name) {
        return Sha256.hex(name).substring(1, 2);
    }
}

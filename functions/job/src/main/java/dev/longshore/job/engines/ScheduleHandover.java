package dev.longshore.job.engines;

import dev.longshore.job.Change;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.NewJob;
import dev.longshore.job.OutdatedScheduleException;
import dev.longshore.job.Parallel;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.job.schedule.Schedule.Firing;
import dev.longshore.job.schedule.Schedule.Outdated;
import dev.longshore.job.schedule.ScheduleStore;
import dev.longshore.job.schedule.ScheduledJobs;
import dev.longshore.task.Task;
import dev.longshore.task.TaskDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes a schedule so that no job of its old definition starts once the change is answered.
 *
 * <p>The change itself raises the schedule's generation; from then on no dispatcher can create a job of an older one ({@link
 * NewJob#ofSchedule}). The jobs that exist, made in the minute before their instant or waiting for their jitter, are found by
 * their derived ids and cancelled, unless a worker has started them. Where the schedule fires at the same times as before, an
 * instant whose job was cancelled gets a job of the new definition. Only then is the schedule marked as handed over; until then
 * each tick of the dispatcher does the same, so that a crash between any two calls neither leaks nor loses a job.
 *
 * <p>A job whose time had come before the change stays as it was made, also when it still waits for a worker.
 */
public final class ScheduleHandover {
    private static final int TRIES = 8;
    private static final int AT_ONCE = 64;
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleHandover.class);

    private final Engines engines;
    private final Function<String, Optional<TaskDescription>> tasks;
    private final Enqueuer enqueuer;
    private final WriteTokens tokens;

    /** The state of the job that an outdated definition may have made for an instant. */
    private sealed interface Ahead {
        /** There was none. */
        record None() implements Ahead {}

        /** It was cancelled, now or by an earlier try. */
        record TakenBack(boolean carriedOver) implements Ahead {}

        /**
         * The instant is handled: a worker has started the job, an operator has ended it, or it is one of the new
         * definition, which another handover of the same change has let a dispatcher make.
         */
        record Handled(JobId job) implements Ahead {}

        /** Of the jobs of two definitions for one instant: one that was started counts, then one that gets a successor. */
        static Ahead of(Ahead one, Ahead other) {
            if (one instanceof Handled || other instanceof None) {
                return one;
            }
            return other instanceof Handled || one instanceof None || other.equals(new TakenBack(true)) ? other : one;
        }
    }

    /** @param tasks finds a task by its name or an alias */
    public ScheduleHandover(Engines engines, Function<String, Optional<TaskDescription>> tasks) {
        this.engines = engines;
        this.tasks = tasks;
        this.enqueuer = new Enqueuer(engines);
        this.tokens = new WriteTokens(engines.random());
    }

    /**
     * As {@link ScheduleStore#put}, with the handover.
     *
     * @return the schedule as it is after that; as it was read when it was deleted meanwhile
     */
    public Schedule put(String name, Function<Optional<Schedule>, Schedule> change) {
        Schedule changed = engines.schedules().put(name, change);
        return handOver(changed).orElse(changed);
    }

    /** As {@link ScheduleStore#change}, with the handover; empty when there is none of that name, or none any more. */
    public Optional<Schedule> change(String name, UnaryOperator<Schedule> change) {
        return engines.schedules().change(name, change).flatMap(this::handOver);
    }

    /**
     * Deletes a schedule, after its jobs that were made ahead are taken back. It is paused first: after a failure it stays
     * paused, and is to be deleted again.
     *
     * @return false when it was changed since it was read
     */
    public boolean delete(Schedule schedule) {
        Schedule paused = schedule.pause(now());
        if (!paused.equals(schedule)) {
            if (!engines.schedules().write(paused)) {
                return false;
            }
            paused = paused.written();
        }
        Optional<Schedule> handedOver = handOver(paused);
        return handedOver.isPresent()
                && handedOver.get().paused()
                && engines.schedules().delete(handedOver.get());
    }

    /**
     * Takes back what outdated definitions of a schedule had made ahead, if it has any; doing it again does no harm.
     *
     * @return the schedule as it is after that; empty when it is gone
     */
    public Optional<Schedule> handOver(Schedule schedule) {
        Optional<Schedule> current = Optional.of(schedule);
        for (int tries = 0; tries < TRIES; tries++) {
            if (current.isEmpty() || current.get().outdated().isEmpty()) {
                return current;
            }
            Schedule read = current.get();
            try {
                Schedule handedOver = takeBack(read);
                if (engines.schedules().write(handedOver)) {
                    return Optional.of(handedOver.written());
                }
            } catch (OutdatedScheduleException e) {
                LOG.info("Schedule {} was changed in the middle of its handover, which begins anew", read.name());
            }
            current = engines.schedules().find(read.name());
        }
        throw new StoreUnavailableException(
                "The schedule " + schedule.name() + " changes too fast to be handed over",
                new IllegalStateException("others were quicker " + TRIES + " times"));
    }

    private Schedule takeBack(Schedule schedule) {
        Map<Instant, Ahead> ahead = new TreeMap<>();
        for (Outdated definition : schedule.outdated()) {
            List<Instant> instants =
                    definition.instantsAhead(schedule.name(), now()).toList();
            for (int from = 0; from < instants.size(); from += AT_ONCE) {
                List<Instant> some = instants.subList(from, Math.min(instants.size(), from + AT_ONCE));
                List<Ahead> became = Parallel.each(some, instant -> takeBack(schedule, definition, instant));
                for (int i = 0; i < some.size(); i++) {
                    ahead.merge(some.get(i), became.get(i), Ahead::of);
                }
            }
        }
        return succeeded(schedule, ahead);
    }

    /** The job that a dispatcher made, or the one that took its place when the schedule was changed before. */
    private Ahead takeBack(Schedule schedule, Outdated definition, Instant instant) {
        Ahead first = takeBack(schedule, definition, ScheduledJobs.id(schedule.name(), instant, definition.series()));
        return definition.generation() == definition.series()
                ? first
                : Ahead.of(
                        first,
                        takeBack(
                                schedule,
                                definition,
                                ScheduledJobs.id(schedule.name(), instant, definition.generation())));
    }

    private Ahead takeBack(Schedule schedule, Outdated definition, JobId id) {
        Optional<Job> job = engines.jobs().find(id);
        if (job.isEmpty()) {
            return new Ahead.None();
        }
        String by = "schedule:" + schedule.name();
        Change cancel =
                engines.operatorChanges().cancelUnstarted(job.get(), definition.generation(), retention(job.get()), by);
        return switch (engines.jobs().apply(id, cancel)) {
            case Change.Outcome.Done _ -> new Ahead.TakenBack(definition.carriedOver());
            case Change.Outcome.Refused(Job current) ->
                isCancelled(current, by) ? new Ahead.TakenBack(definition.carriedOver()) : new Ahead.Handled(id);
            case Change.Outcome.Missing _ -> new Ahead.None();
        };
    }

    private static boolean isCancelled(Job job, String by) {
        return job.state() == JobState.CANCELLED
                && job.fence() == 0
                && by.equals(job.history().getLast().by());
    }

    /**
     * Gives the instants whose jobs were taken back jobs of the new definition, where that fires at them too, and moves the
     * schedule on behind those that are handled.
     */
    private Schedule succeeded(Schedule schedule, Map<Instant, Ahead> ahead) {
        Instant next = schedule.next();
        Firing last = schedule.last();
        for (Map.Entry<Instant, Ahead> of : ahead.entrySet()) {
            Instant instant = of.getKey();
            Optional<JobId> job = switch (of.getValue()) {
                case Ahead.None _ -> Optional.empty();
                case Ahead.TakenBack(boolean carriedOver) ->
                    carriedOver && firesAt(schedule, instant) ? succeed(schedule, instant) : Optional.empty();
                case Ahead.Handled(JobId started) -> Optional.of(started);
            };
            if (job.isPresent() && !instant.isBefore(next)) {
                last = new Firing(instant, job.get(), Schedule.FiringResult.CREATED);
                next = schedule.spec().next(instant);
            } else if (job.isPresent() && last != null && last.instant().equals(instant)) {
                last = new Firing(instant, job.get(), last.outcome());
            }
        }
        return schedule.handedOver(next, last);
    }

    private static boolean firesAt(Schedule schedule, Instant instant) {
        return !schedule.paused()
                && schedule.spec().next(instant.minusMillis(1)).equals(instant);
    }

    private Optional<JobId> succeed(Schedule schedule, Instant instant) {
        return tasks.apply(schedule.task()).flatMap(task -> {
            NewJob job = ScheduledJobs.inPlaceOfAnother(schedule, task, instant, now(), tokens.next());
            JobStore.Creation creation = enqueuer.enqueue(job);
            return creation instanceof JobStore.Creation.Duplicate // the dispatcher decides at the instant
                    ? Optional.empty()
                    : Optional.of(creation.job().id());
        });
    }

    private Duration retention(Job job) {
        return tasks.apply(job.task()).map(TaskDescription::retention).orElse(Task.USUAL_RETENTION);
    }

    private Instant now() {
        return Instant.ofEpochMilli(engines.clock().instant().toEpochMilli());
    }
}

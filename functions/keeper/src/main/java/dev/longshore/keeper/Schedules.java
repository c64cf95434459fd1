package dev.longshore.keeper;

import dev.longshore.job.Deadline;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.NewJob;
import dev.longshore.job.OutdatedScheduleException;
import dev.longshore.job.Page;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.job.engines.Enqueuer.BatchResult;
import dev.longshore.job.engines.ScheduleHandover;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.job.schedule.Schedule.Firing;
import dev.longshore.job.schedule.Schedule.FiringResult;
import dev.longshore.job.schedule.ScheduledJobs;
import dev.longshore.task.ScheduleSpec;
import dev.longshore.task.TaskDescription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the jobs of schedules whose time has come. First the jobs, under ids that follow from the schedule and the
 * instant; then the schedule moves on, unless another tick has moved it. So a tick that dies in between, or two at once, make
 * the same jobs again, which is making them once; and there is no lock that a crash could leave.
 */
final class Schedules {
    private static final int PAGE = 100;
    private static final int BATCH = 100;
    private static final int TRIES = 4;
    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);

    private final Engines engines;
    private final Map<String, TaskDescription> tasks;
    private final Enqueuer enqueuer;
    private final PreviousRun previousRun;
    private final WriteTokens tokens;
    private final ScheduleHandover handover;

    Schedules(Engines engines, List<TaskDescription> tasks) {
        this.engines = engines;
        this.tasks = TaskDescription.byName(tasks);
        this.enqueuer = new Enqueuer(engines);
        this.previousRun = new PreviousRun(engines, this.tasks);
        this.tokens = new WriteTokens(engines.random());
        this.handover = new ScheduleHandover(engines, name -> Optional.ofNullable(this.tasks.get(name)));
    }

    /**
     * Goes through all shards side by side until they are caught up or the deadline is over.
     *
     * @return how many jobs it made, counting those that were there already
     */
    int fire(Deadline deadline) {
        LongAdder made = new LongAdder();
        ShardWalk.through("the schedules", deadline, (String shard, @Nullable String after) -> {
            Instant now = engines.clock().instant();
            Page<Schedule, String> due = engines.schedules().due(shard, now, PAGE, after);
            due.items().forEach(schedule -> made.add(fireOrLeave(schedule, now)));
            return due.next();
        });
        return made.intValue();
    }

    private int fireOrLeave(Schedule schedule, Instant now) {
        try {
            return schedule.isFromNewerCode() ? 0 : fireAsItIs(schedule, now);
        } catch (RuntimeException e) {
            FailedPart.leave(LOG, e, "Schedule {} was left; the next tick tries again", schedule.name());
            return 0;
        }
    }

    /** A schedule that is changed while it fires is read again: by its new definition it may fire at the same instant. */
    private int fireAsItIs(Schedule schedule, Instant now) {
        Optional<Schedule> current = handover.handOver(schedule);
        for (int tries = 0; tries < TRIES && current.filter(isDue(now)).isPresent(); tries++) {
            try {
                return fire(current.get(), now);
            } catch (OutdatedScheduleException e) {
                LOG.info("Schedule {} was changed while it fired; reading it again", schedule.name());
                current = engines.schedules().find(schedule.name()).flatMap(handover::handOver);
            }
        }
        return 0;
    }

    private static Predicate<Schedule> isDue(Instant now) {
        return schedule -> schedule.wakesAt().filter(time -> !time.isAfter(now)).isPresent();
    }

    /** @throws OutdatedScheduleException when it was changed since it was read; some of its jobs may be made */
    int fire(Schedule schedule, Instant now) {
        ScheduleSpec spec = schedule.spec();
        TaskDescription task = tasks.get(schedule.task());
        // a unique job before may end until the instant
        boolean ahead = spec.overlap() == ScheduleSpec.Overlap.ALLOW && (task == null || task.unique() == null);
        Instant until = ahead ? now.plus(Schedule.LEAD) : now;
        if (schedule.next().isAfter(until)) {
            return 0;
        }
        DueInstants due = DueInstants.of(schedule, now, until);
        Made all = Made.NONE;
        FiringResult otherwise = FiringResult.SKIPPED;
        if (task == null) {
            LOG.error(
                    "Schedule {} makes jobs of the task {}, which this deployment does not have; change or delete it",
                    schedule.name(),
                    schedule.task());
            otherwise = FiringResult.UNKNOWN_TASK;
        } else if (due.chosen().isEmpty()) {
            otherwise = FiringResult.MISSED;
        } else {
            all = make(
                    schedule,
                    due.chosen().stream()
                            .map(instant -> ScheduledJobs.at(schedule, task, instant, now, tokens.next()))
                            .toList());
            otherwise = all.lastIsDuplicate() ? FiringResult.DUPLICATE : FiringResult.SKIPPED;
        }
        List<JobId> made = all.jobs();
        JobId job = made.isEmpty() ? lastJob(schedule) : made.getLast();
        boolean madeLast = !made.isEmpty() && made.getLast().time().equals(due.last());
        Firing last = new Firing(due.last(), job, madeLast ? FiringResult.CREATED : otherwise);
        moveOn(schedule, due.next(), last, due.count() - made.size());
        return made.size();
    }

    /**
     * What was made of some instants.
     *
     * @param lastIsDuplicate whether the last instant made no job because another has the unique key
     */
    private record Made(List<JobId> jobs, boolean lastIsDuplicate) {
        static final Made NONE = new Made(List.of(), false);
    }

    /** Makes the jobs, one per instant, that the overlap policy and the task's unique key allow. Making them again changes nothing. */
    private Made make(Schedule schedule, List<NewJob> jobs) {
        return switch (schedule.spec().overlap()) {
            case ALLOW -> enqueue(jobs);
            case SKIP -> enqueueUnlessOlderIsUnfinished(lastJob(schedule), jobs);
            case CANCEL -> {
                String by = "schedule:" + schedule.name();
                previousRun.cancel(lastJob(schedule), by);
                // a tick that died may have made one of them
                jobs.subList(0, jobs.size() - 1).forEach(job -> previousRun.cancel(job.id(), by));
                yield enqueue(List.of(jobs.getLast()));
            }
        };
    }

    private Made enqueueUnlessOlderIsUnfinished(@Nullable JobId last, List<NewJob> jobs) {
        List<JobId> made = new ArrayList<>();
        JobId older = last;
        boolean duplicate = false;
        for (NewJob job : jobs) {
            duplicate = false;
            if (previousRun.isUnfinished(older)) {
                continue;
            }
            JobStore.Creation creation = enqueuer.enqueue(job);
            if (creation instanceof JobStore.Creation.Duplicate) {
                duplicate = true;
                continue;
            }
            made.add(job.id());
            if (creation instanceof JobStore.Creation.Created) {
                break; // it is the older one of all that follow
            }
            older = job.id();
        }
        return new Made(made, duplicate);
    }

    /** Another tick or an operator may have changed it meanwhile; a job that was made is its last one all the same. */
    private void moveOn(Schedule schedule, Instant next, Firing last, long skipped) {
        if (engines.schedules().write(schedule.advance(next, last, skipped))) {
            return;
        }
        LOG.info("Schedule {} was changed by an operator or another tick meanwhile", schedule.name());
        if (last.outcome() != FiringResult.CREATED) {
            return; // the next tick decides by the schedule as it is then
        }
        engines.schedules().change(schedule.name(), current -> {
            if (current.generation() != schedule.generation()) {
                return current; // changed, and its handover has handled the job
            }
            if (current.next().equals(schedule.next())) {
                return current.advance(next, last, skipped); // an operator ran it
            }
            if (current.next().equals(next) && leftOut(last, current.last())) {
                return current.advance(next, last, -1); // handled, and skipped for a job that has ended since
            }
            return current;
        });
    }

    private static @Nullable JobId lastJob(Schedule schedule) {
        return Optional.ofNullable(schedule.last()).map(Firing::job).orElse(null);
    }

    /** Whether another tick made no job at the same instant. A job that an operator made since does not count. */
    private static boolean leftOut(Firing made, @Nullable Firing other) {
        return other != null && other.instant().equals(made.instant()) && other.outcome() != FiringResult.CREATED;
    }

    /** @throws RuntimeException when one of them could not be kept; then all are made again at the next tick */
    private Made enqueue(List<NewJob> jobs) {
        List<JobId> made = new ArrayList<>();
        boolean duplicate = false;
        for (int from = 0; from < jobs.size(); from += BATCH) {
            List<NewJob> batch = jobs.subList(from, Math.min(jobs.size(), from + BATCH));
            List<BatchResult> results = enqueuer.enqueueInOrder(batch);
            for (int i = 0; i < batch.size(); i++) {
                switch (results.get(i)) {
                    case BatchResult.Failed(RuntimeException cause) -> throw cause;
                    case BatchResult.Accepted(JobStore.Creation.Duplicate _) -> duplicate = true;
                    case BatchResult.Accepted _ -> {
                        made.add(batch.get(i).id());
                        duplicate = false;
                    }
                }
            }
        }
        return new Made(made, duplicate);
    }
}

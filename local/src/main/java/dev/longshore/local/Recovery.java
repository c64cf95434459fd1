package dev.longshore.local;

import dev.longshore.job.Condition;
import dev.longshore.job.Field;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.Page;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Enqueuer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes over the rows whenever a worker starts. The messages of jobs that were running or received when the worker before was
 * stopped or killed stay hidden for minutes. The rows are the truth, so the messages of all unfinished jobs are sent again at
 * once. The old messages find the jobs ended, and are deleted.
 */
final class Recovery {
    private static final Duration LOOKED_BACK = Duration.ofDays(31);
    private static final int MOST = 1_000;
    private static final int PAGE = 100;
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Engines engines;
    private final Enqueuer enqueuer;

    Recovery(Engines engines) {
        this.engines = engines;
        this.enqueuer = new Enqueuer(engines);
    }

    void sendAgain() {
        Instant now = engines.clock().instant();
        int sent = 0;
        Page<Job, JobId> page = page(now, null);
        while (true) {
            for (Job job : page.items()) {
                enqueuer.nudge(job, now);
                sent++;
            }
            if (page.next() == null || sent >= MOST) {
                break;
            }
            page = page(now, page.next());
        }
        if (sent > 0) {
            LOG.info("The messages of {} unfinished jobs are sent again", sent);
        }
    }

    private Page<Job, JobId> page(Instant now, @Nullable JobId before) {
        Condition unfinished = Condition.any(
                Condition.is(JobState.RUNNING),
                Condition.all(
                        new Condition.In(
                                Field.STATE,
                                List.of(JobState.SCHEDULED.name(), JobState.QUEUED.name(), JobState.RETRYING.name())),
                        new Condition.AtMost(Field.DUE, now.toEpochMilli())));
        return engines.jobs()
                .list(new JobStore.Query(
                        now.minus(LOOKED_BACK), now.plus(Duration.ofDays(1)), unfinished, PAGE, before));
    }
}

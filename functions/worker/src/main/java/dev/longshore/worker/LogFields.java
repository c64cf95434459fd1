package dev.longshore.worker;

import dev.longshore.job.Job;
import org.slf4j.MDC;

/** Puts a job's id, task, attempt and fence into every log line of this thread, until it is closed. */
final class LogFields implements AutoCloseable {
    private static final String JOB = "job";
    private static final String TASK = "task";
    private static final String ATTEMPT = "attempt";
    private static final String FENCE = "fence";

    private LogFields() {}

    static LogFields of(Job job) {
        MDC.put(JOB, job.id().text());
        MDC.put(TASK, job.task());
        MDC.put(ATTEMPT, Integer.toString(job.attempt()));
        MDC.put(FENCE, Long.toString(job.fence()));
        return new LogFields();
    }

    @Override
    public void close() {
        MDC.remove(JOB);
        MDC.remove(TASK);
        MDC.remove(ATTEMPT);
        MDC.remove(FENCE);
    }
}

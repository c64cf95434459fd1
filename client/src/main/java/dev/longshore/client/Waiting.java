package dev.longshore.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Waits for the end of jobs by reading them again and again. */
final class Waiting {
    private static final double FIRST_POLL_MILLIS = 250;
    private static final double LONGEST_POLL_MILLIS = 5_000;

    private final Transport transport;

    Waiting(Transport transport) {
        this.transport = transport;
    }

    Job await(String id, Duration timeout) {
        Pacing pacing = transport.pacing();
        long end = pacing.elapsed() + timeout.toMillis();
        String last = "was not read";
        @Nullable LongshoreException failed = null;
        for (double poll = FIRST_POLL_MILLIS; ; poll = Math.min(LONGEST_POLL_MILLIS, poll * 1.5)) {
            try {
                Job job = read(id, Duration.ofMillis(Math.max(1, end - pacing.elapsed())));
                if (job.state().ended()) {
                    return job;
                }
                last = "is " + job.state();
            } catch (LongshoreException e) {
                if (!e.retryable()) {
                    throw e;
                }
                failed = e;
            }
            long left = end - pacing.elapsed();
            if (left <= 0) {
                throw new CallTimeoutException(Failure.own(
                        "The job has not ended",
                        "Job " + id + " " + last + " after " + timeout.toMillis() + " ms, and was to have ended",
                        null,
                        true,
                        failed));
            }
            long wait = (long) (poll * (0.75 + pacing.random() / 2));
            transport.sleep(Duration.ofMillis(Math.min(left, wait)), "the wait for job " + id);
        }
    }

    private Job read(String id, Duration atMost) {
        return transport.send(Call.of("GET", Call.path("jobs", id)).atMost(atMost), Job.class);
    }
}

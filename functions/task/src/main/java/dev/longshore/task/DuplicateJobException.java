package dev.longshore.task;

/**
 * Thrown by {@link JobContext#enqueue} when another job has the unique key and the task says {@link OnDuplicate#REJECT}. No job
 * was created. A handler that lets it through has failed, and is tried again by its {@link RetryPolicy}.
 */
public final class DuplicateJobException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String jobId;

    /**
     * @param task the task of the job that was not created
     * @param jobId the job that has the key
     */
    public DuplicateJobException(String task, String jobId) {
        super("A job of task " + task + " was not enqueued: job " + jobId
                + " has the same unique key and has not ended."
                + " Catch this exception to continue without the job, or let the task say OnDuplicate.KEEP");
        this.jobId = jobId;
    }

    /** The job that has the key. */
    public String jobId() {
        return jobId;
    }
}

package dev.longshore.job;

/**
 * The key of a task's unique jobs. One item of the store says which job has it; {@link JobStore} finds out whether that job
 * still does.
 *
 * @param task the task whose jobs it is for
 * @param text as the request has it, or as it follows from the payload
 */
public record UniqueKey(String task, String text) {

    /** One text for the two: no task's name has a line end. */
    public String hash() {
        return Sha256.hex(task + "\n" + text);
    }

    /**
     * Who has a key, as it was read.
     *
     * @param job the job that took the key last; it may have ended, or be gone
     * @param version drawn for each time that the key was taken: the same job takes it again when it is redriven
     */
    public record Holder(JobId job, String version) {}

    @Override
    public String toString() {
        return "a unique key of task " + task; // its text may be a customer's
    }
}

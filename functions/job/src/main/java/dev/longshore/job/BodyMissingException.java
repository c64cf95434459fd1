package dev.longshore.job;

/** A payload or result is not where its job's row says that it is: it was deleted by something other than Longshore. */
public final class BodyMissingException extends RuntimeException {
    public BodyMissingException(JobId job, Body.Apart body) {
        super("The body " + body.place() + " of job " + job + ", of " + body.size() + " bytes, is gone");
    }
}

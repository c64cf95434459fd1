package dev.longshore.job;

/** A schedule was changed, paused or deleted since it was read; the job that was to be made of it was not made. */
public final class OutdatedScheduleException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public OutdatedScheduleException(NewJob.OfSchedule schedule) {
        super("The schedule " + schedule.name() + " is no longer of generation " + schedule.generation());
    }
}

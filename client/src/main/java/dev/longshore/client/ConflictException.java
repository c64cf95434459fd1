package dev.longshore.client;

/** The state of the job, schedule or key forbids the call (409); of a job it is in {@link #state}. */
public final class ConflictException extends LongshoreException {
    private static final long serialVersionUID = 1;

    ConflictException(Failure failure) {
        super(failure);
    }
}

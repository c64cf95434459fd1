package dev.longshore.client;

/** There is no such job, schedule, key or path (404). */
public final class NotFoundException extends LongshoreException {
    private static final long serialVersionUID = 1;

    NotFoundException(Failure failure) {
        super(failure);
    }
}

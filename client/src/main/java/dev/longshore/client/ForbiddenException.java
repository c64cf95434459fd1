package dev.longshore.client;

/** The key lacks the scope, or is restricted to other tasks (403). */
public final class ForbiddenException extends LongshoreException {
    private static final long serialVersionUID = 1;

    ForbiddenException(Failure failure) {
        super(failure);
    }
}

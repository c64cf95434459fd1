package dev.longshore.client;

/** There is no key, or it is unknown, revoked or expired (401). */
public final class UnauthorizedException extends LongshoreException {
    private static final long serialVersionUID = 1;

    UnauthorizedException(Failure failure) {
        super(failure);
    }
}

package dev.longshore.client;

/** The front door throttled each try (429). */
public final class RateLimitedException extends LongshoreException {
    private static final long serialVersionUID = 1;

    RateLimitedException(Failure failure) {
        super(failure);
    }
}

package dev.longshore.client;

/** Longshore or what is in front of it failed at each try (5xx). */
public final class ServerException extends LongshoreException {
    private static final long serialVersionUID = 1;

    ServerException(Failure failure) {
        super(failure);
    }
}

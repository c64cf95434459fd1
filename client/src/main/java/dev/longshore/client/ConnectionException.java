package dev.longshore.client;

/** No whole answer came. The request may have taken effect all the same. */
public final class ConnectionException extends LongshoreException {
    private static final long serialVersionUID = 1;

    ConnectionException(Failure failure) {
        super(failure);
    }
}

package dev.longshore.client;

/** The time of the request, of the call or of a wait was over. The request may have taken effect all the same. */
public final class CallTimeoutException extends LongshoreException {
    private static final long serialVersionUID = 1;

    CallTimeoutException(Failure failure) {
        super(failure);
    }
}

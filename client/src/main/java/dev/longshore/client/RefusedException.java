package dev.longshore.client;

/** The request is wrong (400, 406, 413, 415, 422); {@link #field} says where. */
public final class RefusedException extends LongshoreException {
    private static final long serialVersionUID = 1;

    RefusedException(Failure failure) {
        super(failure);
    }
}

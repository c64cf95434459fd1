package dev.longshore.job;

/** A unique key was taken since it was read; neither the key nor the row of the job that was to take it was written. */
public final class UniqueKeyChangedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UniqueKeyChangedException(UniqueKey key) {
        super("The holder of " + key + " is no longer the one that was read");
    }
}

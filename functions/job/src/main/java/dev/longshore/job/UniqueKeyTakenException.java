package dev.longshore.job;

/** A dead job was not redriven: another job has its unique key, and has not ended. */
public final class UniqueKeyTakenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Job holder;

    UniqueKeyTakenException(Job holder) {
        super("Job " + holder.id() + " has the unique key and is " + holder.state());
        this.holder = holder;
    }

    /** The job that has the key. */
    public Job holder() {
        return holder;
    }
}

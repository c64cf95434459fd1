package dev.longshore.client;

/** How to redrive a dead job. Immutable: each method returns another one. */
public final class Retry {
    private final Fields fields;

    private Retry(Fields fields) {
        this.fields = fields;
    }

    /** As it is. */
    public static Retry unchanged() {
        return new Retry(new Fields());
    }

    /** With another payload. */
    public Retry payload(Object payload) {
        return new Retry(fields.with("payload", Json.tree(payload, "The payload of the retry")));
    }

    /** As another task. */
    public Retry task(String name) {
        return new Retry(fields.with("task", name));
    }

    /** The next attempt continues from the checkpoint, although payload or task is another. */
    public Retry keepCheckpoint() {
        return new Retry(fields.with("keepCheckpoint", true));
    }

    Fields fields() {
        return fields;
    }

    @Override
    public String toString() {
        return "Retry" + fields;
    }
}

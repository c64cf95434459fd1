package dev.longshore.job.pause;

import java.util.Locale;
import java.util.Optional;

/** What an operator can pause: a whole pool, or one task. */
public record Pausable(Kind kind, String name) {
    /** A pool or a task. */
    public enum Kind {
        POOL,
        TASK
    }

    public static Pausable pool(String name) {
        return new Pausable(Kind.POOL, name);
    }

    public static Pausable task(String name) {
        return new Pausable(Kind.TASK, name);
    }

    /** {@code pool:heavy} or {@code task:send-emails}. */
    public String text() {
        return kind.name().toLowerCase(Locale.ROOT) + ":" + name;
    }

    /** Reads what {@link #text} wrote; empty for what newer code may have written. */
    public static Optional<Pausable> parse(String text) {
        String[] sides = text.split(":", 2);
        return switch (sides[0]) {
            case "pool" -> Optional.of(pool(sides[1]));
            case "task" -> Optional.of(task(sides[1]));
            default -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return text();
    }
}

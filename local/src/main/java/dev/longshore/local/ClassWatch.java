package dev.longshore.local;

import dev.longshore.local.ClassFolders.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides from one look at the classes to the next whether a build has changed them, and has ended. */
final class ClassWatch {
    /** How long the files have to stay as they are. */
    static final Duration QUIET = Duration.ofMillis(250);

    /** The same when a file is missing: Maven deletes all classes of a module before it compiles them again. */
    static final Duration QUIET_WHEN_INCOMPLETE = Duration.ofSeconds(10);

    private State running;
    private State taken;
    private @Nullable State seen;
    private Instant seenAt = Instant.EPOCH;

    ClassWatch(State running) {
        this.running = running;
        this.taken = running;
    }

    /** This state was not refused: it runs now. */
    void runs(State accepted) {
        running = accepted;
    }

    /** The state, once it is another than the one that was taken last and a build has left it alone for long enough. */
    Optional<State> settled(State now, Instant at) {
        if (now.equals(taken)) {
            seen = null;
            return Optional.empty();
        }
        if (!now.equals(seen)) {
            seen = now;
            seenAt = at;
            return Optional.empty();
        }
        Duration quiet = now.lacksAFileOf(running) ? QUIET_WHEN_INCOMPLETE : QUIET;
        if (Duration.between(seenAt, at).compareTo(quiet) < 0) {
            return Optional.empty();
        }
        taken = now;
        return Optional.of(now);
    }
}

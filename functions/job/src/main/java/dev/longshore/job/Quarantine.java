package dev.longshore.job;

import java.time.Instant;
import java.util.List;

/** Keeps messages that nobody could read, with their bytes. */
public interface Quarantine {
    /**
     * A message of unknown meaning.
     *
     * @param id the queue's own id of the message: keeping one twice is keeping it once
     * @param expires when it may be forgotten
     */
    record Quarantined(String id, String pool, String body, Instant at, Instant expires) {}

    void keep(Quarantined message);

    /** What is kept, oldest first; at most {@code limit}. */
    List<Quarantined> all(int limit);
}

package dev.longshore.job.deadletter;

import dev.longshore.job.Page;
import dev.longshore.job.StoreUnavailableException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps unreadable messages with their bytes. A message of SQS is Unicode text; what is kept is that text in UTF-8, byte for
 * byte.
 *
 * <p>Every method may throw {@link StoreUnavailableException}.
 */
public interface Quarantine {
    /**
     * An unreadable message.
     *
     * @param id the queue's own id of the message: keeping one twice is keeping it once
     * @param expires when it may be deleted
     */
    record Quarantined(String id, String pool, String body, Instant at, Instant expires) {}

    /**
     * The same without its body.
     *
     * @param size of the body, in bytes of UTF-8
     */
    record Label(String id, String pool, int size, Instant at, Instant expires) {}

    void keep(Quarantined message);

    /**
     * What is kept, by id.
     *
     * @param after only ids after this one; null for all
     */
    Page<Label, String> list(int limit, @Nullable String after);

    Optional<Quarantined> find(String id);

    /** Deletes a message. Returns whether there was one. */
    boolean remove(String id);
}

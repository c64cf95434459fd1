package dev.longshore.job.limit;

import dev.longshore.job.LimitKey;
import dev.longshore.job.Page;
import dev.longshore.job.StoreUnavailableException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the slots of limits, one item a limit and key, and the numbers that operators set in place of the code's.
 *
 * <p>Every method may throw {@link StoreUnavailableException} when a call failed after its own retries; a write may then have
 * been applied or not.
 */
public interface LimitStore {
    /** The state as it is now; {@link LimitState#EMPTY} before the first write. Sees every write before. */
    LimitState find(LimitKey key);

    /**
     * Writes a state if none was written since the one that it was made of.
     *
     * @param before as it was read
     * @param after with the token of this write, unique for each; see {@link LimitState#writtenBy}
     * @param now a state for which no job waits is kept for a day from now on, or from its last lease
     * @return whether it is written, by this call or by an earlier try of it whose response was lost
     */
    boolean replace(LimitKey key, LimitState before, LimitState after, Instant now);

    /**
     * The limits and keys of a shard for whose slots jobs wait, those not attended to for the longest time first. The index lags
     * behind the items.
     *
     * @param attendedUntil only those whose {@link LimitState#attendedAt} is not after this time
     * @param after where the page before ended; null for the first
     */
    Page<LimitKey, String> waiting(String shard, Instant attendedUntil, @Nullable String after, int limit);

    /** The numbers that operators have set, by the names of limits. Sees every write before. */
    Map<String, SetNumber> numbers();

    /** Sets the number of a limit, whatever the code says, until {@link #reset}. */
    void set(String name, SetNumber number);

    /** Removes the number that an operator has set; the code's counts again. */
    void reset(String name);

    /**
     * What an operator has set.
     *
     * @param by the id of the API key
     */
    record SetNumber(int jobs, Instant since, String by) {}
}

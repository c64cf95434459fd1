package dev.longshore.api;

import dev.longshore.job.key.ApiKey;
import dev.longshore.job.key.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The API keys that this environment of the function has read, cached for {@link #LIFETIME}. A revoked key may be accepted
 * for that long.
 *
 * <p>Guessed ids cost a bounded amount of memory and reads. Ids without a key are cached apart from keys, so that they evict
 * none; and when more than {@link #MOST_MISSES} of them were read in {@link #MISS_WINDOW}, unknown ids are looked up in the
 * list of all ids, which is read once in that time.
 */
final class CachedKeys {
    static final Duration LIFETIME = Duration.ofSeconds(60);

    /** How many keys are cached, and how many ids that are none. */
    static final int MOST_CACHED = 1_000;

    static final int MOST_MISSES = 100;
    static final Duration MISS_WINDOW = Duration.ofSeconds(10);

    private final KeyStore keys;
    private final InstantSource clock;
    private final Map<String, Cached> found = new BoundedMap();
    private final Map<String, Cached> missing = new BoundedMap();
    private Instant missesSince = Instant.EPOCH;
    private int misses;
    private Set<String> allIds = Set.of();
    private Instant allIdsSince = Instant.EPOCH;

    private record Cached(Optional<ApiKey> key, Instant since) {
        /** A key is read again in each hour, so that the hour of its last use is not recorded again by every environment. */
        boolean isFresh(Instant now) {
            return now.isBefore(since.plus(LIFETIME))
                    && since.truncatedTo(ChronoUnit.HOURS).equals(now.truncatedTo(ChronoUnit.HOURS));
        }
    }

    /** Evicts its oldest entry when it is full. */
    private static final class BoundedMap extends LinkedHashMap<String, Cached> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Cached> eldest) {
            return size() > MOST_CACHED;
        }
    }

    CachedKeys(KeyStore keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** The key of this id, as it was at most {@link #LIFETIME} ago; a revoked one included. */
    Optional<ApiKey> find(String id) {
        Instant now = clock.instant();
        boolean isCached;
        synchronized (this) {
            Cached cached = found.containsKey(id) ? found.get(id) : missing.get(id);
            if (cached != null && cached.isFresh(now)) {
                return cached.key();
            }
            isCached = found.containsKey(id);
        }
        return isCached || isWorthARead(id, now) ? read(id, now) : Optional.empty();
    }

    private Optional<ApiKey> read(String id, Instant now) {
        Optional<ApiKey> key = keys.apiKey(id);
        synchronized (this) {
            evict(id);
            (key.isPresent() ? found : missing).put(id, new Cached(key, now));
            misses += key.isPresent() ? 0 : 1;
        }
        return key;
    }

    private boolean isWorthARead(String id, Instant now) {
        synchronized (this) {
            if (!now.isBefore(missesSince.plus(MISS_WINDOW))) {
                missesSince = now;
                misses = 0;
            }
            if (misses < MOST_MISSES) {
                return true;
            }
            if (!now.isBefore(allIdsSince.plus(MISS_WINDOW))) {
                allIds = keys.apiKeyIds();
                allIdsSince = now;
            }
            return allIds.contains(id);
        }
    }

    /** Caches a key that was read just now. */
    synchronized void put(ApiKey key) {
        evict(key.id());
        found.put(key.id(), new Cached(Optional.of(key), clock.instant()));
    }

    /** Records that the cached key was used in this hour, without extending its lifetime. */
    synchronized void recordUse(String id, Instant hour) {
        found.computeIfPresent(
                id, (any, cached) -> new Cached(cached.key().map(key -> key.usedAt(hour)), cached.since()));
    }

    /** The next request reads the key again; it was changed here. */
    synchronized void evict(String id) {
        found.remove(id);
        missing.remove(id);
    }

    /** How many ids are cached, those of keys and others. */
    synchronized int size() {
        return found.size() + missing.size();
    }
}

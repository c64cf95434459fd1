package dev.longshore.client;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/** Ids that a client makes for its jobs: UUIDs of version 7 (RFC 9562), which carry the time of their making in milliseconds. */
public final class JobId {
    private static final SecureRandom RANDOM = new SecureRandom();

    private JobId() {}

    /** A new id with the time of now. */
    public static String create() {
        return at(System.currentTimeMillis());
    }

    /** A new id with this time, in milliseconds since 1970. Longshore refuses one that is more than a day from now. */
    public static String at(long millis) {
        long high = (millis << 16) | 0x7000L | RANDOM.nextInt(1 << 12);
        long low = (RANDOM.nextLong() >>> 2) | Long.MIN_VALUE;
        return new UUID(high, low).toString();
    }

    /**
     * The time that an id carries.
     *
     * @throws IllegalArgumentException when it is no UUID of version 7
     */
    public static Instant timeOf(String id) {
        UUID uuid = UUID.fromString(id);
        if (uuid.version() != 7) {
            throw new IllegalArgumentException(
                    "A job's id is a UUID of version 7, and " + id + " is of version " + uuid.version());
        }
        return Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> 16);
    }
}

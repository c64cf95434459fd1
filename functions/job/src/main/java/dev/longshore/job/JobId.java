package dev.longshore.job;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A job's id: a UUID of version 7 (RFC 9562, section 5.7), so that its text sorts by the time it was made, and so that the
 * place of its row follows from it ({@link DayShards}).
 *
 * @param text the UUID, in lower case
 */
public record JobId(String text) implements Comparable<JobId> {
    /** All that {@link #shard} can be: the shards of the attention index. */
    public static final List<String> SHARDS =
            IntStream.range(0, 16).mapToObj(Integer::toHexString).toList();

    private static final Pattern UUID_V7 =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

    public JobId {
        if (!UUID_V7.matcher(text).matches()) {
            throw new IllegalArgumentException("A job's id is a UUID of version 7 in lower case");
        }
    }

    /** An id made now. */
    public static JobId next(Instant now, RandomGenerator random) {
        return of(now.toEpochMilli(), random.nextLong(), random.nextLong());
    }

    /** An id of given bits: the same three numbers make the same id. */
    public static JobId of(long epochMilli, long first, long second) {
        long high = (epochMilli << 16) | 0x7000 | (first & 0xFFF);
        long low = 0x8000_0000_0000_0000L | (second & 0x3FFF_FFFF_FFFF_FFFFL);
        return new JobId(new UUID(high, low).toString());
    }

    /** Reads an id in any case; empty when it is no UUID of version 7. */
    public static Optional<JobId> parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return UUID_V7.matcher(lower).matches() ? Optional.of(new JobId(lower)) : Optional.empty();
    }

    /** The millisecond that the id carries. */
    public Instant time() {
        return Instant.ofEpochMilli(Long.parseLong(text.substring(0, 8) + text.substring(9, 13), 16));
    }

    /** One of the attention index's sixteen shards: the last digit, which is random. A day's are in {@link DayShards}. */
    public String shard() {
        return text.substring(text.length() - 1);
    }

    @Override
    public int compareTo(JobId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}

package dev.longshore.job;

import java.util.Optional;

/**
 * Whose slots: a limit, and the {@code limitKey} of the jobs that it counts together.
 *
 * @param name the limit's
 * @param key the {@code limitKey}; empty for a limit that is not per key, and for jobs that have none
 */
public record LimitKey(String name, String key) {
    private static final String SEPARATOR = "#";

    /** One text for both, which {@link #parse} reads: a limit's name has no {@code #}. */
    public String text() {
        return name + SEPARATOR + key;
    }

    /** Reads what {@link #text} wrote; empty for another text. */
    public static Optional<LimitKey> parse(String text) {
        int end = text.indexOf(SEPARATOR);
        return end < 1
                ? Optional.empty()
                : Optional.of(new LimitKey(text.substring(0, end), text.substring(end + SEPARATOR.length())));
    }

    /** One of the sixteen shards of the attention index, spread by a hash: keys of customers often begin alike. */
    public String shard() {
        return Sha256.hex(text()).substring(0, 1);
    }

    @Override
    public String toString() {
        return key.isEmpty() ? name : name + ", key " + key;
    }
}

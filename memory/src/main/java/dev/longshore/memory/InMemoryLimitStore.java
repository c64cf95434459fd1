package dev.longshore.memory;

import dev.longshore.job.LimitKey;
import dev.longshore.job.Page;
import dev.longshore.job.limit.LimitState;
import dev.longshore.job.limit.LimitStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A {@link LimitStore} in memory, held to the same contract as the one on DynamoDB. */
public final class InMemoryLimitStore implements LimitStore {
    private final Map<LimitKey, LimitState> states = new TreeMap<>(Comparator.comparing(LimitKey::text));
    private final Map<String, SetNumber> numbers = new HashMap<>();

    @Override
    public synchronized LimitState find(LimitKey key) {
        return states.getOrDefault(key, LimitState.EMPTY);
    }

    @Override
    public synchronized boolean replace(LimitKey key, LimitState before, LimitState after, Instant now) {
        String current = find(key).token();
        if (Objects.equals(current, before.token())) {
            states.put(key, after);
            return true;
        }
        return Objects.equals(current, after.token());
    }

    @Override
    public synchronized Page<LimitKey, String> waiting(
            String shard, Instant attendedUntil, @Nullable String after, int limit) {
        List<Map.Entry<String, LimitKey>> places = states.entrySet().stream()
                .filter(entry ->
                        entry.getValue().isWatched() && entry.getKey().shard().equals(shard))
                .filter(entry -> !attendedAt(entry.getValue()).isAfter(attendedUntil))
                .map(entry -> Map.entry(place(entry.getKey(), entry.getValue()), entry.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .filter(entry -> after == null || entry.getKey().compareTo(after) > 0)
                .limit(limit + 1L)
                .toList();
        boolean all = places.size() <= limit;
        List<Map.Entry<String, LimitKey>> page = all ? places : places.subList(0, limit);
        return new Page<>(
                page.stream().map(Map.Entry::getValue).toList(),
                all ? null : page.getLast().getKey());
    }

    private static String place(LimitKey key, LimitState state) {
        return String.format("%016d %s", attendedAt(state).toEpochMilli(), key.text());
    }

    private static Instant attendedAt(LimitState state) {
        return Objects.requireNonNull(state.attendedAt(), "a state that was written has a time");
    }

    @Override
    public synchronized Map<String, SetNumber> numbers() {
        return Map.copyOf(numbers);
    }

    @Override
    public synchronized void set(String name, SetNumber number) {
        numbers.put(name, number);
    }

    @Override
    public synchronized void reset(String name) {
        numbers.remove(name);
    }

    /** All states there are, by limit and key. */
    public synchronized Map<LimitKey, LimitState> all() {
        return Map.copyOf(states);
    }
}

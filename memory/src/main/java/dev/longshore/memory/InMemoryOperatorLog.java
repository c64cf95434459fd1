package dev.longshore.memory;

import dev.longshore.job.Page;
import dev.longshore.job.operatorlog.OperatorLog;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** An {@link OperatorLog} in memory. */
public final class InMemoryOperatorLog implements OperatorLog {
    private final ConcurrentSkipListMap<String, Entry> entries = new ConcurrentSkipListMap<>(Comparator.reverseOrder());

    @Override
    public void write(Entry entry) {
        entries.put(entry.place(), entry);
    }

    @Override
    public Page<Entry, String> list(Instant from, Instant to, int limit, @Nullable String before) {
        List<Entry> found = entries.values().stream()
                .filter(entry -> !entry.at().isBefore(from) && !entry.at().isAfter(to))
                .filter(entry -> before == null || entry.place().compareTo(before) < 0)
                .limit(limit + 1L)
                .toList();
        return found.size() > limit
                ? new Page<>(found.subList(0, limit), found.get(limit - 1).place())
                : new Page<>(found, null);
    }
}

package dev.longshore.memory;

import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.job.ledger.LedgerStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A {@link LedgerStore} in memory. */
public final class InMemoryLedger implements LedgerStore {
    private final TreeMap<Instant, LedgerHour> hours = new TreeMap<>();
    private final Set<Expected> expectations = new HashSet<>();
    private @Nullable AuditProgress progress;
    private @Nullable Instant request;
    private @Nullable Instant tick;

    @Override
    public synchronized List<LedgerHour> hours(Instant from, Instant to) {
        return List.copyOf(hours.subMap(from, true, to, false).values());
    }

    @Override
    public synchronized Optional<LedgerHour> hour(Instant hour) {
        return Optional.ofNullable(hours.get(hour));
    }

    @Override
    public synchronized List<Instant> open(Instant until, int limit) {
        return hours.values().stream()
                .filter(hour -> hour.next() != null && !hour.next().isAfter(until))
                .sorted(Comparator.comparing(hour -> Objects.requireNonNull(hour.next())))
                .limit(limit)
                .map(LedgerHour::hour)
                .toList();
    }

    @Override
    public synchronized boolean put(LedgerHour hour, @Nullable Instant replaced) {
        LedgerHour there = hours.get(hour.hour());
        if (!Objects.equals(there == null ? null : there.at(), replaced)) {
            return false;
        }
        hours.put(hour.hour(), hour);
        return true;
    }

    @Override
    public synchronized Optional<AuditProgress> progress() {
        return Optional.ofNullable(progress);
    }

    @Override
    public synchronized boolean keep(AuditProgress next) {
        long version = progress == null ? 0 : progress.version();
        if (version != next.version()) {
            return false;
        }
        progress = next.kept();
        return true;
    }

    @Override
    public synchronized void expect(Instant hour, Instant until) {
        expectations.add(new Expected(hour, until));
    }

    @Override
    public synchronized List<Expected> expected(Instant by, int limit) {
        return expectations.stream()
                .filter(expected -> !expected.until().isAfter(by))
                .sorted(Comparator.comparing(Expected::until).thenComparing(Expected::hour))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized void met(Expected expected) {
        expectations.remove(expected);
    }

    @Override
    public synchronized void request(Instant at) {
        request = at;
    }

    @Override
    public synchronized Optional<Instant> requested() {
        return Optional.ofNullable(request);
    }

    @Override
    public synchronized void ticked(Instant at) {
        tick = at;
    }

    @Override
    public synchronized Optional<Instant> lastTick() {
        return Optional.ofNullable(tick);
    }
}

package dev.longshore.suites.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Page;
import dev.longshore.job.operatorlog.OperatorLog;
import dev.longshore.job.operatorlog.OperatorLog.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What an {@link OperatorLog} has to keep. Every test writes in a time of its own. */
public abstract class OperatorLogContract {
    private static final Instant FIRST = Instant.parse("2096-03-10T23:59:30Z");

    /** The log to test; empty. */
    protected abstract OperatorLog log();

    @Test
    void entriesAreListedNewestFirstInPagesOverDaysWithoutAGapOrADouble() {
        OperatorLog log = log();
        List<Entry> written = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            written.add(entry(FIRST.plusSeconds(7L * (i / 2)))); // two in each millisecond, and midnight among them
        }
        written.forEach(log::write);

        List<Entry> listed = new ArrayList<>();
        String before = null;
        do {
            Page<Entry, String> page = log.list(FIRST, FIRST.plus(Duration.ofDays(2)), 4, before);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(4);
            listed.addAll(page.items());
            before = page.next();
        } while (before != null);

        assertThat(listed)
                .isEqualTo(written.stream()
                        .sorted(Comparator.comparing(Entry::place).reversed())
                        .toList());
    }

    @Test
    void anEntryThatHasEndedReplacesTheRequestedOne() {
        OperatorLog log = log();
        Instant at = FIRST.plus(Duration.ofDays(100));
        Entry asked = new Entry(at, "r-1", "ops", "POST /v1/jobs/retry", null, null);
        log.write(asked);
        assertThat(log.list(at, at, 10, null).items()).containsExactly(asked);

        log.write(asked.ended(202, "/v1/jobs/1"));

        assertThat(log.list(at, at, 10, null).items())
                .containsExactly(new Entry(at, "r-1", "ops", "POST /v1/jobs/retry", "/v1/jobs/1", 202));
    }

    @Test
    void aListKeepsToItsTimesAndEndsThoughNothingIsThere() {
        OperatorLog log = log();
        Instant at = FIRST.plus(Duration.ofDays(200));
        log.write(entry(at.minusMillis(1)));
        Entry inside = entry(at);
        log.write(inside);
        log.write(entry(at.plusSeconds(1).plusMillis(1)));

        assertThat(log.list(at, at.plusSeconds(1), 10, null).items()).containsExactly(inside);
        List<Entry> found = new ArrayList<>();
        String before = null;
        do {
            Page<Entry, String> page = log.list(at, at.plus(Duration.ofDays(150)), 10, before);
            found.addAll(page.items());
            before = page.next();
        } while (before != null);
        assertThat(found).hasSize(2);
    }

    @Test
    void cursorOlderThanTheEarliestTimeEndsTheList() {
        OperatorLog log = log();
        Instant at = FIRST.plus(Duration.ofDays(600)).plus(Duration.ofHours(12));
        log.write(entry(at));

        for (Instant before : List.of(at.minusSeconds(1), at.minus(Duration.ofDays(1)))) {
            assertThat(log.list(at, at.plusSeconds(1), 10, entry(before).place()))
                    .isEqualTo(new Page<>(List.of(), null));
        }
    }

    private static Entry entry(Instant at) {
        return new Entry(at, UUID.randomUUID().toString(), "ops", "POST /v1/jobs/{id}/cancel", "7", 200);
    }
}

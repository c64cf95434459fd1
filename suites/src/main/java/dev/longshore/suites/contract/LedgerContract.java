package dev.longshore.suites.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobState;
import dev.longshore.job.ledger.HourTally;
import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.job.ledger.LedgerStore;
import dev.longshore.job.ledger.LedgerStore.AuditProgress;
import dev.longshore.job.ledger.LedgerStore.Expected;
import dev.longshore.job.ledger.LedgerStore.Unfinished;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a {@link LedgerStore} has to keep, and whom it lets write. */
public abstract class LedgerContract {
    /** Each test has hours of its own, far from those of others. */
    private final Instant hour =
            Instant.parse("1980-01-31T23:00:00Z").plus(Duration.ofDays(new Random().nextInt(10_000) * 100L));

    /** The ledger to test; the same one for a whole test. */
    protected abstract LedgerStore ledger();

    @Test
    void entriesAreReadAsTheyWereWrittenOldestFirstAndOverTheEndOfAMonth() {
        LedgerHour first = entry(hour, hour.plusSeconds(1), null);
        LedgerHour second = entry(hour.plus(Duration.ofHours(1)), hour.plusSeconds(2), hour.plusSeconds(3));
        LedgerHour third = entry(hour.plus(Duration.ofDays(3)), hour.plusSeconds(2), hour.plusSeconds(3));
        assertThat(ledger().put(third, null)).isTrue();
        assertThat(ledger().put(second, null)).isTrue();
        assertThat(ledger().put(first, null)).isTrue();

        assertThat(ledger().hour(hour)).contains(first);
        assertThat(ledger().hours(hour, third.hour())).containsExactly(first, second);
        assertThat(ledger().hours(second.hour(), third.hour().plusSeconds(1))).containsExactly(second, third);
        assertThat(ledger().hour(hour.plus(Duration.ofHours(9)))).isEmpty();
    }

    @Test
    void anEntryReplacesTheOneItWasComparedWithAndNoOther() {
        LedgerHour first = entry(hour, hour.plusSeconds(1), hour.plusSeconds(9));
        LedgerHour second = entry(hour, hour.plusSeconds(2), hour.plusSeconds(9));
        assertThat(ledger().put(second, first.at())).isFalse();
        assertThat(ledger().put(first, null)).isTrue();

        assertThat(ledger().put(second, null)).isFalse();
        assertThat(ledger().put(second, first.at())).isTrue();
        assertThat(ledger().put(first, first.at())).isFalse();

        assertThat(ledger().hour(hour)).contains(second);
    }

    @Test
    void openHoursAreFoundWhenTheyAreToBeCountedAndClosedOnesNotAnyMore() {
        Instant early = Instant.EPOCH.plusMillis(new Random().nextInt(1_000_000));
        LedgerHour open = entry(hour, hour, early.plusMillis(1));
        LedgerHour sooner = entry(hour.plus(Duration.ofHours(1)), hour, early);
        ledger().put(open, null);
        ledger().put(sooner, null);

        assertThat(ledger().open(early, 1_000)).contains(sooner.hour()).doesNotContain(open.hour());
        assertThat(ledger().open(early.plusMillis(1), 1_000)).containsSubsequence(sooner.hour(), open.hour());
        assertThat(ledger().open(early.plusMillis(1), 1)).hasSize(1);

        ledger().put(entry(sooner.hour(), hour.plusSeconds(1), null), hour);
        assertThat(ledger().open(early.plusMillis(1), 1_000)).doesNotContain(sooner.hour());
    }

    @Test
    void ofTwoAuditsThatContinueFromTheSamePlaceOneIsRefused() {
        AuditProgress start = ledger().progress().orElse(AuditProgress.from(hour));
        HourTally tally = new HourTally(
                Map.of(JobState.DEAD, 1L), Map.of(JobState.CANCELLED, 2L), 3, 4, 5, hour.plusSeconds(6), 7);
        AuditProgress mine =
                start.with(new Unfinished(hour, hour.plusSeconds(7), hour, Map.of("a", "", "b", "x"), tally));

        assertThat(ledger().keep(mine)).isTrue();
        assertThat(ledger().keep(start.counted(hour))).isFalse();

        assertThat(ledger().progress()).contains(mine.kept());
        assertThat(ledger().keep(mine.kept().finished(hour, hour.plusSeconds(1))))
                .isTrue();
        assertThat(ledger().progress().orElseThrow().served()).isEqualTo(hour.plusSeconds(1));
    }

    @Test
    void theLastRequestForAnAuditIsRemembered() {
        ledger().request(hour);
        ledger().request(hour.plusMillis(1));

        assertThat(ledger().requested()).contains(hour.plusMillis(1));
    }

    @Test
    void theLastTickIsRemembered() {
        ledger().ticked(hour);
        ledger().ticked(hour.plusMillis(1));

        assertThat(ledger().lastTick()).contains(hour.plusMillis(1));
    }

    private static LedgerHour entry(Instant hour, Instant at, @Nullable Instant next) {
        return new LedgerHour(
                hour,
                at,
                next,
                28,
                1,
                2,
                3,
                4,
                5,
                6,
                13,
                new LedgerHour.Memory(7, Map.of(JobState.SUCCEEDED, 8L), at.minusSeconds(9), at.minusSeconds(10)));
    }

    @Test
    void anHourIsExpectedUntilItIsMetAndALaterExpectationStays() {
        Instant until = Instant.EPOCH.plusMillis(new Random().nextInt(1_000_000));
        ledger().expect(hour, until);

        assertThat(ledger().expected(until.minusMillis(1), 100_000))
                .noneMatch(one -> one.hour().equals(hour));
        Expected expected = new Expected(hour, until);
        assertThat(ledger().expected(until, 100_000)).contains(expected);

        Expected later = new Expected(hour, until.plusSeconds(9));
        ledger().expect(hour, later.until());
        ledger().met(expected);
        assertThat(ledger().expected(later.until(), 100_000)).contains(later);
        ledger().met(later);
        assertThat(ledger().expected(later.until(), 100_000))
                .noneMatch(one -> one.hour().equals(hour));
    }

    @Test
    void aLaterExpectationDoesNotPostponeAnEarlierOne() {
        Expected first = new Expected(hour, Instant.EPOCH.plusMillis(new Random().nextInt(1_000_000)));
        Expected later = new Expected(hour, first.until().plusSeconds(9));

        ledger().expect(first.hour(), first.until());
        ledger().expect(later.hour(), later.until());
        ledger().expect(first.hour(), first.until());

        assertThat(ledger().expected(first.until(), 100_000))
                .filteredOn(one -> one.hour().equals(hour))
                .containsExactly(first);
        assertThat(ledger().expected(later.until(), 100_000))
                .filteredOn(one -> one.hour().equals(hour))
                .containsExactly(first, later);
    }
}

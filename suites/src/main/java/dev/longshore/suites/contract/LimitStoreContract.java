package dev.longshore.suites.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import dev.longshore.job.LimitKey;
import dev.longshore.job.Page;
import dev.longshore.job.RowStore;
import dev.longshore.job.limit.LimitState;
import dev.longshore.job.limit.LimitStore;
import dev.longshore.job.limit.LimitStore.SetNumber;
import dev.longshore.job.limit.Slot;
import dev.longshore.job.limit.Waiter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a {@link LimitStore} has to do. Every test has a limit of its own. */
public abstract class LimitStoreContract {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    private final LimitKey key = new LimitKey("l-" + UUID.randomUUID(), "customer#1");

    /** The store to test; the same one for a whole test. */
    protected abstract LimitStore store();

    @Test
    void aStateComesBackAsItWasWritten() {
        LimitState written = state("a", NOON);

        assertThat(store().find(key)).isEqualTo(LimitState.EMPTY);
        assertThat(store().replace(key, LimitState.EMPTY, written, NOON)).isTrue();
        assertThat(store().find(key)).isEqualTo(written);
    }

    @Test
    void aStateIsWrittenOnlyWhileItIsAsItWasRead() {
        LimitState first = state("a", NOON);
        store().replace(key, LimitState.EMPTY, first, NOON);

        assertThat(store().replace(key, LimitState.EMPTY, state("b", NOON), NOON))
                .isFalse();
        assertThat(store().replace(key, first, state("c", NOON), NOON)).isTrue();
        assertThat(store().replace(key, first, state("d", NOON), NOON)).isFalse();
        assertThat(store().find(key).token()).isEqualTo("c");
    }

    @Test
    void aWriteIsRecognisedWhenItsResponseWasLost() {
        LimitState first = state("a", NOON);
        store().replace(key, LimitState.EMPTY, first, NOON);
        LimitState second = state("b", NOON);
        store().replace(key, first, second, NOON);

        assertThat(store().replace(key, first, second, NOON)).isTrue();
    }

    @Test
    void onlyLimitsThatAJobWaitsForAreListed() {
        LimitState idle = new LimitState(List.of(new Slot(job(1), NOON, 1L)), List.of(), null, NOON, "a");
        store().replace(key, LimitState.EMPTY, idle, NOON);
        assertThat(waiting(RowStore.ANY_TIME)).doesNotContain(key);

        store().replace(key, idle, state("b", NOON), NOON);
        assertThat(waiting(NOON)).contains(key);
        assertThat(waiting(NOON.minusMillis(1))).doesNotContain(key);
    }

    @Test
    void aPageOfLimitsContinuesWhereTheOneBeforeEnded() {
        List<LimitKey> keys = new ArrayList<>();
        for (int i = 0; keys.size() < 3; i++) {
            LimitKey another = new LimitKey(key.name(), "customer#" + i);
            if (another.shard().equals(key.shard())) {
                store().replace(another, LimitState.EMPTY, state("t" + i, NOON.plusSeconds(i)), NOON);
                keys.add(another);
            }
        }

        List<LimitKey> found = new ArrayList<>();
        String after = null;
        do {
            Page<LimitKey, String> page = store().waiting(key.shard(), RowStore.ANY_TIME, after, 2);
            page.items().stream().filter(one -> one.name().equals(key.name())).forEach(found::add);
            after = page.next();
        } while (after != null);
        assertThat(found).containsExactlyElementsOf(keys);
    }

    @Test
    void theNumberOfAnOperatorStaysUntilItIsReset() {
        SetNumber number = new SetNumber(7, NOON, "k1");
        store().set(key.name(), number);
        assertThat(store().numbers()).containsEntry(key.name(), number);

        store().set(key.name(), new SetNumber(8, NOON, "k2"));
        assertThat(store().numbers().get(key.name())).isEqualTo(new SetNumber(8, NOON, "k2"));

        store().reset(key.name());
        assertThat(store().numbers()).doesNotContainKey(key.name());
    }

    private List<LimitKey> waiting(Instant attendedUntil) {
        List<LimitKey> all = new ArrayList<>();
        @Nullable String after = null;
        do {
            Page<LimitKey, String> page = store().waiting(key.shard(), attendedUntil, after, 100);
            all.addAll(page.items());
            after = page.next();
        } while (after != null);
        return all;
    }

    private static LimitState state(String token, Instant attendedAt) {
        return new LimitState(
                List.of(new Slot(job(1), NOON.plusSeconds(40), 3L), new Slot(job(2), NOON.plusSeconds(60), null)),
                List.of(new Waiter(job(3), NOON.minusSeconds(5)), new Waiter(job(4), NOON)),
                NOON.minusSeconds(30),
                attendedAt,
                token);
    }

    private static JobId job(int number) {
        return JobId.of(NOON.toEpochMilli(), number, number);
    }
}

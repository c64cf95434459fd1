package dev.longshore.suites.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.pause.Pausable;
import dev.longshore.job.pause.Pause;
import dev.longshore.job.pause.PauseStore;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a {@link PauseStore} has to do. Every test pauses what is its own. */
public abstract class PauseStoreContract {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(60);

    private final Pausable pool = Pausable.pool("p-" + UUID.randomUUID());
    private final Pausable task = Pausable.task("t-" + UUID.randomUUID());

    /** The store to test; the same one for a whole test. */
    protected abstract PauseStore store();

    @Test
    void aPauseHasItsTimeAndWhoMadeIt() {
        assertThat(store().pause(pool, NOON, "k1")).isEqualTo(new Pause(pool, NOON, "k1", null));
        store().pause(task, LATER, "k2");

        assertThat(mine())
                .containsExactlyInAnyOrder(new Pause(pool, NOON, "k1", null), new Pause(task, LATER, "k2", null));
    }

    @Test
    void aPoolAndATaskOfTheSameNameAreTwoThings() {
        store().pause(Pausable.task(pool.name()), NOON, "k1");

        assertThat(store().resume(pool, LATER)).isEmpty();
        assertThat(mine()).containsExactly(new Pause(Pausable.task(pool.name()), NOON, "k1", null));
    }

    @Test
    void whatIsPausedTwiceKeepsItsFirstPause() {
        store().pause(pool, NOON, "k1");

        assertThat(store().pause(pool, LATER, "k2")).isEqualTo(new Pause(pool, NOON, "k1", null));
    }

    @Test
    void aResumedPauseIsListedUntilItIsRemoved() {
        store().pause(pool, NOON, "k1");
        Pause resumed = new Pause(pool, NOON, "k1", LATER);

        assertThat(store().resume(pool, LATER)).contains(resumed);
        assertThat(store().resume(pool, LATER.plusSeconds(1)))
                .as("the first time is kept")
                .contains(resumed);
        assertThat(mine()).containsExactly(resumed);
        store().remove(resumed);

        assertThat(mine()).isEmpty();
    }

    @Test
    void whatIsNotPausedIsNotResumed() {
        assertThat(store().resume(pool, NOON)).isEmpty();
        assertThat(mine()).isEmpty();
    }

    @Test
    void aPoolThatIsPausedAgainWhileItResumesStaysPaused() {
        store().pause(pool, NOON, "k1");
        Pause resumed = store().resume(pool, NOON.plusSeconds(1)).orElseThrow();

        Pause anew = store().pause(pool, LATER, "k2");
        store().remove(resumed);

        assertThat(anew).isEqualTo(new Pause(pool, LATER, "k2", null));
        assertThat(mine()).containsExactly(anew);
    }

    @Test
    void aPauseInForceIsNotRemoved() {
        Pause held = store().pause(pool, NOON, "k1");

        assertThatThrownBy(() -> store().remove(held)).hasMessageContaining("resumed first");
        assertThat(mine()).containsExactly(held);
    }

    private List<Pause> mine() {
        return store().all().stream()
                .filter(pause ->
                        pause.what().name().equals(pool.name()) || pause.what().equals(task))
                .toList();
    }
}

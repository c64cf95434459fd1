package dev.longshore.job.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import dev.longshore.job.limit.LimitState.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The steps of a limit's state, each on its own. Jobs are numbers, and those enqueued earlier are less. */
class LimitStateTest {
    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
    private static final Duration LEASE = Duration.ofSeconds(40);

    private LimitState state = LimitState.EMPTY;
    private Instant now = NOW;

    @Test
    void jobsTakeSlotsUntilThereAreNone() {
        assertThat(arrive(1, 2)).isTrue();
        assertThat(arrive(2, 2)).isTrue();
        assertThat(arrive(3, 2)).isFalse();

        assertThat(running()).containsExactly(1, 2);
        assertThat(line()).containsExactly(3);
        assertThat(state.isWatched()).isTrue();
    }

    @Test
    void theEndOfAClaimHandsItsSlotToTheFirstInTheLine() {
        arrive(1, 1);
        arrive(3, 1);
        arrive(2, 1);

        assertThat(handed(end(1, 1))).containsExactly(2);
        assertThat(line()).containsExactly(3);
        assertThat(state.slotOf(job(2))).get().matches(Slot::isReserved);
    }

    @Test
    void aSecondEndOfTheSameClaimHandsNothingOn() {
        arrive(1, 1);
        arrive(2, 1);
        arrive(3, 1);
        end(1, 1);

        assertThat(end(1, 1).handed()).isEmpty();
        assertThat(line()).containsExactly(3);
    }

    @Test
    void theLateEndOfAnAttemptLeavesTheSlotOfTheNextAttempt() {
        arrive(1, 1);
        now = now.plus(LEASE).plusSeconds(5);
        state = state.arrive(waiter(1), slot(1, 2L), 1, now).state();

        end(1, 1);

        assertThat(running()).containsExactly(1);
    }

    @Test
    void aReservedSlotIsForItsJobAlone() {
        arrive(1, 1);
        arrive(2, 1);
        end(1, 1);

        assertThat(arrive(3, 1)).isFalse();
        assertThat(arrive(2, 1)).isTrue();
        assertThat(running()).containsExactly(2);
    }

    @Test
    void aReservationThatIsOverBecomesThePlaceAtTheHeadAgain() {
        arrive(1, 1);
        arrive(2, 1);
        arrive(3, 1);
        end(1, 1);
        now = now.plus(LimitState.RESERVATION).plusSeconds(4);
        assertThat(state.tidy(1, now).handed()).as("clocks may differ by 5 s").isEmpty();

        now = now.plusSeconds(1);
        Step step = state.tidy(1, now);
        state = step.state();

        assertThat(handed(step)).containsExactly(2);
        assertThat(line()).containsExactly(3);
    }

    @Test
    void aLeaseThatIsOverFreesTheSlotForTheFirstInTheLineAndNotForTheNewcomer() {
        arrive(1, 1);
        arrive(2, 1);
        now = now.plus(LEASE).plusSeconds(5);

        Step step = state.arrive(waiter(3), slot(3, 1L), 1, now);
        state = step.state();

        assertThat(handed(step)).containsExactly(2);
        assertThat(line()).containsExactly(3);
        assertThat(running()).isEmpty();
    }

    @Test
    void moreSlotsGoToTheLineFirst() {
        arrive(1, 1);
        arrive(2, 1);
        arrive(3, 1);

        Step step = state.arrive(waiter(4), slot(4, 1L), 3, now);

        assertThat(handed(step)).containsExactly(2, 3);
        assertThat(step.state().hasInLine(job(4))).isTrue();
    }

    @Test
    void fewerSlotsTakeEffectAsJobsEnd() {
        arrive(1, 2);
        arrive(2, 2);
        arrive(3, 2);

        assertThat(state.end(job(1), 1, 1, now).handed()).isEmpty();
        state = state.end(job(1), 1, 1, now).state();
        assertThat(handed(state.end(job(2), 1, 1, now))).containsExactly(3);
    }

    @Test
    void aClaimThatWasNotMadeGivesItsOwnSlotBackAndNotAnothersOfTheSameFence() {
        arrive(1, 1);
        Slot ofAnother = new Slot(job(1), now.plus(LEASE).plusSeconds(1), 1L);

        assertThat(state.giveBack(ofAnother, 1, now).state()).isEqualTo(state);
        assertThat(state.giveBack(slot(1, 1L), 1, now).state().slots()).isEmpty();
    }

    @Test
    void aSlotBlocksTheSameClaimOfAnotherWorkerUntilItsLeaseIsOver() {
        arrive(1, 1);
        Slot taken = state.slotOf(job(1)).orElseThrow();

        assertThat(taken.blocks(slot(1, 1L), now)).isTrue();
        assertThat(taken.blocks(slot(1, 2L), now)).as("the next claim").isFalse();
        assertThat(taken.blocks(slot(1, 1L), now.plus(LEASE).plusSeconds(5))).isFalse();
        assertThat(new Slot(job(1), now.plus(LEASE), null).blocks(slot(1, 1L), now))
                .isFalse();
    }

    @Test
    void aJobThatComesForItsReservedSlotLetsOthersHaveThoseThatAreFree() {
        arrive(1, 1);
        arrive(2, 1);
        arrive(3, 1);
        end(1, 1);

        Step step = state.arrive(waiter(2), slot(2, 1L), 2, now);

        assertThat(handed(step)).containsExactly(3);
        assertThat(step.state().slots()).contains(slot(2, 1L));
    }

    @Test
    void aReservationThatIsNotUsedGoesToTheNextAndASlotOfAClaimStays() {
        arrive(1, 1);
        arrive(2, 1);
        arrive(3, 1);
        assertThat(state.withoutReservation(job(1), 1, now).state()).isEqualTo(state);

        end(1, 1);

        assertThat(handed(state.withoutReservation(job(2), 1, now))).containsExactly(3);
    }

    @Test
    void aHeartbeatDoesNotKeepTheDispatcherAway() {
        arrive(1, 1);
        LimitState written = state.writtenBy("a", now);

        LimitState beat =
                written.extended(job(1), 1, now.plusSeconds(90)).orElseThrow().keptBy("b");

        assertThat(beat.attendedAt()).isEqualTo(now);
        assertThat(beat.token()).isEqualTo("b");
    }

    @Test
    void whoLeavesTheLineIsNotHandedASlot() {
        arrive(1, 1);
        arrive(2, 1);
        arrive(3, 1);

        state = state.leave(job(2), 0, 1, now).state();

        assertThat(handed(end(1, 1))).containsExactly(3);
        assertThat(handed(state.leave(job(3), 0, 1, now))).isEmpty();
        assertThat(state.leave(job(3), 0, 1, now).state().slots()).isEmpty();
    }

    @Test
    void aJobThatLeavesKeepsTheSlotOfALaterClaim() {
        arrive(1, 1);

        assertThat(state.leave(job(1), 0, 1, now).state()).isEqualTo(state);
    }

    @Test
    void aHeartbeatExtendsItsOwnClaimsSlotAlone() {
        arrive(1, 1);
        Instant later = now.plus(LEASE).plus(LEASE);

        assertThat(state.extended(job(1), 1, later).orElseThrow().slotOf(job(1)))
                .contains(new Slot(job(1), later, 1L));
        assertThat(state.extended(job(1), 2, later)).isEmpty();
        assertThat(state.extended(job(2), 1, later)).isEmpty();
    }

    @Test
    void whoDoesNotFitIntoTheLineWaitsInTheIndex() {
        arrive(1, 1);
        IntStream.rangeClosed(2, 21).forEach(number -> arrive(number, 1));
        assertThat(state.othersSince()).isNull();

        arrive(22, 1);

        assertThat(state.othersSince()).isEqualTo(now);
        assertThat(state.next()).hasSize(LimitState.LONGEST_LINE);
        assertThat(state.hasInLine(job(22))).isFalse();
    }

    @Test
    void anEarlierJobTakesThePlaceOfTheLastInAFullLine() {
        arrive(1, 1);
        IntStream.rangeClosed(3, 22).forEach(number -> arrive(number, 1));

        arrive(2, 1);

        assertThat(line().getFirst()).isEqualTo(2);
        assertThat(state.hasInLine(job(22))).isFalse();
        assertThat(state.othersSince()).isEqualTo(now);
    }

    @Test
    void whileOthersWaitAFurtherOneIsWrittenOnceInTenSeconds() {
        fullLineAndOthers();
        LimitState before = state;

        arrive(30, 1);
        assertThat(state).isEqualTo(before);

        now = now.plusSeconds(11);
        arrive(31, 1);
        assertThat(state.othersSince()).isEqualTo(now);
    }

    @Test
    void aShortLineIsFilledFromTheIndexInOrder() {
        fullLineAndOthers();
        IntStream.rangeClosed(1, 11).forEach(number -> {
            end(number, 1);
            arrive(number + 1, 1);
        });
        assertThat(state.wantsRefill()).isTrue();

        state = state.refilled(List.of(waiter(22), waiter(23)), false, now);

        assertThat(line()).hasSize(11).endsWith(21, 22, 23).startsWith(13);
        assertThat(state.othersSince()).isNotNull();
    }

    @Test
    void thatOthersWaitIsClearedOnlyWhenTheIndexHasHadTimeToShowThem() {
        fullLineAndOthers();
        IntStream.rangeClosed(1, 21).forEach(number -> {
            end(number, 1);
            arrive(number + 1, 1);
        });

        assertThat(state.refilled(List.of(), true, now.plusSeconds(74)).othersSince())
                .isNotNull();
        assertThat(state.refilled(List.of(waiter(40)), false, now.plusSeconds(60))
                        .othersSince())
                .isNotNull();
        assertThat(state.refilled(List.of(), true, now.plusSeconds(75)).othersSince())
                .isNull();
    }

    /** Its worker may not have written its hold yet, so the index cannot be trusted about it. */
    @Test
    void whoIsPushedOutOfTheLineByARefillIsExpectedInTheIndexAnew() {
        fullLineAndOthers();
        Instant later = now.plusSeconds(120);

        state = state.refilled(List.of(new Waiter(job(50), NOW.minusSeconds(1))), true, later);

        assertThat(line()).startsWith(50);
        assertThat(state.othersSince()).isEqualTo(later);
    }

    @Test
    void aJobThatRunsIsNotPutInTheLineByAnIndexThatLagsBehind() {
        arrive(1, 1);

        assertThat(state.expectingOthers(now)
                        .refilled(List.of(waiter(1)), true, now)
                        .next())
                .isEmpty();
    }

    @Test
    void theTimeInTheAttentionIndexIsWrittenOnceInHalfAMinute() {
        LimitState first = state.writtenBy("a", now);
        assertThat(first.writtenBy("b", now.plusSeconds(29)).attendedAt()).isEqualTo(now);
        assertThat(first.writtenBy("b", now.plusSeconds(30)).attendedAt()).isEqualTo(now.plusSeconds(30));
    }

    private void fullLineAndOthers() {
        IntStream.rangeClosed(1, 22).forEach(number -> arrive(number, 1));
    }

    /** @return whether the job got a slot */
    private boolean arrive(int number, int jobs) {
        Slot wanted = slot(number, 1L);
        state = state.arrive(waiter(number), wanted, jobs, now).state();
        return state.slots().contains(wanted);
    }

    private Step end(int number, long fence) {
        Step step = state.end(job(number), fence, 1, now);
        state = step.state();
        return step;
    }

    private Slot slot(int number, @Nullable Long fence) {
        return new Slot(job(number), now.plus(LEASE), fence);
    }

    private static Waiter waiter(int number) {
        return new Waiter(job(number), NOW.plusMillis(number));
    }

    private static JobId job(int number) {
        return JobId.of(NOW.toEpochMilli() + number, 0, 0);
    }

    private static List<Integer> handed(Step step) {
        return numbers(step.handed().stream().map(Slot::job).toList());
    }

    private static List<Integer> numbers(List<JobId> jobs) {
        return jobs.stream()
                .map(job -> (int) (job.time().toEpochMilli() - NOW.toEpochMilli()))
                .toList();
    }

    private List<Integer> line() {
        return numbers(state.next().stream().map(Waiter::job).toList());
    }

    private List<Integer> running() {
        return numbers(state.slots().stream()
                .filter(slot -> !slot.isReserved())
                .map(Slot::job)
                .toList());
    }
}

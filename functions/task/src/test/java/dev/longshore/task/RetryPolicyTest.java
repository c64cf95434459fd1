package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
    private final Random random = new Random(7);

    @Test
    void theDefaultDoublesFromFiveSecondsToAnHourInTenAttempts() {
        RetryPolicy policy = RetryPolicy.exponential();

        assertThat(policy.maxAttempts()).isEqualTo(10);
        assertThat(IntStream.of(1, 2, 3, 10, 11, 100).mapToObj(policy::longestBackoff))
                .containsExactly(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(2560),
                        Duration.ofHours(1),
                        Duration.ofHours(1));
    }

    @Test
    void fullJitterDrawsEvenlyBetweenZeroAndTheCeiling() {
        RetryPolicy policy = RetryPolicy.exponential().first(Duration.ofSeconds(100));

        List<Long> millis = IntStream.range(0, 10_000)
                .mapToObj(i -> policy.backoff(1, random).toMillis())
                .toList();

        assertThat(millis).allMatch(wait -> wait >= 0 && wait <= 100_000);
        for (int quarter = 0; quarter < 4; quarter++) {
            long from = quarter * 25_000L;
            assertThat(millis.stream().filter(wait -> wait >= from && wait < from + 25_000))
                    .hasSizeBetween(2_300, 2_700);
        }
    }

    @Test
    void withoutJitterEveryWaitIsItsLongest() {
        RetryPolicy policy =
                RetryPolicy.exponential().first(Duration.ofSeconds(3)).factor(3).withoutJitter();

        assertThat(policy.backoff(1, random)).isEqualTo(Duration.ofSeconds(3));
        assertThat(policy.backoff(3, random)).isEqualTo(Duration.ofSeconds(27));
    }

    @Test
    void aFixedPolicyWaitsTheSameEachTime() {
        RetryPolicy policy = RetryPolicy.fixed(Duration.ofMinutes(2));

        assertThat(policy.backoff(1, random))
                .isEqualTo(policy.backoff(50, random))
                .isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void aCustomPolicysAnswersAreKeptWithinZeroAndThirtyDays() {
        RetryPolicy policy = RetryPolicy.custom(attempt -> Duration.ofDays(attempt == 1 ? -1 : 1_000));

        assertThat(policy.backoff(1, random)).isZero();
        assertThat(policy.backoff(2, random)).isEqualTo(RetryPolicy.LONGEST_BACKOFF);
        assertThat(policy.longestBackoff(2)).isEqualTo(RetryPolicy.LONGEST_BACKOFF);
    }

    @Test
    void neverIsOneAttempt() {
        assertThat(RetryPolicy.never().maxAttempts()).isEqualTo(1);
    }

    @Test
    void aHopelessErrorAndItsSubclassesAreNotRetried() {
        RetryPolicy policy = RetryPolicy.exponential().discardOn(IOException.class);

        assertThat(policy.retries(new FileNotFoundException())).isFalse();
        assertThat(policy.retries(new IllegalStateException())).isTrue();
        assertThat(policy.discardOn(IllegalStateException.class).retries(new IOException()))
                .as("a second call adds to the first")
                .isFalse();
    }

    @Test
    void aPolicyIsChangedByCopyOnly() {
        RetryPolicy policy = RetryPolicy.exponential();

        policy.maxAttempts(3).cap(Duration.ofSeconds(6)).discardOn(Exception.class);

        assertThat(policy.maxAttempts()).isEqualTo(10);
        assertThat(policy.longestBackoff(100)).isEqualTo(Duration.ofHours(1));
        assertThat(policy.retries(new Exception())).isTrue();
    }

    @Test
    void aLongFirstWaitRaisesTheDefaultCapAndAShortCapLowersTheFirstWait() {
        assertThat(RetryPolicy.exponential().first(Duration.ofHours(2)).longestBackoff(5))
                .isEqualTo(Duration.ofHours(2));
        assertThat(RetryPolicy.exponential().cap(Duration.ofSeconds(1)).longestBackoff(1))
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void contradictionsAreNamedWithBothNumbers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        RetryPolicy.exponential().cap(Duration.ofSeconds(10)).first(Duration.ofSeconds(11)))
                .withMessage("first (PT11S) is longer than the cap of every wait (PT10S): lower first or raise cap");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        RetryPolicy.exponential().first(Duration.ofSeconds(11)).cap(Duration.ofSeconds(10)))
                .withMessage("cap (PT10S) is shorter than the first wait (PT11S): raise cap or lower first");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.fixed(Duration.ofSeconds(1)).cap(Duration.ofSeconds(10)))
                .withMessage("cap belongs to RetryPolicy.exponential(); this policy is fixed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.custom(attempt -> Duration.ZERO).withoutJitter())
                .withMessageContaining("this policy is custom");
    }

    @Test
    void numbersOutsideTheirLimitsAreRefusedAtTheLineThatSetsThem() {
        for (int attempts : new int[] {0, -1, 101}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RetryPolicy.never().maxAttempts(attempts))
                    .withMessageEndingWith("and got " + attempts);
        }
        for (double factor : new double[] {0.99, 10.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RetryPolicy.exponential().factor(factor));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> RetryPolicy.fixed(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> RetryPolicy.fixed(Duration.ofDays(31)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.exponential().first(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.exponential().cap(Duration.ofDays(31)));
    }
}

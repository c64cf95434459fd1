package dev.longshore.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Thousands of histories of a whole deployment, drawn from seeds. */
class SimulationTest {
    static final Checker CHECKER = new Checker(LifecyclePage.read(Path.of("..", "docs", "lifecycle.md")));

    private static final long FIRST = Long.getLong("reliability.seed", 1);
    private static final int HISTORIES = Integer.getInteger("reliability.histories", 100);

    @Test
    @Timeout(86_400) // a long run is as long as it was asked to be
    void noHistoryBreaksAPromise() {
        Campaign campaign = new Campaign(CHECKER);
        long start = System.nanoTime();

        Optional<String> broken = campaign.run(FIRST, HISTORIES);

        assertThat(broken).isEmpty();
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "Simulation, seeds %d to %d, in %.1f s: %s%n",
                FIRST, FIRST + HISTORIES - 1, seconds, campaign.figures());
    }

    @Test
    void theSameSeedIsTheSameHistoryToTheLastByte() {
        for (long seed = 1; seed <= 2; seed++) {
            Scenario scenario = Scenario.of(seed);
            String first = Simulation.run(scenario).fingerprint();
            for (int again = 1; again < 25; again++) {
                assertThat(Simulation.run(scenario).fingerprint())
                        .as("run %d of %s", again, scenario)
                        .isEqualTo(first);
            }
        }
    }

    @Test
    void anotherSeedIsAnotherHistory() {
        assertThat(Simulation.run(Scenario.of(1)).fingerprint())
                .isNotEqualTo(Simulation.run(Scenario.of(2)).fingerprint());
    }

    @Test
    void handlersWouldHaveMoreThanOneEffectWithoutTheFence() {
        Campaign campaign = new Campaign(CHECKER);
        campaign.run(FIRST, 60);

        assertThat(campaign.effectsPerJobWithoutFence()).isGreaterThan(1.0);
    }
}

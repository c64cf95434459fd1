package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessSettingsTest {
    @Test
    void poolIsAllThatHasToBeSaid() {
        assertThat(ProcessSettings.read(Map.of("LONGSHORE_POOL", "encode")))
                .isEqualTo(
                        new ProcessSettings("encode", 1, Duration.ofSeconds(90), Path.of("/tmp/longshore-received")));
    }

    @Test
    void variableThatIsMissingOrOutOfItsRangeIsNamedWithTheNumbers() {
        assertRefused(Map.of(), "The environment variable LONGSHORE_POOL is not set; it names the pool to poll");
        assertRefused(
                Map.of("LONGSHORE_POOL", "encode", "LONGSHORE_CONCURRENCY", "0"),
                "The environment variable LONGSHORE_CONCURRENCY takes 1 to 1000, and got 0");
        assertRefused(
                Map.of("LONGSHORE_POOL", "encode", "LONGSHORE_CONCURRENCY", "four"),
                "The environment variable LONGSHORE_CONCURRENCY takes 1 to 1000, and got four");
        assertRefused(
                Map.of("LONGSHORE_POOL", "encode", "LONGSHORE_DRAIN_SECONDS", "91"),
                "The environment variable LONGSHORE_DRAIN_SECONDS takes 0 to 90, and got 91");
    }

    private static void assertRefused(Map<String, String> environment, String why) {
        assertThatIllegalStateException()
                .isThrownBy(() -> ProcessSettings.read(environment))
                .withMessage(why);
    }
}

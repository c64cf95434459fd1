package dev.longshore.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.DayShards;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PartitionSpreadTest {
    private static final Path LIMITS = Path.of("..", "docs", "limits.md");

    @Test
    void theFiguresInLimitsAreThoseOfTheSimulation() throws IOException {
        assertThat(Files.readString(LIMITS)).contains(PartitionSpread.table());
    }

    /** Two keys and two partitions: half of all days have both in one, and take what that one takes. */
    @Test
    void aSpreadThatCanBeCountedByHand() {
        int[] writes = PartitionSpread.writes(2, 2);

        assertThat(writes).containsOnly(1_000, 2_000);
        long even = Arrays.stream(writes).filter(each -> each == 2_000).count();
        assertThat((double) even / writes.length).isBetween(0.49, 0.51);
    }

    @Test
    void noTableTakesMoreThanItsKeysOrItsPartitions() {
        int keys = DayShards.SIXTEEN.count();

        assertThat(PartitionSpread.writes(keys, 1)).containsOnly(1_000);
        assertThat(Arrays.stream(PartitionSpread.writes(keys, 1_000_000)).max()).hasValue(16_000);
        assertThat(Arrays.stream(PartitionSpread.writes(keys, 4)).max()).hasValue(4_000);
    }
}

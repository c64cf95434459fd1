package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DayShardsTest {
    private static final Instant LATE = Instant.parse("2026-03-10T23:59:59.999Z");
    private static final DayShards MANY = new DayShards(256);

    private final Random random = new Random(3);

    @Test
    void aRowsPartitionFollowsFromTheIdAlone() {
        JobId id = JobId.of(LATE.toEpochMilli(), 0, 0xab);

        assertThat(DayShards.SIXTEEN.partition(id)).isEqualTo("2026-03-10#b");
        assertThat(MANY.partition(id)).isEqualTo("2026-03-10#ab");
    }

    @Test
    void everyShardIsNamedOnceInOrder() {
        assertThat(DayShards.SIXTEEN.all()).isEqualTo(JobId.SHARDS);
        assertThat(MANY.all()).hasSize(256).isSorted().doesNotHaveDuplicates().contains("00", "0a", "a0", "ff");
    }

    @Test
    void jobsFallIntoAllShardsEvenly() {
        Map<String, Long> jobs = IntStream.range(0, 256_000)
                .mapToObj(i -> MANY.of(JobId.next(LATE, random)))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        assertThat(jobs.keySet()).containsExactlyInAnyOrderElementsOf(MANY.all());
        assertThat(jobs.values()).allMatch(count -> count > 850 && count < 1_150);
    }

    @Test
    void anotherNumberIsRefused() {
        for (int count : List.of(-16, 0, 1, 15, 32, 255, 4_096)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new DayShards(count))
                    .withMessage("A day has 16 or 256 shards, not " + count);
        }
    }
}

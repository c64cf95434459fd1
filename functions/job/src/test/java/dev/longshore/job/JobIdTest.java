package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JobIdTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00.123Z");

    private final Random random = new Random(3);

    @Test
    void anIdIsAUuidOfVersionSevenThatCarriesItsMillisecond() {
        JobId id = JobId.next(NOON, random);

        UUID uuid = UUID.fromString(id.text());
        assertThat(uuid.version()).isEqualTo(7);
        assertThat(uuid.variant()).isEqualTo(2);
        assertThat(id.time()).isEqualTo(NOON);
    }

    @Test
    void idsSortByTheTimeTheyWereMade() {
        List<JobId> ids = IntStream.range(0, 100)
                .mapToObj(i -> JobId.next(NOON.plusMillis(i), random))
                .toList();

        assertThat(ids).isSorted();
    }

    @Test
    void theShardOfTheIndexIsTheLastDigit() {
        assertThat(new JobId("019cd7b3-2d7b-7abc-8def-0123456789ab").shard()).isEqualTo("b");
    }

    @Test
    void noShardTakesMuchMoreThanASixteenthOfTheJobs() {
        Map<String, Long> shards = IntStream.range(0, 16_000)
                .mapToObj(i -> JobId.next(NOON, random).shard())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        assertThat(shards).hasSize(16);
        assertThat(shards.values()).allMatch(count -> count > 850 && count < 1_150);
    }

    @Test
    void otherTextsAreNoIds() {
        assertThat(JobId.parse("019CD7B3-2D7B-7ABC-8DEF-0123456789AB")).isPresent();
        for (String text : List.of(
                "",
                "x",
                UUID.randomUUID().toString(),
                "019cd7b3-2d7b-7abc-cdef-0123456789ab",
                "019cd7b3-2d7b-7abc-8def-0123456789ab ",
                "019cd7b32d7b7abc8def0123456789ab",
                "019cd7b3-2d7b-7abc-8def-0123456789a\u0661")) {
            assertThat(JobId.parse(text)).as(text).isEmpty();
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new JobId("019CD7B3-2D7B-7ABC-8DEF-0123456789AB"));
    }

    @Test
    void theSameNumbersMakeTheSameId() {
        assertThat(JobId.of(1, 2, 3)).isEqualTo(JobId.of(1, 2, 3)).isNotEqualTo(JobId.of(1, 2, 4));
    }
}

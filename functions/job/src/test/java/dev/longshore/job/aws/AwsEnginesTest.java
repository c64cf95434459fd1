package dev.longshore.job.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.longshore.job.DayShards;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AwsEnginesTest {
    @Test
    void thePoolsAreReadFromOneVariable() {
        assertThat(AwsEngines.pools(" default=https://q/1/a,https://q/1/a-dlq\nheavy=https://q/1/h,https://q/1/h-dlq "))
                .isEqualTo(Map.of(
                        "default", new PoolQueues("https://q/1/a", "https://q/1/a-dlq"),
                        "heavy", new PoolQueues("https://q/1/h", "https://q/1/h-dlq")));
    }

    @Test
    void aMalformedEntryIsNamed() {
        for (String setting : List.of("default", "default=https://q/1/a", "a=b,c,d", "=b,c", "a=,c", "a=b,")) {
            assertThatIllegalStateException()
                    .as(setting)
                    .isThrownBy(() -> AwsEngines.pools(setting))
                    .withMessageContaining("LONGSHORE_QUEUES")
                    .withMessageContaining("'" + setting + "'");
        }
    }

    @Test
    void shardsOfADayAre16Or256() {
        assertThat(AwsEngines.shards(Map.of())).isEqualTo(DayShards.SIXTEEN);
        assertThat(AwsEngines.shards(Map.of("LONGSHORE_SHARDS_PER_DAY", "256"))).isEqualTo(new DayShards(256));
        for (String setting : List.of("", "32", "many")) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> AwsEngines.shards(Map.of("LONGSHORE_SHARDS_PER_DAY", setting)))
                    .withMessage("LONGSHORE_SHARDS_PER_DAY takes 16 or 256, and has '" + setting + "'");
        }
    }

    @Test
    void aMissingVariableIsNamed() {
        assertThatIllegalStateException()
                .isThrownBy(() -> AwsEngines.fileStore(Map.of()))
                .withMessage("The environment variable LONGSHORE_BUCKET is not set; the CDK construct sets it");
        assertThatIllegalStateException()
                .isThrownBy(() -> AwsEngines.fileStore(Map.of("LONGSHORE_BUCKET", " ")))
                .withMessageContaining("LONGSHORE_BUCKET");
    }
}

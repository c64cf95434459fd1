package dev.longshore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.aws.DynamoDbBodyStore;
import org.junit.jupiter.api.Test;

/** A body is a file from the size on at which S3 costs less, by the prices of {@code prices.json}. */
class BodyCostsTest {
    private final BodyCosts costs = new BodyCosts(Prices.read());

    @Test
    void payloadIsAFileFromTheBreakEvenOn() {
        assertThat(writeUnits(DynamoDbBodyStore.LARGEST_PAYLOAD_ITEM))
                .as("break-even of a payload at %.2f KB", costs.payloadBreakEven())
                .isEqualTo(Math.round(costs.payloadBreakEven()));
    }

    @Test
    void resultIsAFileFromTheBreakEvenOn() {
        assertThat(writeUnits(DynamoDbBodyStore.LARGEST_RESULT_ITEM))
                .as("break-even of a result at %.2f KB", costs.resultBreakEven())
                .isEqualTo(Math.round(costs.resultBreakEven()));
    }

    /** With some 130 bytes for the item's keys and its date. */
    private static long writeUnits(int packed) {
        return Math.ceilDiv(packed + 130L, 1_024);
    }
}

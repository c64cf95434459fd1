package dev.longshore.benchmarks;

/**
 * What a body costs from its write to its end, read once, as an item of the table and as a file of the bucket. Where both cost
 * the same is the threshold of {@link dev.longshore.job.aws.DynamoDbBodyStore} (ADR 20). The units of each call are those that
 * WriteCostTest counts.
 */
final class BodyCosts {
    /**
     * A file's end: the sweep finds the note by a query of the index, reads the job's row, and deletes the note, from table and
     * index. The deletion of the file is free.
     */
    static final Usage SWEEP = Usage.of(Charge.READ_UNIT, 1.5).plus(Charge.WRITE_UNIT, 2);

    /** A file's note as it is written first, in table and index. */
    private static final Usage NOTE = Usage.of(Charge.WRITE_UNIT, 2);

    /** The wait of a function for one call of S3. */
    static final Usage WAIT = Usage.of(
            Charge.LAMBDA_GB_SECOND, Assumptions.gigabyteSeconds(Assumptions.POOL_MEMORY, Assumptions.S3_CALL));

    private static final Usage FILE = NOTE.plus(SWEEP)
            .plus(Charge.S3_PUT, 1)
            .plus(WAIT)
            .plus(Charge.S3_GET, 1)
            .plus(WAIT);

    /** A payload's note is read at the end of its job, and stays as it is. */
    private static final Usage PAYLOAD_FILE = FILE.plus(Charge.READ_UNIT, 1);

    private final Prices prices;

    BodyCosts(Prices prices) {
        this.prices = prices;
    }

    /** From how many KB on a payload costs less as a file. As an item it is written, and written again with its end. */
    double payloadBreakEven() {
        return breakEven(2, PAYLOAD_FILE);
    }

    /** From how many KB on a result costs less as a file. As an item it is written once, with its end. */
    double resultBreakEven() {
        return breakEven(1, FILE);
    }

    private double breakEven(int writes, Usage file) {
        double aKilobyte =
                prices.of(item(1, writes)) - prices.of(Charge.S3_GB_MONTH, Assumptions.keptGigabyteMonths(1_024));
        return prices.of(file) / aKilobyte;
    }

    /** A write unit takes 1 KB, a unit of a consistent read 4 KB. */
    private static Usage item(double kilobytes, int writes) {
        return Usage.of(Charge.WRITE_UNIT, writes * kilobytes)
                .plus(Charge.READ_UNIT, kilobytes / 4)
                .plus(Charge.TABLE_GB_MONTH, Assumptions.keptGigabyteMonths(kilobytes * 1_024));
    }
}

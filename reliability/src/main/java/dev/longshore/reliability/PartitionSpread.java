package dev.longshore.reliability;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * How much a table takes before its fullest partition throttles. A day's jobs fall evenly into as many partition keys as there are
 * shards; DynamoDB hashes each key into one of the table's partitions, which have equal ranges of hashes at first, and a partition takes
 * 1,000 write units a second ("Partitions and data distribution", DynamoDB Developer Guide). So the partition with the most keys
 * says what the table takes, until DynamoDB has split it, which takes minutes.
 *
 * <p>{@link #main} prints the table of {@code docs/limits.md}, "Throughput of a table".
 */
public final class PartitionSpread {
    /** Write units a second that a partition takes. */
    static final int WRITES_OF_A_PARTITION = 1_000;

    /** Writes of a job that succeeds at its first attempt: create, claim, finish. */
    static final int WRITES_OF_A_JOB = 3;

    private static final int[] KEYS = {16, 32, 64, 256};
    private static final int[] PARTITIONS = {4, 8, 16, 40};
    private static final int DAYS = 20_001;
    private static final long SEED = 14;

    private PartitionSpread() {}

    /** @param args none */
    public static void main(String[] args) {
        System.out.print(table());
    }

    /** A line for each number of keys and partitions: the tenth worst day of a hundred, the median day, and jobs on that. */
    static String table() {
        StringBuilder table = new StringBuilder();
        for (int partitions : PARTITIONS) {
            for (int keys : KEYS) {
                int[] writes = writes(keys, partitions);
                table.append(line(keys, partitions, writes[DAYS / 10], writes[DAYS / 2]));
            }
        }
        return table.toString();
    }

    private static String line(int keys, int partitions, int worst, int median) {
        return "| %,d | %d | %,d | %,d | %,d |%n"
                .formatted(
                        partitions * WRITES_OF_A_PARTITION,
                        keys,
                        rounded(worst, 100),
                        rounded(median, 100),
                        rounded((double) median / WRITES_OF_A_JOB, 10));
    }

    private static long rounded(double value, int unit) {
        return Math.round(value / unit) * unit;
    }

    /** Write units a second that each of many days takes, in ascending order: each day's keys have hashes of their own. */
    static int[] writes(int keys, int partitions) {
        Random random = new Random(SEED);
        int[] writes = new int[DAYS];
        for (int day = 0; day < DAYS; day++) {
            writes[day] = WRITES_OF_A_PARTITION * keys / fullest(keys, partitions, random);
        }
        Arrays.sort(writes);
        return writes;
    }

    /** Keys of the partition that has the most. */
    private static int fullest(int keys, int partitions, Random random) {
        Map<Integer, Integer> held = new HashMap<>(); // a table may have a million partitions, of which few have a key
        int fullest = 0;
        for (int key = 0; key < keys; key++) {
            fullest = Math.max(fullest, held.merge(random.nextInt(partitions), 1, Integer::sum));
        }
        return fullest;
    }
}

package dev.longshore.infra;

import dev.longshore.job.DayShards;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.services.dynamodb.ITable;
import software.amazon.awscdk.services.dynamodb.TableEncryption;
import software.amazon.awscdk.services.dynamodb.WarmThroughput;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.s3.IBucket;

/**
 * A key of the account's own, a table or bucket that is there already, and what the table takes, for {@link
 * LongshoreProps#storage}. Immutable; each method returns a changed copy.
 */
public final class StorageSettings {
    /** What a new on-demand table takes at once ("Initial throughput", DynamoDB Developer Guide). */
    private static final int READS_OF_A_NEW_TABLE = 12_000;

    private static final int WRITES_OF_A_NEW_TABLE = 4_000;
    static final StorageSettings NONE = new StorageSettings(null, null, null, null, DayShards.SIXTEEN);

    private final @Nullable IKey key;
    private final @Nullable ITable table;
    private final @Nullable IBucket bucket;
    private final @Nullable WarmThroughput warmThroughput;
    private final DayShards shards;

    private StorageSettings(
            @Nullable IKey key,
            @Nullable ITable table,
            @Nullable IBucket bucket,
            @Nullable WarmThroughput warmThroughput,
            DayShards shards) {
        this.key = key;
        this.table = table;
        this.bucket = bucket;
        this.warmThroughput = warmThroughput;
        this.shards = shards;
    }

    /** Settings in which nothing is set: a table and a bucket are made, and AWS owns their keys. */
    public static StorageSettings create() {
        return NONE;
    }

    /**
     * The key of KMS that encrypts the table, the queues, the bucket, the logs and the first API key. Every role may use it. The
     * construct adds CloudWatch Logs to the policy of a key that the app makes; for an imported one the synthesis warns, and
     * the statement is in {@code docs/construct.md}. Costs $1 a month and $0.03 for 10,000 calls ("AWS KMS pricing").
     */
    public StorageSettings key(IKey key) {
        return new StorageSettings(key, table, bucket, warmThroughput, shards);
    }

    /**
     * A table that is there, such as one that point-in-time recovery has restored. It needs the keys and the index of the table
     * that the construct makes, and its time to live, which a restore does not bring back: {@code docs/construct.md} has the
     * commands. The construct changes nothing of it. A key of its own has to be in what imports it: {@code
     * Table.fromTableAttributes}.
     */
    public StorageSettings table(ITable table) {
        return new StorageSettings(key, table, bucket, warmThroughput, shards);
    }

    /**
     * A bucket that is there, in the stack's region. Longshore writes under {@code jobs/} and what handlers name; no lifecycle
     * rule may delete objects under {@code jobs/}, since a job can be due in ten years.
     */
    public StorageSettings bucket(IBucket bucket) {
        return new StorageSettings(key, table, bucket, warmThroughput, shards);
    }

    /**
     * What the table takes at once, in units a second, before it has grown with its traffic: set it where a new deployment starts
     * with a burst ({@code docs/limits.md}, "Throughput of a table"). AWS charges once for each raise, which cannot be
     * undone: a later deployment can only set more. A new on-demand table takes 12,000 reads and 4,000 writes without this.
     *
     * @param reads 12,000 or more read units a second
     * @param writes 4,000 or more write units a second; above 40,000 of either the account's quota has to be raised first ("Quotas
     *     in Amazon DynamoDB")
     * @throws IllegalArgumentException for less than what a new table has by itself
     */
    public StorageSettings warmThroughput(int reads, int writes) {
        if (reads < READS_OF_A_NEW_TABLE || writes < WRITES_OF_A_NEW_TABLE) {
            throw new IllegalArgumentException("warmThroughput takes " + READS_OF_A_NEW_TABLE + " reads and "
                    + WRITES_OF_A_NEW_TABLE + " writes a second or more, which a new table has without it, and got "
                    + reads
                    + " and " + writes);
        }
        WarmThroughput warm = WarmThroughput.builder()
                .readUnitsPerSecond(reads)
                .writeUnitsPerSecond(writes)
                .build();
        return new StorageSettings(key, table, bucket, warm, shards);
    }

    /**
     * Partition keys that a day's jobs are divided into: 16 without this; 256 where more than some 2,000 jobs a second are to
     * succeed ({@code docs/limits.md}, "Throughput of a table"). Set at the first deployment and never changed: a table in use
     * keeps its number, and a function that is set to another one does not start. With 256, a page of a list costs 256 queries.
     *
     * @param count 16 or 256
     * @throws IllegalArgumentException for another number
     */
    public StorageSettings shardsPerDay(int count) {
        return new StorageSettings(key, table, bucket, warmThroughput, new DayShards(count));
    }

    Optional<IKey> key() {
        return Optional.ofNullable(key);
    }

    Optional<ITable> table() {
        return Optional.ofNullable(table);
    }

    Optional<IBucket> bucket() {
        return Optional.ofNullable(bucket);
    }

    Optional<WarmThroughput> warmThroughput() {
        return Optional.ofNullable(warmThroughput);
    }

    DayShards shardsPerDay() {
        return shards;
    }

    /** Why this contradicts itself or the table's encryption, as a sentence. */
    Optional<String> contradiction(TableEncryption encryption) {
        if (table != null && warmThroughput != null) {
            return Optional.of("warmThroughput (" + warmThroughput.getReadUnitsPerSecond() + " reads, "
                    + warmThroughput.getWriteUnitsPerSecond()
                    + " writes a second) is of a table that the construct makes, and storage names one that is there; set it on"
                    + " that table");
        }
        if (encryption == TableEncryption.DEFAULT) {
            return Optional.empty();
        }
        if (table != null) {
            return Optional.of(
                    "encryption (" + encryption
                            + ") is of a table that the construct makes, and storage names one that is there; leave encryption out");
        }
        return key == null || encryption == TableEncryption.CUSTOMER_MANAGED
                ? Optional.empty()
                : Optional.of("encryption (" + encryption
                        + ") and a key in storage name two keys of the table; leave encryption out");
    }
}

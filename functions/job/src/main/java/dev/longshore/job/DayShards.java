package dev.longshore.job;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The shards of a day: the partition keys that a day's jobs are divided into, by the last one or two hexadecimal digits of their
 * ids, which are random. A table keeps the number that it was begun with, since a row stays where its id says (ADR 22). The
 * attention index has sixteen shards of its own, {@link JobId#SHARDS}.
 *
 * @param count 16 or 256
 */
public record DayShards(int count) {
    public static final DayShards SIXTEEN = new DayShards(16);

    /** @throws IllegalArgumentException for another count */
    public DayShards {
        if (count != 16 && count != 256) {
            throw new IllegalArgumentException("A day has 16 or 256 shards, not " + count);
        }
    }

    /** Every shard, in order. */
    public List<String> all() {
        return IntStream.range(0, count)
                .mapToObj(i -> HexFormat.of().toHexDigits(i, digits()))
                .toList();
    }

    /** Shard of a job. */
    public String of(JobId id) {
        return id.text().substring(id.text().length() - digits());
    }

    /** Partition key of a job's row. */
    public String partition(JobId id) {
        return partition(id.time().atOffset(ZoneOffset.UTC).toLocalDate(), of(id));
    }

    /** Partition key of a shard's rows on a day, in UTC. */
    public static String partition(LocalDate day, String shard) {
        return day + "#" + shard;
    }

    private int digits() {
        return count == 16 ? 1 : 2;
    }
}

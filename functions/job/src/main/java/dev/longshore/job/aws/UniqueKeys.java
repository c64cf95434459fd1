package dev.longshore.job.aws;

import dev.longshore.job.BodyStore;
import dev.longshore.job.JobId;
import dev.longshore.job.KeyTake;
import dev.longshore.job.UniqueKey;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The items that hold unique keys: which job took a key last. An item is not deleted when that job ends; {@link
 * BodyStore#LONGEST_STAY} after the job was due DynamoDB may delete it.
 */
final class UniqueKeys {
    private static final String SORT = "unique";
    private static final String JOB = "id";
    private static final String VERSION = "ve";

    private UniqueKeys() {}

    static Item key(UniqueKey key) {
        return Item.of("unique#" + key.hash(), SORT);
    }

    static Item item(KeyTake take, JobId taker) {
        return key(take.key())
                .with(JOB, taker.text())
                .with(VERSION, take.version())
                .expiring(take.ends());
    }

    /** Nothing took the key since it was read: neither another job, nor the same one again. */
    static Function<Expression, String> isAsRead(UniqueKey.@Nullable Holder holder) {
        return when -> holder == null
                ? when.isNew()
                : when.equal(JOB, holder.job().text()) + " AND " + when.equal(VERSION, holder.version());
    }

    static Function<Expression, String> isHeldBy(JobId holder) {
        return when -> when.equal(JOB, holder.text());
    }

    static Function<Expression, String> endingAt(Instant time) {
        return to -> "SET " + to.equal(JobTable.TIME_TO_LIVE, time.getEpochSecond());
    }

    static UniqueKey.Holder holder(Item item) {
        return new UniqueKey.Holder(new JobId(item.text(JOB)), item.text(VERSION));
    }
}

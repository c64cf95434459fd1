package dev.longshore.job.aws;

import dev.longshore.job.JobId;
import dev.longshore.job.Sha256;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The items that hold idempotency keys: which job was created under a key. */
final class IdempotencyKeys {
    private static final String SORT = "key";
    private static final String JOB = "id";

    private IdempotencyKeys() {}

    static Item key(String key) {
        return Item.of("key#" + Sha256.hex(key), SORT);
    }

    static Item item(String key, JobId holder, Instant expires) {
        return key(key).with(JOB, holder.text()).expiring(expires);
    }

    /**
     * The key can be taken: no other job holds it, or it has expired; DynamoDB may delete expired items days late.
     *
     * @param purged a job that holds the key and was purged, or no longer has a row; null for none
     */
    static Function<Expression, String> isFree(Instant now, @Nullable JobId purged) {
        return when -> when.isNew() + " OR " + when.below(JobTable.TIME_TO_LIVE, now.getEpochSecond())
                + (purged == null ? "" : " OR " + when.equal(JOB, purged.text()));
    }

    static Function<Expression, String> isHeldBy(JobId holder) {
        return when -> when.equal(JOB, holder.text());
    }

    static boolean isExpired(Item item, Instant now) {
        return item.number(JobTable.TIME_TO_LIVE) < now.getEpochSecond();
    }

    static JobId holder(Item item) {
        return new JobId(item.text(JOB));
    }
}

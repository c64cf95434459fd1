package dev.longshore.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which dead jobs; one filter at least, or {@link #all}. Immutable: each method returns another filter. */
public final class DeadFilter {
    private final Fields fields;
    private final @Nullable String idempotencyKey;

    private DeadFilter(Fields fields, @Nullable String idempotencyKey) {
        this.fields = fields;
        this.idempotencyKey = idempotencyKey;
    }

    /** All dead jobs. */
    public static DeadFilter all() {
        return new DeadFilter(new Fields().with("all", true), null);
    }

    /** Of this task, by its name or an alias. */
    public static DeadFilter ofTask(String task) {
        return new DeadFilter(new Fields(), null).with("task", task);
    }

    /** With this tag. */
    public static DeadFilter ofTag(String tag) {
        return new DeadFilter(new Fields(), null).with("tag", tag);
    }

    /** That died of this error: 12 hexadecimal digits, as {@link DeadGroups} has them. */
    public static DeadFilter ofError(String fingerprint) {
        return new DeadFilter(new Fields(), null).with("error", fingerprint);
    }

    /** Dead for this reason: exhausted, discarded, expired, crashed, … */
    public static DeadFilter ofReason(String reason) {
        return new DeadFilter(new Fields(), null).with("reason", reason);
    }

    /** That died at or after this time. */
    public static DeadFilter since(Instant time) {
        return new DeadFilter(new Fields(), null).with("from", time);
    }

    /** Of this task, besides. */
    public DeadFilter task(String task) {
        return with("task", task);
    }

    /** With this tag, besides. */
    public DeadFilter tag(String tag) {
        return with("tag", tag);
    }

    /** Of this error, besides. */
    public DeadFilter error(String fingerprint) {
        return with("error", fingerprint);
    }

    /** For this reason, besides. */
    public DeadFilter reason(String reason) {
        return with("reason", reason);
    }

    /** That died at or after this time, besides. */
    public DeadFilter from(Instant time) {
        return with("from", time);
    }

    /** That died at or before this time; now when not given. */
    public DeadFilter to(Instant time) {
        return with("to", time);
    }

    /** At most so many, the oldest death first; 1 to 1,000,000, and 1,000 when not given. */
    public DeadFilter limit(int jobs) {
        return with("limit", jobs);
    }

    /** The same call under the same key is done once, for seven days. The client makes one when not given. */
    public DeadFilter idempotencyKey(String key) {
        return new DeadFilter(fields, key);
    }

    Fields fields() {
        return fields;
    }

    @Nullable
    String idempotencyKey() {
        return idempotencyKey;
    }

    private DeadFilter with(String name, Object value) {
        return new DeadFilter(fields.with(name, value), idempotencyKey);
    }

    @Override
    public String toString() {
        return "DeadFilter" + fields;
    }
}

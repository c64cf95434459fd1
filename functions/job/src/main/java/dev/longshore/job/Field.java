package dev.longshore.job;

import dev.longshore.job.schedule.Schedule;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The fields of a job's row. The attribute names are short because they count against the kilobyte that one write unit pays
 * for ("DynamoDB item sizes and formats", Amazon DynamoDB Developer Guide); they are defined here only.
 */
public enum Field {
    FORMAT("v", Kind.NUMBER),
    STATE("s", Kind.TEXT),
    TASK("t", Kind.TEXT),
    POOL("q", Kind.TEXT),
    CREATED("c", Kind.NUMBER),
    /** The job is not started before this time. */
    DUE("d", Kind.NUMBER),
    /** The start time that the client requested, if it did. */
    RUN_AT("ra", Kind.NUMBER),
    ATTEMPT("a", Kind.NUMBER),
    MAX_ATTEMPTS("ma", Kind.NUMBER),
    FENCE("f", Kind.NUMBER),
    LEASE("lu", Kind.NUMBER),
    STARTED("sa", Kind.NUMBER),
    FINISHED("fa", Kind.NUMBER),
    /** Drawn for each write of a state, so that a writer recognises its own write. */
    TOKEN("wt", Kind.TEXT),
    PAYLOAD("p", Kind.BYTES),
    PAYLOAD_PLACE("pp", Kind.TEXT),
    PAYLOAD_SIZE("ps", Kind.NUMBER),
    RESULT("r", Kind.BYTES),
    RESULT_PLACE("rp", Kind.TEXT),
    RESULT_SIZE("rs", Kind.NUMBER),
    ERROR_TYPE("et", Kind.TEXT),
    ERROR_MESSAGE("em", Kind.TEXT),
    ERROR_STACK("es", Kind.TEXT),
    DEAD_REASON("dr", Kind.TEXT),
    /** Of the error of a dead job. */
    FINGERPRINT("fp", Kind.TEXT),
    HISTORY("h", Kind.LIST),
    TAGS("tg", Kind.LIST),
    FAIR_KEY("fk", Kind.TEXT),
    LIMIT_KEY("lk", Kind.TEXT),
    IDEMPOTENCY_KEY("ik", Kind.TEXT),
    REQUEST_HASH("rh", Kind.TEXT),
    UNIQUE_KEY("uk", Kind.TEXT),
    META("m", Kind.MAP),
    TRACEPARENT("tp", Kind.TEXT),
    /** The job that this one repeats. */
    RERUN_OF("ro", Kind.TEXT),
    /** How many jobs led to this one, each enqueued by the handler of the one before; absent for none. */
    CHAIN_DEPTH("cd", Kind.NUMBER),
    /** {@link Schedule#generation} of the schedule that made it. */
    GENERATION("gn", Kind.NUMBER),
    EXPIRES("ex", Kind.NUMBER),
    CANCEL_REQUESTED("cr", Kind.NUMBER),
    CANCEL_BY("cb", Kind.TEXT),
    PROGRESS("pr", Kind.NUMBER),
    PROGRESS_TEXT("px", Kind.TEXT),
    CHECKPOINT("cp", Kind.BYTES),
    /** How often the job was redriven with another payload. */
    EPOCH("ep", Kind.NUMBER),
    DEATH_HANDLED("dn", Kind.NUMBER),
    /** Key of the attention index: {@code due#<shard>}, {@code dead#<shard>}, {@code paused#<what>#<shard>} or {@code limit#<name>#<key>}. */
    INDEX("g", Kind.TEXT),
    INDEX_AT("gs", Kind.NUMBER),
    /** When DynamoDB may delete the row, in seconds since 1970; as its time-to-live feature wants it. */
    TTL("ttl", Kind.NUMBER);

    /** The Java type of a value: String, Long, byte[], List of String, Map of String to String. */
    public enum Kind {
        TEXT,
        NUMBER,
        BYTES,
        LIST,
        MAP
    }

    /**
     * The fields that the attention index has besides the keys: enough to send a job's message, and to filter and count dead
     * jobs without reading their rows.
     */
    public static final Set<Field> IN_INDEX = Collections.unmodifiableSet(EnumSet.of(
            FORMAT,
            STATE,
            TASK,
            POOL,
            CREATED,
            DUE,
            ATTEMPT,
            MAX_ATTEMPTS,
            FENCE,
            FAIR_KEY,
            TAGS,
            PAYLOAD_PLACE,
            PAYLOAD_SIZE,
            ERROR_TYPE,
            DEAD_REASON,
            FINGERPRINT,
            TTL,
            TOKEN));

    private static final Map<String, Field> BY_ATTRIBUTE =
            Arrays.stream(values()).collect(Collectors.toMap(Field::attribute, Function.identity()));

    private final String attribute;
    private final Kind kind;

    Field(String attribute, Kind kind) {
        this.attribute = attribute;
        this.kind = kind;
    }

    public String attribute() {
        return attribute;
    }

    public Kind kind() {
        return kind;
    }

    /** The field of an attribute's name; empty for one that newer code has written. */
    public static Optional<Field> named(String attribute) {
        return Optional.ofNullable(BY_ATTRIBUTE.get(attribute));
    }
}

package dev.longshore.client;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What a key is for. */
public enum Scope {
    /** Enqueueing jobs. */
    @JsonProperty("enqueue")
    ENQUEUE,
    /** Reading jobs, schedules, queues and the ledger. */
    @JsonProperty("read")
    READ,
    /** Cancelling, redriving, pausing; schedules. */
    @JsonProperty("operate")
    OPERATE,
    /** Making and revoking keys. */
    @JsonProperty("admin")
    ADMIN,
    /** A scope of a newer Longshore; not for new keys. */
    @JsonEnumDefaultValue
    OTHER
}

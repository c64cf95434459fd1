package dev.longshore.client;

import java.time.Instant;

/** Whether every job that was accepted is accounted for. */
public final class Ledgers {
    private final Transport transport;

    Ledgers(Transport transport) {
        this.transport = transport;
    }

    /** Hour by hour of the jobs' ids; the last day when not given, 31 days at most. */
    public Ledger read(Period period) {
        return transport.send(period.of(Call.of("GET", "/v1/ledger")), Ledger.class);
    }

    /** Requests an audit of every open hour, and returns when that was. It is done when {@link #read} has no {@code auditRequestedAt}. */
    public Instant audit() {
        return transport
                .send(Call.of("POST", "/v1/ledger/audit"), Answers.Audit.class)
                .requestedAt();
    }
}

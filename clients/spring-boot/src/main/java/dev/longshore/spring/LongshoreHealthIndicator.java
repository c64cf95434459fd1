package dev.longshore.spring;

import dev.longshore.client.Longshore;
import dev.longshore.outbox.Backlog;
import dev.longshore.outbox.OutboxRelay;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** UP when the API and its table answer; the outbox's backlog is a detail. */
final class LongshoreHealthIndicator extends AbstractHealthIndicator {
    private final Longshore longshore;
    private final @Nullable OutboxRelay relay;

    LongshoreHealthIndicator(Longshore longshore, @Nullable OutboxRelay relay) {
        super("Longshore's health check failed");
        this.longshore = longshore;
        this.relay = relay;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) throws SQLException {
        if (relay != null) {
            Backlog backlog = relay.backlog();
            builder.withDetail("outboxWaiting", backlog.waiting())
                    .withDetail("outboxOldestSeconds", backlog.oldest().toSeconds())
                    .withDetail("outboxRefused", backlog.refused());
        }
        longshore.health();
        builder.up();
    }
}

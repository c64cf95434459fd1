package dev.longshore.spring;

import dev.longshore.outbox.OutboxRelay;
import org.springframework.context.SmartLifecycle;

/** Starts the relay with the context and stops it before the DataSource closes. */
final class RelayLifecycle implements SmartLifecycle {
    private final OutboxRelay relay;

    RelayLifecycle(OutboxRelay relay) {
        this.relay = relay;
    }

    @Override
    public void start() {
        relay.start();
    }

    @Override
    public void stop() {
        relay.close();
    }

    @Override
    public boolean isRunning() {
        return relay.isRunning();
    }
}

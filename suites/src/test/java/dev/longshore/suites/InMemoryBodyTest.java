package dev.longshore.suites;

import dev.longshore.job.Body;
import dev.longshore.job.BodyStore;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.memory.InMemoryBodyStore;
import dev.longshore.memory.InMemoryRowStore;
import dev.longshore.memory.SettableClock;
import dev.longshore.suites.contract.BodyContract;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

class InMemoryBodyTest extends BodyContract {
    private final SettableClock clock = new SettableClock(Instant.parse("2096-03-10T12:00:00Z"));
    private final InMemoryBodyStore bodies = new InMemoryBodyStore(clock);
    private final InMemoryRowStore rows = new InMemoryRowStore();

    @BeforeEach
    void keepLargeOnesApart() {
        bodies.apartAbove(600, 11_000);
    }

    @Override
    protected JobStore store() {
        return new JobStore(rows, bodies);
    }

    @Override
    protected BodyStore bodies() {
        return bodies;
    }

    @Override
    protected @Nullable Instant endOfItem(JobId id, Body.Apart body) {
        return bodies.end(body);
    }

    @Override
    protected @Nullable Instant nextLook(JobId id, Body.Apart body) {
        return bodies.nextLook(body);
    }
}

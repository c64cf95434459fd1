package dev.longshore.suites;

import dev.longshore.job.BodyStore;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.RowStore;
import dev.longshore.job.UniqueKey;
import dev.longshore.memory.InMemoryBodyStore;
import dev.longshore.memory.InMemoryRowStore;
import dev.longshore.memory.SettableClock;
import dev.longshore.suites.contract.UniqueJobsContract;
import java.time.Instant;

class InMemoryUniqueJobsTest extends UniqueJobsContract {
    private final InMemoryRowStore rows = new InMemoryRowStore();
    private final InMemoryBodyStore bodies = new InMemoryBodyStore(SettableClock.atNoon());

    @Override
    protected JobStore store() {
        return new JobStore(rows, bodies);
    }

    @Override
    protected RowStore rows() {
        return rows;
    }

    @Override
    protected BodyStore bodies() {
        return bodies;
    }

    @Override
    protected void deleteRow(JobId id) {
        rows.deleteRow(id);
    }

    @Override
    protected Instant endOf(UniqueKey key) {
        return rows.endOf(key).orElseThrow();
    }
}

package dev.longshore.suites;

import dev.longshore.job.deadletter.Quarantine;
import dev.longshore.memory.InMemoryQuarantine;
import dev.longshore.suites.contract.QuarantineContract;

class InMemoryQuarantineTest extends QuarantineContract {
    private final InMemoryQuarantine quarantine = new InMemoryQuarantine();

    @Override
    protected Quarantine quarantine() {
        return quarantine;
    }
}

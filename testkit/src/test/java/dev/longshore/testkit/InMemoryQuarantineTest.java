package dev.longshore.testkit;

import dev.longshore.job.deadletter.Quarantine;
import dev.longshore.testkit.contract.QuarantineContract;

class InMemoryQuarantineTest extends QuarantineContract {
    private final InMemoryQuarantine quarantine = new InMemoryQuarantine();

    @Override
    protected Quarantine quarantine() {
        return quarantine;
    }
}

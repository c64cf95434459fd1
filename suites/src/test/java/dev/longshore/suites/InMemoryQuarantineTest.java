package dev.longshore.suites;

import dev.longshore.job.deadletter.Quarantine;
import dev.longshore.suites.contract.QuarantineContract;
import dev.longshore.testkit.InMemoryQuarantine;

class InMemoryQuarantineTest extends QuarantineContract {
    private final InMemoryQuarantine quarantine = new InMemoryQuarantine();

    @Override
    protected Quarantine quarantine() {
        return quarantine;
    }
}

package dev.longshore.suites;

import dev.longshore.job.ledger.LedgerStore;
import dev.longshore.suites.contract.LedgerContract;
import dev.longshore.testkit.InMemoryLedger;

class InMemoryLedgerTest extends LedgerContract {
    private final InMemoryLedger ledger = new InMemoryLedger();

    @Override
    protected LedgerStore ledger() {
        return ledger;
    }
}

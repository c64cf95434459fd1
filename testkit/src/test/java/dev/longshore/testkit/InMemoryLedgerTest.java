package dev.longshore.testkit;

import dev.longshore.job.ledger.LedgerStore;
import dev.longshore.testkit.contract.LedgerContract;

class InMemoryLedgerTest extends LedgerContract {
    private final InMemoryLedger ledger = new InMemoryLedger();

    @Override
    protected LedgerStore ledger() {
        return ledger;
    }
}

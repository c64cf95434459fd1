package dev.longshore.suites;

import dev.longshore.job.ledger.LedgerStore;
import dev.longshore.memory.InMemoryLedger;
import dev.longshore.suites.contract.LedgerContract;

class InMemoryLedgerTest extends LedgerContract {
    private final InMemoryLedger ledger = new InMemoryLedger();

    @Override
    protected LedgerStore ledger() {
        return ledger;
    }
}

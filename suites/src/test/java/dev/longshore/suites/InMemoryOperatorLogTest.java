package dev.longshore.suites;

import dev.longshore.job.operatorlog.OperatorLog;
import dev.longshore.memory.InMemoryOperatorLog;
import dev.longshore.suites.contract.OperatorLogContract;

class InMemoryOperatorLogTest extends OperatorLogContract {
    private final InMemoryOperatorLog log = new InMemoryOperatorLog();

    @Override
    protected OperatorLog log() {
        return log;
    }
}

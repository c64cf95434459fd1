package dev.longshore.testkit;

import dev.longshore.job.operatorlog.OperatorLog;
import dev.longshore.testkit.contract.OperatorLogContract;

class InMemoryOperatorLogTest extends OperatorLogContract {
    private final InMemoryOperatorLog log = new InMemoryOperatorLog();

    @Override
    protected OperatorLog log() {
        return log;
    }
}

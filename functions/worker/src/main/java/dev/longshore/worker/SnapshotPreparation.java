package dev.longshore.worker;

import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * Makes a worker's catalogue before Lambda takes a SnapStart snapshot, so that a restored function starts with it. A
 * catalogue that cannot be made fails the snapshot, and so the deployment. Handlers that a supplier makes are not in the
 * snapshot, nor is any connection that they open.
 */
final class SnapshotPreparation implements Resource {
    private final WorkerFunction worker;

    private SnapshotPreparation(WorkerFunction worker) {
        this.worker = worker;
    }

    /** The caller has to keep what is returned: CRaC's context refers to it weakly. */
    static SnapshotPreparation register(WorkerFunction worker) {
        SnapshotPreparation preparation = new SnapshotPreparation(worker);
        Core.getGlobalContext().register(preparation);
        return preparation;
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        worker.prepare();
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {}
}

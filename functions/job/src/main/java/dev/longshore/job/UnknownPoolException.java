package dev.longshore.job;

import java.util.Collection;
import java.util.TreeSet;

/**
 * The deployment has no queue of this pool. A job of such a pool is held until a deployment brings the pool back, moves the
 * job's task to another pool, or {@link Lifecycle#DEPLOYMENT_GRACE} is over.
 */
public final class UnknownPoolException extends StoreUnavailableException {
    public UnknownPoolException(String pool, Collection<String> declared) {
        super(
                "There is no pool " + pool + "; this deployment has " + String.join(", ", new TreeSet<>(declared)),
                new IllegalStateException("LONGSHORE_QUEUES does not name it"));
    }
}

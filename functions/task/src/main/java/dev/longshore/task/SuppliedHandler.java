package dev.longshore.task;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A handler that its supplier makes at the task's first job. A catalogue can be described without it, and so without the
 * services that the handler needs.
 */
final class SuppliedHandler<I, O extends @Nullable Object> implements TaskHandler<I, O> {
    private final String task;
    private final Supplier<? extends TaskHandler<I, O>> supplier;
    private final Lock supplying = new ReentrantLock();
    private volatile @Nullable TaskHandler<I, O> handler;

    SuppliedHandler(String task, Supplier<? extends TaskHandler<I, O>> supplier) {
        this.task = task;
        this.supplier = supplier;
    }

    @Override
    public O handle(I input, JobContext job) throws Exception {
        return handler().handle(input, job);
    }

    private TaskHandler<I, O> handler() throws InterruptedException {
        TaskHandler<I, O> supplied = handler;
        return supplied == null ? supplyOnce() : supplied;
    }

    private TaskHandler<I, O> supplyOnce() throws InterruptedException {
        supplying
                .lockInterruptibly(); // a monitor cannot be interrupted: a job would wait past its time-out for another
        // job's call
        try {
            TaskHandler<I, O> supplied = handler;
            if (supplied == null) {
                supplied = supply();
                handler = supplied;
            }
            return supplied;
        } finally {
            supplying.unlock();
        }
    }

    private TaskHandler<I, O> supply() {
        TaskHandler<I, O> supplied;
        try {
            supplied = supplier.get();
        } catch (RuntimeException | LinkageError e) {
            throw new HandlerUnavailableException("The supplier of the handler of task " + task + " failed: " + e, e);
        }
        if (supplied == null) {
            throw new HandlerUnavailableException(
                    "The supplier of the handler of task " + task + " returned null; return the handler", null);
        }
        return supplied;
    }
}

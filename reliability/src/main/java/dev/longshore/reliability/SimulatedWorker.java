package dev.longshore.reliability;

import dev.longshore.job.JobId;
import dev.longshore.reliability.SimulatedTasks.Orders;
import dev.longshore.task.JobContext;
import dev.longshore.task.JobSignal;
import dev.longshore.task.Json;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.time.Duration;

/** The real worker function, with handlers that do what the payload says and record it. */
final class SimulatedWorker extends WorkerFunction {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final World world;
    private final Sandbox sandbox;
    private final Deployment deployment;

    SimulatedWorker(World world, Sandbox sandbox, Deployment deployment) {
        this.world = world;
        this.sandbox = sandbox;
        this.deployment = deployment;
    }

    @Override
    protected void tasks(TaskCatalog tasks) {
        SimulatedTasks.addDeclared(tasks, deployment, this::handle);
    }

    private Object handle(Orders orders, JobContext job) throws InterruptedException, JobSignal {
        JobId id = new JobId(job.id());
        sandbox.requireAlive();
        world.recorder.add(new Event.Started(world.now(), sandbox.name(), id, job.fence(), job.attempt(), orders));
        boolean returned = false;
        try {
            follow(orders, job);
            returned = true;
            return job.fence();
        } finally {
            if (sandbox.isAlive() && !world.scheduler.isOver()) {
                world.recorder.add(new Event.Ended(world.now(), sandbox.name(), id, job.fence(), returned));
            }
        }
    }

    private void follow(Orders orders, JobContext job) throws InterruptedException, JobSignal {
        for (int second = 0; second < orders.seconds(); second += 10) {
            world.scheduler.sleep(SECOND.multipliedBy(Math.min(10, orders.seconds() - second)));
            sandbox.requireAlive();
            job.progress(second * 100 / orders.seconds());
            if (orders.ending().equals("cancel") && job.cancelRequested()) {
                throw job.cancelled();
            }
        }
        if (job.fence() <= orders.snoozes()) {
            throw job.snooze(SECOND.multipliedBy(5));
        }
        if (orders.ending().equals("continue") && job.fence() <= 2) {
            throw job.continueWith(job.fence());
        }
        for (int child = 1; child <= orders.children(); child++) {
            enqueueChild(orders, job, child);
        }
        world.recorder.add(new Event.Effect(world.now(), new JobId(job.id()), job.fence()));
        world.scheduler.letOthersRun();
        sandbox.requireAlive();
        if (job.attempt() <= orders.failures()) {
            throw new IllegalStateException("fails " + orders.failures() + " times");
        }
        if (orders.ending().equals("crash") || (orders.ending().equals("crash once") && job.fence() == 1)) {
            world.recorder.crashed(sandbox);
            sandbox.crash();
        }
        if (orders.ending().equals("discard") || (orders.ending().equals("discard once") && job.fence() == 1)) {
            throw job.discard("as ordered");
        }
    }

    private void enqueueChild(Orders orders, JobContext job, int child) {
        Orders its = new Orders(orders.origin() + "/" + child, "return", 0, 0, 0, orders.children() - 1);
        String origin = Json.of(its).text();
        world.recorder.add(new Event.Asked(world.now(), origin));
        String id = job.enqueue(SimulatedTasks.BRIEF, its);
        world.recorder.add(new Event.Acknowledged(world.now(), origin, new JobId(id)));
    }
}

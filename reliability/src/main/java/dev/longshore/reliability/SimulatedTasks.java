package dev.longshore.reliability;

import dev.longshore.task.Limit;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.ScheduleSpec;
import dev.longshore.task.Task;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.TaskDescription;
import dev.longshore.task.TaskHandler;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;

/** The tasks of a simulated deployment: together they take every path of a job's lifecycle. */
final class SimulatedTasks {
    private static final String NOTHING = "nothing";

    /** The schedule that the code of some deployments declares: each five minutes of the first half hour of the simulation, and one more. */
    static final String DECLARED = "declared";

    /** Held for all of its time-out at once. */
    static final String BRIEF = "brief";

    /** Held under a short lease with heartbeats. */
    static final String LONG = "long";

    /** Its backoff is too long for the queue. */
    static final String PATIENT = "patient";

    /** No worker has it. */
    static final String STRANGE = "strange";

    /** One at once of each key, and two at once together with {@link #BROAD}. */
    static final String NARROW = "narrow";

    /** Two at once together with {@link #NARROW}, under leases with heartbeats. */
    static final String BROAD = "broad";

    /** The limit that both use. */
    static final String COMMON = "common";

    /** How many of both run at once. */
    static final int COMMON_SLOTS = 2;

    /** Its payload passes the API and no worker can read it. */
    static final String GARBLED = "garbled";

    /**
     * What a handler is to do.
     *
     * @param origin identifies the request for the job
     * @param ending how the handler ends, once it has failed often enough: return, discard, discard once, cancel,
     *     continue (twice, and then return), crash, crash once
     * @param failures how many attempts fail first
     * @param snoozes how often it snoozes first, by its fence
     * @param seconds how long it runs
     * @param children how many further jobs it enqueues
     */
    record Orders(String origin, String ending, int failures, int snoozes, int seconds, int children) {}

    /** What the API takes for a payload and a worker does not. */
    record Garbled(String origin, String ending, int failures, int snoozes, int seconds, int children) {
        Garbled {
            if (!origin.isEmpty()) {
                throw new IllegalArgumentException("This payload is unreadable");
            }
        }
    }

    private SimulatedTasks() {}

    /** The tasks of the API and the dispatcher: descriptions only. */
    static List<TaskDescription> described(Deployment deployment) {
        TaskCatalog tasks = new TaskCatalog();
        addDeclared(tasks, deployment, (orders, job) -> NOTHING);
        if (deployment.strange()) {
            addStrange(tasks, deployment);
        }
        if (deployment.declares()) {
            tasks.find(BRIEF)
                    .orElseThrow()
                    .every(
                            DECLARED,
                            ScheduleSpec.cron("0-35/5 12 10 3 *", ZoneOffset.UTC)
                                    .payload(new Orders(DECLARED, "return", 0, 0, 1, 0))
                                    .catchUpAll(ScheduleSpec.MOST_CAUGHT_UP));
        }
        return tasks.descriptions();
    }

    private static void addStrange(TaskCatalog tasks, Deployment deployment) {
        tasks.add(STRANGE, Orders.class, (orders, job) -> NOTHING).pool(deployment.pool(2));
    }

    /** The tasks that a worker has, with this handler. */
    static void addDeclared(TaskCatalog tasks, Deployment deployment, TaskHandler<Orders, Object> handler) {
        tasks.add(BRIEF, Orders.class, handler)
                .timeout(Duration.ofSeconds(20))
                .retry(RetryPolicy.exponential()
                        .first(Duration.ofSeconds(2))
                        .cap(Duration.ofSeconds(30))
                        .maxAttempts(4));
        tasks.add(LONG, Orders.class, handler)
                .pool(deployment.pool(1))
                .timeout(Duration.ofMinutes(4))
                .retry(RetryPolicy.fixed(Duration.ofSeconds(10)).maxAttempts(3));
        tasks.add(PATIENT, Orders.class, handler)
                .pool(deployment.pool(2))
                .timeout(Duration.ofSeconds(20))
                .retry(RetryPolicy.fixed(Duration.ofMinutes(16)).maxAttempts(3));
        tasks.limit(COMMON, Limit.concurrent(COMMON_SLOTS));
        tasks.add(NARROW, Orders.class, handler)
                .timeout(Duration.ofSeconds(20))
                .retry(RetryPolicy.fixed(Duration.ofSeconds(5)).maxAttempts(3))
                .limit(Limit.concurrent(1).perKey())
                .uses(COMMON);
        tasks.add(BROAD, Orders.class, handler)
                .pool(deployment.pool(1))
                .timeout(Duration.ofMinutes(4))
                .retry(RetryPolicy.fixed(Duration.ofSeconds(10)).maxAttempts(3))
                .uses(COMMON);
        tasks.add(GARBLED, Garbled.class, (orders, job) -> NOTHING).retry(RetryPolicy.never());
    }

    /** The tasks of the dead-letter function: each with a hook, including the task that no worker has. */
    static void addWithDeathHooks(TaskCatalog tasks, Deployment deployment, Consumer<String> onDeath) {
        addDeclared(tasks, deployment, (orders, job) -> NOTHING);
        addStrange(tasks, deployment);
        for (Task<?, ?> task : tasks.all()) {
            task.onDead(dead -> onDeath.accept(dead.id()));
        }
    }
}

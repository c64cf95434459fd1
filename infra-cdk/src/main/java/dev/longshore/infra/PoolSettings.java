package dev.longshore.infra;

import dev.longshore.task.PoolPlan;
import dev.longshore.task.TaskDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awscdk.services.secretsmanager.ISecret;

/**
 * The numbers of one pool, derived from its tasks or set by its {@link WorkerPool}, and free of contradictions: each check
 * stops the synthesis with a sentence that names both numbers and what to change.
 *
 * @param batchSize how many messages a function gets at most; on Fargate, how many jobs a container runs at once
 * @param fargate the containers that run the pool's jobs; empty for a function of Lambda
 * @param deadLetterRetention longer than the queue's: a message keeps its first date when it moves
 * @param environment the variables of this pool alone, which the hooks of its tasks find too
 * @param function the pool's settings over those for all functions
 * @param ownSecrets the secrets of this pool alone, which the hooks of its tasks read too
 */
record PoolSettings(
        String name,
        int memory,
        Duration functionTimeout,
        Duration visibilityTimeout,
        Duration retention,
        Duration deadLetterRetention,
        int maxReceiveCount,
        int batchSize,
        Duration batchWindow,
        Optional<Integer> maxConcurrency,
        Optional<Integer> minPollers,
        Optional<Integer> maxPollers,
        Optional<Integer> reservedConcurrency,
        Map<String, String> environment,
        FunctionSettings function,
        Map<String, ISecret> ownSecrets,
        WorkerCode code,
        Optional<FargateTasks> fargate) {
    private static final Duration LONGEST_FUNCTION = Duration.ofMinutes(15);
    private static final Duration LONGEST_VISIBILITY = Duration.ofHours(12);
    private static final Duration LONGEST_IN_QUEUE = Duration.ofMinutes(15);
    private static final Duration LONGEST_RETENTION = Duration.ofDays(14);
    private static final Duration USUAL_RETENTION = Duration.ofDays(7);
    private static final int BATCH_WITHOUT_WINDOW = 10;

    /** A provisioned poller invokes the function ten times at once ("Configuring scaling behavior for SQS", Lambda). */
    static final int INVOCATIONS_OF_A_POLLER = 10;

    /** Each job has a thread and a watcher's thread, and a function has 1,024 of them ("Lambda quotas"). */
    private static final int LARGEST_BATCH = 400;

    /** The settings of all pools; the pools of the tasks and the pools that are deployed must be the same. */
    static List<PoolSettings> of(
            Collection<TaskDescription> tasks,
            Collection<WorkerPool> pools,
            FunctionSettings functions,
            WorkerCode code) {
        Map<String, WorkerPool> byName = new LinkedHashMap<>();
        for (WorkerPool pool : pools) {
            requireOfAll(
                    byName.putIfAbsent(pool.name(), pool) == null,
                    "The pool " + pool.name() + " is there twice; give it all its settings at once");
        }
        Set<String> named = new TreeSet<>();
        for (TaskDescription task : tasks) {
            named.add(task.pool());
            requireOfAll(
                    byName.isEmpty() || byName.containsKey(task.pool()),
                    "The task " + task.name() + " is in the pool " + task.pool() + ", which is not among the pools "
                            + String.join(", ", byName.keySet()) + "; add WorkerPool.named(\"" + task.pool() + "\")");
        }
        for (String pool : byName.keySet()) {
            requireOfAll(
                    named.contains(pool),
                    "The pool " + pool + " has no task; tasks name the pools " + String.join(", ", named)
                            + "; put a task into it or leave it out");
        }
        List<PoolSettings> settings = new ArrayList<>();
        for (String pool : named) {
            settings.add(of(byName.getOrDefault(pool, WorkerPool.named(pool)), tasks, functions, code));
        }
        requireOfAll(!settings.isEmpty(), "There is no task at all; add one to the catalogue");
        return settings;
    }

    private static PoolSettings of(
            WorkerPool pool, Collection<TaskDescription> tasks, FunctionSettings functions, WorkerCode code) {
        List<TaskDescription> own =
                tasks.stream().filter(task -> task.pool().equals(pool.name())).toList();
        PoolSettings settings = pool.fargate()
                .map(containers -> onFargate(pool, containers, own, functions, code))
                .orElseGet(() -> onLambda(pool, own, functions, code));
        settings.checkQueue(own);
        new FunctionChecks("The pool " + pool.name())
                .check(settings.function(), settings.code().isImage());
        pool.code().ifPresent(WorkerCode::check);
        return settings;
    }

    private static PoolSettings onFargate(
            WorkerPool pool,
            FargateTasks containers,
            List<TaskDescription> tasks,
            FunctionSettings functions,
            WorkerCode code) {
        PoolPlan plan = PoolPlan.of(pool.name(), tasks);
        int inMemory = (containers.memoryMiB() - PoolPlan.OWN_MEMORY) / plan.runMiB();
        PoolSettings settings = new PoolSettings(
                pool.name(),
                containers.memoryMiB(),
                plan.longestTimeout(),
                pool.visibilityTimeout().orElse(plan.visibilityInAProcess()),
                pool.retention().orElse(USUAL_RETENTION),
                LONGEST_RETENTION,
                pool.maxReceiveCount().orElse(plan.maxReceiveCount()),
                containers.concurrencyWith(inMemory),
                Duration.ZERO,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                pool.environment(),
                pool.function().over(functions),
                pool.function().secrets(),
                pool.code().orElse(code),
                Optional.of(containers));
        new FargateChecks(pool, containers).check(tasks, settings);
        return settings;
    }

    private static PoolSettings onLambda(
            WorkerPool pool, List<TaskDescription> tasks, FunctionSettings functions, WorkerCode code) {
        PoolPlan plan = PoolPlan.of(pool.name(), tasks);
        Duration function = pool.functionTimeout().orElse(plan.functionTimeout());
        Duration window = pool.batchWindow().orElse(Duration.ZERO);
        PoolSettings settings = new PoolSettings(
                pool.name(),
                pool.memory().orElseGet(() -> plan.memoryFor(pool.batchSize().orElse(plan.batchSize()))),
                function,
                pool.visibilityTimeout().orElse(function.multipliedBy(6).plus(window)),
                pool.retention().orElse(USUAL_RETENTION),
                LONGEST_RETENTION,
                pool.maxReceiveCount().orElse(plan.maxReceiveCount()),
                pool.batchSize().orElse(plan.batchSize()),
                window,
                pool.maxConcurrency(),
                pool.minPollers(),
                pool.maxPollers(),
                pool.reservedConcurrency(),
                pool.environment(),
                pool.function().over(functions),
                pool.function().secrets(),
                pool.code().orElse(code),
                Optional.empty());
        settings.checkTimes(tasks);
        settings.checkNumbers();
        new FunctionChecks("The pool " + pool.name()).checkOfPool(pool.function());
        return settings;
    }

    private void checkTimes(List<TaskDescription> tasks) {
        for (TaskDescription task : tasks) {
            Duration longest = Duration.ofMillis(task.timeoutMillis());
            require(
                    longest.compareTo(PoolPlan.LONGEST_IN_LAMBDA) <= 0,
                    "the task " + task.name() + " may take " + longest + ", longer than the "
                            + PoolPlan.LONGEST_IN_LAMBDA
                            + " that a function of Lambda leaves it; put it into a pool with onFargate(…) or lower the task's"
                            + " timeout");
            int runMiB = task.memoryMiB() == null ? 0 : task.memoryMiB();
            require(
                    runMiB <= PoolPlan.MOST_IN_LAMBDA,
                    "a run of the task " + task.name() + " needs " + runMiB + " MiB, more than the "
                            + PoolPlan.MOST_IN_LAMBDA
                            + " that a function of Lambda leaves it; put it into a pool with onFargate(…) or lower the task's"
                            + " memoryMiB");
            Duration needed = Duration.ofMillis(task.timeoutMillis()).plus(PoolPlan.OVERHEAD);
            require(
                    functionTimeout.compareTo(needed) >= 0 || functionTimeout.equals(LONGEST_FUNCTION),
                    "its function's time-out of " + functionTimeout + " is shorter than the " + needed
                            + " that the task " + task.name()
                            + " may take with its overhead; raise functionTimeout or lower the task's timeout");
            if (task.memoryMiB() != null) {
                long wanted = PoolPlan.OWN_MEMORY + (long) batchSize * task.memoryMiB();
                require(
                        memory >= wanted,
                        "its memory of " + memory + " MiB is less than the " + wanted + " MiB that a batch of "
                                + batchSize
                                + " runs of the task " + task.name()
                                + " and the worker itself need; raise memoryMiB or lower"
                                + " batchSize");
            }
        }
        require(
                functionTimeout.compareTo(LONGEST_FUNCTION) <= 0,
                "its function's time-out of " + functionTimeout + " is longer than Lambda's " + LONGEST_FUNCTION);
        require(
                visibilityTimeout.compareTo(functionTimeout) >= 0,
                "its visibility time-out of " + visibilityTimeout + " is shorter than its function's time-out of "
                        + functionTimeout + "; raise visibilityTimeout, best to six times the other");
        require(
                visibilityTimeout.compareTo(functionTimeout.plus(batchWindow)) >= 0,
                "its visibility time-out of " + visibilityTimeout + " is shorter than its batch window of "
                        + batchWindow
                        + " and its function's time-out of " + functionTimeout
                        + " together; raise visibilityTimeout or lower batchWindow");
    }

    private void checkQueue(List<TaskDescription> tasks) {
        for (TaskDescription task : tasks) {
            require(
                    task.maxAttempts() <= maxReceiveCount,
                    "its maxReceiveCount of " + maxReceiveCount + " is less than the " + task.maxAttempts()
                            + " attempts of the task " + task.name() + "; raise maxReceiveCount or lower maxAttempts");
            Duration inQueue = shorter(Duration.ofMillis(task.longestBackoffMillis()), LONGEST_IN_QUEUE);
            require(
                    retention.compareTo(visibilityTimeout.plus(inQueue)) >= 0,
                    "its queue keeps a message for " + retention + ", less than a backoff of " + inQueue
                            + " of the task "
                            + task.name() + " after a visibility time-out of " + visibilityTimeout
                            + "; raise retention or lower the backoff");
        }
        requireWithin("maxReceiveCount", maxReceiveCount, 1, 1_000);
        require(
                visibilityTimeout.compareTo(LONGEST_VISIBILITY) <= 0,
                "its visibility time-out of " + visibilityTimeout + " is longer than SQS's " + LONGEST_VISIBILITY);
        require(
                retention.compareTo(deadLetterRetention) < 0,
                "its queue keeps a message for " + retention + ", not less than its dead-letter queue's "
                        + deadLetterRetention + ", where the message keeps its first date; lower retention");
        FunctionEnvironment.contradiction(environment).ifPresent(otherwise -> require(false, otherwise));
    }

    private void checkNumbers() {
        requireWithin("memoryMiB", memory, 128, 10_240);
        requireWithin("batchSize", batchSize, 1, LARGEST_BATCH);
        requireWithin("batchWindow in seconds", Math.toIntExact(batchWindow.toSeconds()), 0, 300);
        maxConcurrency.ifPresent(most -> requireWithin("maxConcurrency", most, 2, 1_000));
        minPollers.ifPresent(least -> requireWithin("the least of provisionedPollers", least, 2, 200));
        maxPollers.ifPresent(
                most -> requireWithin("the most of provisionedPollers", most, minPollers.orElse(2), 2_000));
        require(
                batchSize <= BATCH_WITHOUT_WINDOW || batchWindow.toSeconds() >= 1,
                "its batch size of " + batchSize + " is above " + BATCH_WITHOUT_WINDOW + " and its batch window is "
                        + batchWindow + "; a larger batch needs a batchWindow of 1 s or more");
        maxConcurrency.ifPresent(most -> require(
                minPollers.isEmpty(),
                "it has a maxConcurrency of " + most + " and provisionedPollers of " + minPollers.orElse(0)
                        + ", which exclude each other; take one of them"));
        reservedConcurrency.ifPresent(this::checkReserved);
    }

    /** What the queue delivers above the reserved concurrency is throttled, and each throttled message has used up a receive. */
    private void checkReserved(int reserved) {
        String remedy = ", so that messages would be throttled and use up receives; ";
        maxConcurrency.ifPresent(most -> require(
                reserved >= most,
                "its reserved concurrency of " + reserved + " is under its maximum concurrency of " + most + remedy
                        + "raise reservedConcurrency or lower maxConcurrency"));
        maxPollers.ifPresent(pollers -> require(
                reserved >= pollers * INVOCATIONS_OF_A_POLLER,
                "its reserved concurrency of " + reserved + " is under the " + pollers * INVOCATIONS_OF_A_POLLER
                        + " invocations of " + pollers + " provisioned pollers" + remedy
                        + "raise reservedConcurrency or lower provisionedPollers"));
        require(
                maxConcurrency.isPresent() || maxPollers.isPresent(),
                "it has a reservedConcurrency of " + reserved + " and no maxConcurrency" + remedy
                        + "set maxConcurrency to 2 up to " + reserved);
    }

    private void requireWithin(String setting, int value, int least, int most) {
        require(value >= least && value <= most, setting + " takes " + least + " to " + most + ", and got " + value);
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("The pool " + name + " cannot be deployed: " + otherwise);
        }
    }

    private static void requireOfAll(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}

package dev.longshore.infra;

import dev.longshore.task.PoolPlan;
import dev.longshore.task.TaskDescription;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What contradicts itself in a pool on Fargate; each stops the synthesis with a sentence that says what to change. */
final class FargateChecks {
    private final WorkerPool pool;
    private final FargateTasks containers;

    FargateChecks(WorkerPool pool, FargateTasks containers) {
        this.pool = pool;
        this.containers = containers;
    }

    /** @throws IllegalArgumentException with the sentence */
    void check(Collection<TaskDescription> tasks, PoolSettings settings) {
        int concurrency = settings.batchSize();
        require(
                !settings.code().isImage(),
                "it is on Fargate and its code is an image for Lambda; name a jar by WorkerCode.jar, on which the"
                        + " construct builds the image");
        settingsOfFunctions(settings.function())
                .forEach((setting, value) -> require(
                        value.isEmpty(),
                        "it is on Fargate and has a " + setting + " of " + value.orElse("")
                                + ", which goes with a function of Lambda; leave it out"));
        JvmFlags.contradiction(WorkerImage.JVM_FLAGS, settings.function().jvmFlags())
                .ifPresent(otherwise -> require(false, otherwise));
        require(
                containers.vpc().isEmpty() || pool.function().network().isEmpty(),
                "its containers have a vpc of FargateTasks and its function settings a network; take one of them");
        require(
                containers.isASizeOfFargate(),
                "Fargate has no container with " + containers.cpu() + " CPU units and " + containers.memoryMiB()
                        + " MiB; take a pair of \"Task CPU and memory\", Amazon ECS Developer Guide, 1024 and 2048 for"
                        + " example");
        requireWithin("maxTasks", containers.maxTasks());
        requireWithin("concurrency", concurrency);
        for (TaskDescription task : tasks) {
            long needed = PoolPlan.OWN_MEMORY + (long) concurrency * PoolPlan.runMiB(task);
            require(
                    containers.memoryMiB() >= needed,
                    "its containers have " + containers.memoryMiB() + " MiB, less than the " + needed + " MiB that "
                            + concurrency + " runs of the task " + task.name()
                            + " and the worker itself need; raise the memory or lower concurrency");
        }
    }

    private Map<String, Optional<String>> settingsOfFunctions(FunctionSettings withThoseOfAll) {
        Map<String, Optional<String>> settings = new LinkedHashMap<>();
        settings.put("memoryMiB", pool.memory().map(String::valueOf));
        settings.put("functionTimeout", pool.functionTimeout().map(String::valueOf));
        settings.put("batchSize", pool.batchSize().map(String::valueOf));
        settings.put("batchWindow", pool.batchWindow().map(String::valueOf));
        settings.put("maxConcurrency", pool.maxConcurrency().map(String::valueOf));
        settings.put("reservedConcurrency", pool.reservedConcurrency().map(String::valueOf));
        settings.put("provisionedPollers", pool.minPollers().map(String::valueOf));
        FunctionSettings function = pool.function();
        settings.put("function's memoryMiB", function.memory().map(String::valueOf));
        settings.put(
                "function's reservedConcurrency", function.reservedConcurrency().map(String::valueOf));
        settings.put("function's tmpSizeMiB", function.tmpSize().map(String::valueOf));
        settings.put("function's files", withThoseOfAll.files().map(files -> files.folder()));
        settings.put(
                "function's layers",
                Optional.of(withThoseOfAll.layers().size())
                        .filter(layers -> layers > 0)
                        .map(String::valueOf));
        return settings;
    }

    private void requireWithin(String setting, int value) {
        require(value >= 1 && value <= 1_000, setting + " takes 1 to 1000, and got " + value);
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("The pool " + pool.name() + " cannot be deployed: " + otherwise);
        }
    }
}

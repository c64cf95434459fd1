package dev.longshore.infra;

import dev.longshore.keeper.DeadLetterFunction;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the dead-letter function runs. Without {@code onDead} hooks it is Longshore's own class in Longshore's own jar. With
 * hooks it is the same class out of the worker's jar, where the hooks are; or another class of that jar, which the team names.
 *
 * @param handler the class's name
 * @param isInWorkerJar whether the class is taken from the worker's jar, and runs code of the team
 * @param environment variables beside those that every function has
 */
record DeadLetterHandler(String handler, boolean isInWorkerJar, Map<String, String> environment) {
    private static final String OURS = DeadLetterFunction.class.getName();

    /** @throws IllegalArgumentException when the hooks cannot run: the jar lacks a class, or two pools contradict each other */
    static DeadLetterHandler of(LongshoreProps props, Collection<PoolSettings> pools, WorkerJar jar) {
        Map<String, String> environment = environmentOfHooks(props, pools);
        if (props.deadLetterHandler().isPresent()) {
            String own = props.deadLetterHandler().get();
            jar.requireClass(own, "deadLetterHandler names a class of the worker's jar", "name a class that is in it");
            return new DeadLetterHandler(own, true, environment);
        }
        if (props.tasksWithHooks().isEmpty()) {
            return new DeadLetterHandler(OURS, false, Map.of());
        }
        String why = "The dead-letter function runs the onDead hooks of the tasks "
                + String.join(", ", props.tasksWithHooks()) + " out of the worker's jar";
        jar.requireClass(
                OURS,
                why,
                "add dev.longshore:longshore-keeper to the worker's dependencies, or name a class of your own by"
                        + " deadLetterHandler");
        environment.put(FunctionEnvironment.WORKER, WorkerJar.classOf(props.workerHandler()));
        return new DeadLetterHandler(OURS, true, environment);
    }

    /** A hook finds the variables that its task's handler finds. */
    private static Map<String, String> environmentOfHooks(LongshoreProps props, Collection<PoolSettings> pools) {
        Set<String> hooked = props.poolsWithHooks();
        Map<String, String> environment = new LinkedHashMap<>();
        Map<String, String> setBy = new LinkedHashMap<>();
        for (PoolSettings pool : pools) {
            if (hooked.contains(pool.name())) {
                pool.environment().forEach((name, value) -> {
                    String before = environment.putIfAbsent(name, value);
                    String other = setBy.putIfAbsent(name, pool.name());
                    if (before != null && !before.equals(value)) {
                        throw new IllegalArgumentException("The pools " + other + " and " + pool.name() + " set " + name
                                + " to two values, and the dead-letter function runs onDead hooks of tasks of both; give "
                                + name + " one value, or another name in one of them");
                    }
                });
            }
        }
        return environment;
    }
}

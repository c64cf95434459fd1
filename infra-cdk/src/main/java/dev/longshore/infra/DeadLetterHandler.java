package dev.longshore.infra;

import dev.longshore.keeper.DeadLetterFunction;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.services.secretsmanager.ISecret;

/**
 * What the dead-letter function runs. Without {@code onDead} hooks it is Longshore's own class in Longshore's own jar. With
 * hooks it is the same class out of the worker's jar, where the hooks are; or another class of that jar, which the team names.
 *
 * @param handler the class's name
 * @param code the team's code, where the class is taken from it; empty for Longshore's own jar
 * @param environment variables beside those that every function has
 * @param settings with the secrets that the hooks' tasks have
 */
record DeadLetterHandler(
        String handler, Optional<WorkerCode> code, Map<String, String> environment, FunctionSettings settings) {
    private static final String OURS = DeadLetterFunction.class.getName();

    /** @throws IllegalArgumentException when the hooks cannot run: the jar lacks a class, or two pools contradict each other */
    static DeadLetterHandler of(LongshoreProps props, Collection<PoolSettings> pools) {
        List<PoolSettings> hooked = pools.stream()
                .filter(pool -> props.poolsWithHooks().contains(pool.name()))
                .toList();
        WorkerCode code = codeOf(hooked, props);
        Map<String, String> environment = environmentOfHooks(hooked);
        FunctionSettings settings = withSecretsOf(hooked, props.deadLetters());
        if (props.deadLetterHandler().isPresent()) {
            String own = props.deadLetterHandler().get();
            code.jar()
                    .ifPresent(jar -> jar.requireClass(
                            own, "deadLetterHandler names a class of the worker's jar", "name a class that is in it"));
            return new DeadLetterHandler(own, Optional.of(code), environment, settings);
        }
        if (props.tasksWithHooks().isEmpty()) {
            return new DeadLetterHandler(OURS, Optional.empty(), Map.of(), settings.withoutSecrets());
        }
        String why = "The dead-letter function runs the onDead hooks of the tasks "
                + String.join(", ", props.tasksWithHooks()) + " out of the worker's jar";
        code.jar()
                .ifPresent(jar -> jar.requireClass(
                        OURS,
                        why,
                        "add dev.longshore:longshore-keeper to the worker's dependencies, or name a class of your own by"
                                + " deadLetterHandler"));
        environment.put(FunctionEnvironment.WORKER, WorkerJar.classOf(code.handler()));
        return new DeadLetterHandler(OURS, Optional.of(code), environment, settings);
    }

    /** Hooks of all pools run in one function, so their pools have one code. */
    private static WorkerCode codeOf(List<PoolSettings> hooked, LongshoreProps props) {
        if (hooked.isEmpty()) {
            return props.workerCode();
        }
        PoolSettings first = hooked.getFirst();
        for (PoolSettings other : hooked) {
            if (other.code() != first.code()) {
                throw new IllegalArgumentException("Tasks of the pools " + first.name() + " and " + other.name()
                        + " have onDead hooks, which one function runs, and the pools have two codes, of "
                        + first.code().handler() + " and " + other.code().handler()
                        + "; give both pools the same WorkerCode, or move the hooks to one of them");
            }
        }
        return first.code();
    }

    /** A hook reads the secrets that its task's handler reads. */
    private static FunctionSettings withSecretsOf(List<PoolSettings> hooked, FunctionSettings own) {
        FunctionSettings settings = own;
        Map<String, String> givenBy = new LinkedHashMap<>();
        for (PoolSettings pool : hooked) {
            for (Map.Entry<String, ISecret> secret : pool.ownSecrets().entrySet()) {
                String name = secret.getKey();
                ISecret before = settings.secrets().get(name);
                if (before != null && before != secret.getValue()) {
                    throw new IllegalArgumentException("The secret " + name + " of the pool " + pool.name()
                            + " is another than that of "
                            + (givenBy.containsKey(name) ? "the pool " + givenBy.get(name) : "the dead-letter function")
                            + ", which runs onDead hooks of both; give one of them another name");
                }
                settings = settings.secret(name, secret.getValue());
                givenBy.putIfAbsent(name, pool.name());
            }
        }
        return settings;
    }

    /** A hook finds the variables that its task's handler finds. */
    private static Map<String, String> environmentOfHooks(List<PoolSettings> hooked) {
        Map<String, String> environment = new LinkedHashMap<>();
        Map<String, String> setBy = new LinkedHashMap<>();
        for (PoolSettings pool : hooked) {
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
        return environment;
    }
}

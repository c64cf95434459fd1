package dev.longshore.task;

import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The worker that {@value #VARIABLE} names by its class. The CDK construct sets it for a dead-letter function, which runs the
 * worker's {@code onDead} hooks, and for a container, which runs its jobs; both run out of the worker's jar.
 */
public final class WorkerByName {
    /** The name of a public class with a public constructor without arguments. */
    public static final String VARIABLE = "LONGSHORE_WORKER";

    private WorkerByName() {}

    /**
     * The worker that the environment names; empty when it names none.
     *
     * @param type what the class has to be
     * @throws IllegalStateException when the class is missing, cannot be constructed or is of another type; it says why
     */
    public static <T extends CatalogSource> Optional<T> of(Map<String, String> environment, Class<T> type) {
        String name = environment.get(VARIABLE);
        return name == null ? Optional.empty() : Optional.of(construct(name, VARIABLE, type));
    }

    /**
     * The worker of a class.
     *
     * @param namedBy where the name is from: a variable or an argument, for the message of a refusal
     * @param type what the class has to be
     * @throws IllegalStateException when the class is missing, cannot be constructed or is of another type; it says why
     */
    public static <T extends CatalogSource> T construct(String name, String namedBy, Class<T> type) {
        Object worker;
        try {
            worker = Class.forName(name).getConstructor().newInstance();
        } catch (ClassNotFoundException e) {
            throw refusal(name, namedBy, "is not in the worker's jar", e);
        } catch (InvocationTargetException e) {
            throw refusal(name, namedBy, "failed in its constructor: " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw refusal(name, namedBy, "has to be a public class with a public constructor without arguments", e);
        }
        if (type.isInstance(worker)) {
            return type.cast(worker);
        }
        throw refusal(name, namedBy, "has no task catalogue; name the class that extends WorkerFunction", null);
    }

    private static IllegalStateException refusal(String name, String namedBy, String why, @Nullable Throwable cause) {
        return new IllegalStateException("The class " + name + " that " + namedBy + " names " + why, cause);
    }
}

package dev.longshore.keeper;

import dev.longshore.task.CatalogSource;
import dev.longshore.task.TaskCatalog;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The worker whose {@code onDead} hooks a dead-letter function runs. {@value #VARIABLE} names its class; where tasks have hooks
 * the CDK construct sets it, and deploys the function from the worker's jar.
 */
final class WorkerByName {
    /** The name of a public class with a public constructor without arguments, which is a {@link CatalogSource}. */
    static final String VARIABLE = "LONGSHORE_WORKER";

    private WorkerByName() {}

    /**
     * The worker that the environment names; one without tasks where it names none.
     *
     * @throws IllegalStateException when the class is not there or cannot be constructed; it says why
     */
    static CatalogSource of(Map<String, String> environment) {
        String name = environment.get(VARIABLE);
        return name == null ? TaskCatalog::new : construct(name);
    }

    private static CatalogSource construct(String name) {
        Object worker;
        try {
            worker = Class.forName(name).getConstructor().newInstance();
        } catch (ClassNotFoundException e) {
            throw refusal(name, "is not in the function's jar", e);
        } catch (InvocationTargetException e) {
            throw refusal(name, "failed in its constructor: " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw refusal(name, "has to be a public class with a public constructor without arguments", e);
        }
        if (worker instanceof CatalogSource source) {
            return source;
        }
        throw refusal(name, "has no task catalogue; name the class that extends WorkerFunction", null);
    }

    private static IllegalStateException refusal(String name, String why, @Nullable Throwable cause) {
        return new IllegalStateException("The class " + name + " that " + VARIABLE + " names " + why, cause);
    }
}

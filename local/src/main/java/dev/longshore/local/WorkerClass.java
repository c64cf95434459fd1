package dev.longshore.local;

import dev.longshore.worker.WorkerFunction;
import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;

/** Makes a worker by the name of its class. */
final class WorkerClass {
    private WorkerClass() {}

    /**
     * The worker, whose tasks have been read.
     *
     * @throws IllegalArgumentException when the class is missing, is no worker or cannot be constructed, or its tasks are refused; the
     *     message is a sentence for the developer
     */
    static WorkerFunction construct(String name) {
        WorkerFunction worker = instance(name);
        int tasks;
        try {
            tasks = worker.catalog().all().size();
        } catch (RuntimeException | LinkageError e) {
            throw new IllegalArgumentException("The tasks of " + name + " are refused: " + why(e), e);
        }
        if (tasks == 0) {
            throw new IllegalArgumentException("The worker " + name + " has no tasks; add one in its method 'tasks'");
        }
        return worker;
    }

    private static WorkerFunction instance(String name) {
        try {
            return Class.forName(name)
                    .asSubclass(WorkerFunction.class)
                    .getConstructor()
                    .newInstance();
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(
                    "The class " + name + " is not on the class path; compile the project, or name another class", e);
        } catch (ClassCastException e) {
            throw new IllegalArgumentException("The class " + name + " does not extend WorkerFunction", e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("The constructor of " + name + " failed: " + why(e.getCause()), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    "The class " + name + " has to be public, with a public constructor without arguments", e);
        } catch (LinkageError e) {
            throw new IllegalArgumentException("The class " + name + " cannot be loaded: " + why(e), e);
        }
    }

    /** The message where it is a sentence of its own, and else with the kind of exception. */
    private static String why(@Nullable Throwable cause) {
        return cause instanceof IllegalArgumentException || cause instanceof IllegalStateException
                ? String.valueOf(cause.getMessage())
                : String.valueOf(cause);
    }
}

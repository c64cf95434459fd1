package dev.longshore.task;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All tasks of a deployment: the one source for what the API accepts, what workers run, and how the CDK sizes them.
 *
 * <pre>{@code
 * tasks.add("process-video", Video.class, new ProcessVideo())
 *         .timeout(Duration.ofMinutes(10))
 *         .retry(RetryPolicy.exponential().maxAttempts(5))
 *         .pool("heavy");
 * }</pre>
 */
public final class TaskCatalog {
    /** How the names of Longshore's own tasks begin, and no others. They redrive and purge dead jobs, and are never paused. */
    public static final String RESERVED = "longshore-";

    private final Map<String, Task<?, ?>> tasks = new LinkedHashMap<>();
    private final Map<String, Task<?, ?>> byName = new HashMap<>();
    private final Set<String> scheduleNames = new HashSet<>();
    private final SharedLimits sharedLimits = new SharedLimits();
    private final boolean reserved;

    /** A catalogue of a team's tasks. */
    public TaskCatalog() {
        this(false);
    }

    private TaskCatalog(boolean reserved) {
        this.reserved = reserved;
    }

    /** The other catalogue, of Longshore's own tasks: it takes reserved names alone. */
    public static TaskCatalog ofReservedNames() {
        return new TaskCatalog(true);
    }

    /**
     * Adds a task whose handler needs no service that must be opened, such as a database.
     *
     * @param name 1 to 64 of a-z, 0-9 and -, a letter first
     * @param payload the type of its payloads: a record as a rule, {@link Json} for any
     * @throws IllegalArgumentException when the name is taken, reserved or malformed, or the type has no JSON form
     */
    public <I, O extends @Nullable Object> Task<I, O> add(String name, Class<I> payload, TaskHandler<I, O> handler) {
        return add(new Task<>(name, payload, handler, byName, scheduleNames, sharedLimits));
    }

    /**
     * Adds a task whose handler is made when it is first needed:
     *
     * <pre>{@code
     * tasks.add("ship-order", Order.class, () -> new ShipOrder(openDatabase()));
     * }</pre>
     *
     * <p>The supplier is called once, by the worker, at the task's first job, and within that job's time-out. The API, the
     * dispatcher and the CDK read the same catalogue and never call it. In Lambda it is called after a SnapStart snapshot was
     * restored, so that no connection it opens is in the snapshot. When it throws, the attempt fails with a {@link
     * HandlerUnavailableException}, and the next attempt of any job of the task calls it again.
     *
     * @param name 1 to 64 of a-z, 0-9 and -, a letter first
     * @param payload the type of its payloads: a record as a rule, {@link Json} for any
     * @param handler makes the handler; never returns null
     * @throws IllegalArgumentException when the name is taken, reserved or malformed, or the type has no JSON form
     */
    public <I, O extends @Nullable Object> Task<I, O> add(
            String name, Class<I> payload, Supplier<? extends TaskHandler<I, O>> handler) {
        return add(
                new Task<>(name, payload, new SuppliedHandler<>(name, handler), byName, scheduleNames, sharedLimits));
    }

    /**
     * A limit that several tasks use: {@code tasks.limit("crm-api", Limit.concurrent(5))}, and then {@link Task#uses}.
     *
     * @param name 1 to 64 of a-z, 0-9 and -, a letter first
     * @throws IllegalArgumentException when the name is malformed, or that of another limit or of a task
     */
    public TaskCatalog limit(String name, Limit limit) {
        Task.requireName(name, "a limit's name");
        if (byName.containsKey(name)) {
            throw new IllegalArgumentException("The limit " + name
                    + " has the name of a task, whose own limit is called" + " so; give it another name");
        }
        sharedLimits.add(name, limit);
        return this;
    }

    private <I, O extends @Nullable Object> Task<I, O> add(Task<I, O> task) {
        String name = task.name();
        if (name.startsWith(RESERVED) != reserved) {
            throw new IllegalArgumentException("The name " + name + (reserved ? " does not begin" : " begins")
                    + " with " + RESERVED + ", as those of Longshore's own tasks do; give the task another name");
        }
        Task<?, ?> taken = byName.putIfAbsent(name, task);
        if (taken != null) {
            throw new IllegalArgumentException(
                    taken.name().equals(name)
                            ? "There is a task " + name + " already; names are unique in a catalogue"
                            : "The task " + taken.name() + " has the alias " + name
                                    + " already; names and aliases are unique in a catalogue");
        }
        tasks.put(name, task);
        return task;
    }

    /** The task of this name, or of this alias. */
    public Optional<Task<?, ?>> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public Collection<Task<?, ?>> all() {
        return Collections.unmodifiableCollection(tasks.values());
    }

    /** The names of all pools, in order. */
    public SortedSet<String> pools() {
        SortedSet<String> pools = new TreeSet<>();
        tasks.values().forEach(task -> pools.add(task.pool()));
        return pools;
    }

    /** All tasks as data. */
    public List<TaskDescription> descriptions() {
        return tasks.values().stream().<TaskDescription>map(Task::description).toList();
    }
}

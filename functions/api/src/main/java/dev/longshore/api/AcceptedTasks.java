package dev.longshore.api;

import dev.longshore.job.deadletter.MaintenanceTasks;
import dev.longshore.job.key.ApiKey;
import dev.longshore.task.Spelling;
import dev.longshore.task.TaskDescription;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tasks whose jobs the API takes, as data: on a laptop as on AWS a payload is checked by its task's shape, and not by the
 * handler's classes.
 */
final class AcceptedTasks {
    private final Map<String, TaskDescription> descriptions = new LinkedHashMap<>();
    private final Map<String, TaskDescription> byName;

    AcceptedTasks(List<TaskDescription> descriptions) {
        descriptions.forEach(task -> this.descriptions.put(task.name(), task));
        this.byName = TaskDescription.byName(descriptions);
    }

    List<TaskDescription> all() {
        return List.copyOf(descriptions.values());
    }

    SortedSet<String> pools() {
        SortedSet<String> pools = new TreeSet<>();
        descriptions.values().forEach(task -> pools.add(task.pool()));
        return pools;
    }

    /** The task of this name, or of this alias. */
    Optional<TaskDescription> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The names under which the jobs of a task may be: its own and its aliases; of an unknown task, the name itself. */
    List<String> namesOf(String name) {
        return find(name).map(TaskDescription::names).orElse(List.of(name));
    }

    /** The name that a task has today; of an unknown task, the name itself. */
    String today(String name) {
        return find(name).map(TaskDescription::name).orElse(name);
    }

    /** @throws Problem 422 with the nearest name that exists, at the field {@code task} */
    TaskDescription require(String name) {
        return find(name).orElseThrow(() -> unknown(name).at("/task"));
    }

    /** Whether a key may access jobs of this task, under any of its names. */
    boolean allows(ApiKey caller, String task) {
        return caller.tasks().isEmpty()
                || caller.tasks().stream().anyMatch(allowed -> namesOf(allowed).contains(task));
    }

    /** @throws Problem 403 when the key is restricted to other tasks */
    void requireAllowed(ApiKey caller, String task) {
        if (!allows(caller, task)) {
            throw Problem.restricted(caller, "this is about another task; use a key of that task");
        }
    }

    /**
     * The same for a request that may name a task.
     *
     * @param how how it names it, as in "pass ?task="
     * @throws Problem 403 when the key is restricted to other tasks, or is restricted and the request names none
     */
    void requireAllowed(ApiKey caller, @Nullable String task, String how) {
        if (task != null) {
            requireAllowed(caller, task);
        } else if (!caller.tasks().isEmpty()) {
            throw Problem.restricted(caller, "this is about all tasks; " + how + " to name one of them");
        }
    }

    /** A refusal of a name, with the nearest one that exists. */
    Problem unknown(String name) {
        return Problem.unknownTask("There is no task '" + Problem.cut(name) + "'"
                + Spelling.end(name, descriptions.keySet()) + " GET /v1/tasks lists all");
    }

    /** Whether the catalogue has a task of this name or alias, or Longshore itself does. */
    boolean has(String name) {
        return byName.containsKey(name) || MaintenanceTasks.NAMES.contains(name);
    }
}

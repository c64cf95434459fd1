package dev.longshore.api;

import dev.longshore.task.Json;
import dev.longshore.task.PayloadException;
import dev.longshore.task.Spelling;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.TaskDescription;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tasks whose jobs the API takes. Out of the catalogue itself where that is at hand; then a payload is also read as
 * its worker will read it, so that a record's own checks refuse at the door. Out of descriptions else: then its shape is
 * checked.
 */
final class AcceptedTasks {
    private final Map<String, TaskDescription> descriptions = new LinkedHashMap<>();
    private final Map<String, TaskDescription> byName = new HashMap<>();
    private final @Nullable TaskCatalog catalog;

    private AcceptedTasks(List<TaskDescription> descriptions, @Nullable TaskCatalog catalog) {
        descriptions.forEach(task -> {
            this.descriptions.put(task.name(), task);
            task.names().forEach(name -> byName.put(name, task));
        });
        this.catalog = catalog;
    }

    static AcceptedTasks of(TaskCatalog catalog) {
        return new AcceptedTasks(catalog.descriptions(), catalog);
    }

    static AcceptedTasks of(List<TaskDescription> descriptions) {
        return new AcceptedTasks(descriptions, null);
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

    /** The names under which the jobs of a task may be: its own and its aliases; of a task that is not known, the name itself. */
    List<String> namesOf(String name) {
        return find(name).map(TaskDescription::names).orElse(List.of(name));
    }

    /** The name that a task has today; of a task that is not known, the name itself. */
    String today(String name) {
        return find(name).map(TaskDescription::name).orElse(name);
    }

    /** @throws Problem 422 with the nearest known name */
    TaskDescription require(String name) {
        return find(name)
                .orElseThrow(() -> Problem.unknownTask("There is no task '" + Problem.cut(name) + "'"
                        + Spelling.end(name, descriptions.keySet()) + " GET /v1/tasks lists all"));
    }

    /** @throws PayloadException at the first place that no worker could read */
    void check(TaskDescription task, Json payload) {
        task.payload().check(payload);
        if (catalog != null) {
            catalog.find(task.name()).ifPresent(known -> known.decode(payload));
        }
    }
}

package dev.longshore.task;

import java.util.Map;
import java.util.TreeMap;

/** The limits of a catalogue that several tasks use. */
final class SharedLimits {
    private final Map<String, NamedLimit> limits = new TreeMap<>();

    void add(String name, Limit limit) {
        if (limits.putIfAbsent(name, new NamedLimit(name, limit)) != null) {
            throw new IllegalArgumentException(
                    "There is a limit " + name + " already; names of limits are unique in a catalogue");
        }
    }

    /** @throws IllegalArgumentException when there is none of this name */
    NamedLimit require(String name, String task) {
        NamedLimit limit = limits.get(name);
        if (limit == null) {
            throw new IllegalArgumentException("The task " + task + " uses the limit " + name
                    + ", which the catalogue does not have" + Spelling.end(name, limits.keySet())
                    + " Say tasks.limit(\"" + name + "\", …) before the task is added");
        }
        return limit;
    }

    /** @throws IllegalArgumentException when a task's own limit would have the name of a shared one */
    void requireFree(String task) {
        if (limits.containsKey(task)) {
            throw new IllegalArgumentException(
                    "The task " + task + " has a limit of its own, and the catalogue has a shared"
                            + " limit of that name; give the shared one another name");
        }
    }
}

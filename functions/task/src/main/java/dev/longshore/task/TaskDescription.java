package dev.longshore.task;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A task as data: what the API needs to accept its jobs without the handler's code, the CDK to size its pool and the
 * dashboard to draw its form.
 *
 * @param timeoutMillis one attempt's longest time
 * @param longestBackoffMillis the longest wait between two attempts
 * @param retentionSeconds how long a finished job is kept
 * @param memoryMiB what one run needs; null when the task does not say
 * @param payload what its payloads look like
 * @param example a payload to start from
 * @param schedules the schedules that the code declares, by name
 * @param aliases the names that the task had before
 * @param limits its own limit and the shared ones that it uses, by name
 * @param unique by what its jobs are unique; null when they are not
 */
public record TaskDescription(
        String name,
        String pool,
        long timeoutMillis,
        int maxAttempts,
        long longestBackoffMillis,
        long retentionSeconds,
        @Nullable Integer memoryMiB,
        PayloadShape payload,
        @Nullable Json example,
        Map<String, ScheduleSpec> schedules,
        List<String> aliases,
        List<NamedLimit> limits,
        @Nullable Unique unique) {

    public TaskDescription {
        // a catalogue that was written before there were schedules, aliases or limits has none
        schedules = schedules == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(schedules));
        aliases = aliases == null ? List.of() : List.copyOf(aliases);
        limits = limits == null ? List.of() : List.copyOf(limits);
    }

    /** Tasks by each of their names, aliases too. */
    public static Map<String, TaskDescription> byName(List<TaskDescription> tasks) {
        Map<String, TaskDescription> byName = new HashMap<>();
        tasks.forEach(task -> task.names().forEach(name -> byName.put(name, task)));
        return byName;
    }

    /** How long a finished job is kept. */
    public Duration retention() {
        return Duration.ofSeconds(retentionSeconds);
    }

    /** Its name, and the names that it had before. */
    public List<String> names() {
        return Stream.concat(Stream.of(name), aliases.stream()).toList();
    }
}

package dev.longshore.api;

import dev.longshore.job.Uniqueness;
import dev.longshore.task.Json;
import dev.longshore.task.OnDuplicate;
import dev.longshore.task.TaskDescription;
import dev.longshore.task.Unique;
import dev.longshore.task.UniqueWhile;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a request says about other jobs with its unique key. A field that is not there is as the task says, if it is unique. */
record UniqueFields(
        @Nullable String key,
        @Nullable OnDuplicate onDuplicate,
        @Nullable UniqueWhile uniqueWhile,
        @Nullable Integer debounceMaxSeconds) {
    private static final int LONGEST_KEY = 255;

    static UniqueFields read(Fields fields, Refusals refusals) {
        return new UniqueFields(
                refusals.read(() -> fields.text("uniqueKey", LONGEST_KEY)),
                refusals.read(() -> fields.oneOf("onDuplicate", OnDuplicate.class)),
                refusals.read(() -> fields.oneOf("uniqueWhile", UniqueWhile.class)),
                refusals.read(() ->
                        fields.integer("debounceMaxSeconds", 1, Math.toIntExact(Unique.LONGEST_DEBOUNCE.toSeconds()))));
    }

    /** @throws Problem 422 when a setting is for a key that there is not, or debounces what is not replaced */
    void requireKey(@Nullable TaskDescription task) {
        Unique ofTask = task == null ? null : task.unique();
        String setting = onDuplicate != null
                ? "onDuplicate"
                : uniqueWhile != null ? "uniqueWhile" : debounceMaxSeconds != null ? "debounceMaxSeconds" : null;
        if (key == null && ofTask == null && setting != null && task != null) {
            throw Problem.refused(
                    "/" + setting,
                    "is for jobs with a unique key; send 'uniqueKey' too, or let the task say unique(…)");
        }
        if (debounceMaxSeconds != null && onDuplicate(ofTask) != OnDuplicate.REPLACE) {
            throw Problem.refused(
                    "/debounceMaxSeconds", "is for jobs that are replaced; send \"onDuplicate\": \"replace\" too");
        }
    }

    private OnDuplicate onDuplicate(@Nullable Unique ofTask) {
        return onDuplicate != null ? onDuplicate : ofTask == null ? OnDuplicate.KEEP : ofTask.onDuplicate();
    }

    /** Null for a job that is not unique. */
    @Nullable
    Uniqueness of(TaskDescription task, Json payload) {
        Unique ofTask = task.unique();
        if (key == null && ofTask == null) {
            return null;
        }
        UniqueWhile ofTaskWhile = ofTask == null ? UniqueWhile.UNFINISHED : ofTask.uniqueWhile();
        Duration ofTaskMost = ofTask == null ? null : ofTask.debounceMax();
        return new Uniqueness(
                key != null ? key : Uniqueness.keyOf(Objects.requireNonNull(ofTask), payload),
                onDuplicate(ofTask),
                uniqueWhile != null ? uniqueWhile : ofTaskWhile,
                debounceMaxSeconds == null ? ofTaskMost : Duration.ofSeconds(debounceMaxSeconds),
                null);
    }
}

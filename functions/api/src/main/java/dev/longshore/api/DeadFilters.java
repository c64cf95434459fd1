package dev.longshore.api;

import dev.longshore.job.DeadReason;
import dev.longshore.job.deadletter.DeadFilter;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a filter of dead jobs. An empty filter is refused; {@code all} selects all of them. */
final class DeadFilters {
    /** The fields of a filter in a request. */
    static final List<String> FIELDS = List.of("task", "from", "to", "error", "reason", "tag", "all");

    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{12}");

    private DeadFilters() {}

    /**
     * The filter, up to now: a job that dies after the order is not part of it.
     *
     * @throws Problem 422, with all fields that are wrong
     */
    static DeadFilter read(Fields fields, AcceptedTasks tasks, Instant now) {
        Refusals refusals = new Refusals();
        refusals.check(fields::requireNoNulls);
        String task = refusals.read(() -> fields.text("task", 64));
        Instant from = refusals.read(() -> fields.time("from"));
        Instant to = refusals.read(() -> fields.time("to"));
        String error = refusals.read(() -> fingerprint(fields.text("error", 64)));
        DeadReason reason = refusals.read(() -> fields.oneOf("reason", DeadReason.class));
        String tag = refusals.read(() -> fields.text("tag", 64));
        refusals.requireNone();
        DeadFilter filter = new DeadFilter(
                task,
                from,
                to == null || to.isAfter(now) ? now : to,
                error,
                reason == null ? null : reason.wireName(),
                tag,
                task == null ? List.of() : tasks.namesOf(task));
        if (from != null && from.isAfter(filter.to())) {
            throw Problem.refused("/from", "is after the latest death that is meant, " + filter.to());
        }
        boolean named = filter.task() != null
                || from != null
                || to != null
                || filter.error() != null
                || filter.reason() != null
                || filter.tag() != null;
        if (named == fields.truth("all")) {
            throw Problem.refused(
                    "/all",
                    named
                            ? "is true and there is a filter as well; send one of them"
                            : "is missing, and so is a filter: send task, from, to, error, reason or tag, or 'all': true for all dead jobs");
        }
        return filter;
    }

    private static @Nullable String fingerprint(@Nullable String error) {
        if (error != null && !FINGERPRINT.matcher(error).matches()) {
            throw Problem.refused(
                    "/error",
                    "takes a fingerprint, 12 hexadecimal digits in lower case; GET /v1/dead-letters lists them");
        }
        return error;
    }
}

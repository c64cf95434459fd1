package dev.longshore.api;

import dev.longshore.job.Condition;
import dev.longshore.job.Field;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.task.Spelling;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code GET /v1/jobs} is asked for. */
final class ListRequest {
    private static final String LIST = "jobs";

    /** How far back a list goes unless it is told. */
    static final Duration DEFAULT_WINDOW = Duration.ofDays(7);

    private static final Set<String> PARAMETERS =
            new LinkedHashSet<>(List.of("task", "state", "tag", "from", "to", "limit", "cursor"));

    private final QueryParameters parameters;
    private final AcceptedTasks tasks;

    /** @throws Problem 400 for an unknown or repeated parameter */
    ListRequest(Map<String, List<String>> query, AcceptedTasks tasks) {
        this.parameters = new QueryParameters(query, PARAMETERS);
        this.tasks = tasks;
    }

    /** @throws Problem 400 for a parameter that cannot be read, and for a cursor that is not ours */
    JobStore.Query query(Cursors cursors, Instant now) {
        List<Condition> conditions = new ArrayList<>();
        conditions.add(new Condition.Present(Field.STATE));
        conditions.add(notForgotten(now));
        String task = parameters.text("task");
        if (task != null) {
            conditions.add(new Condition.In(Field.TASK, tasks.namesOf(task)));
        }
        String tag = parameters.text("tag");
        if (tag != null) {
            conditions.add(new Condition.Contains(Field.TAGS, tag));
        }
        String state = parameters.raw("state");
        if (state != null) {
            conditions.add(inState(state(state), now));
        }
        // A client's own ids may be ahead of our clock by a day.
        TimeRange range = TimeRange.between(
                Objects.requireNonNullElse(parameters.time("from"), now.minus(DEFAULT_WINDOW)),
                Objects.requireNonNullElse(parameters.time("to"), now.plus(EnqueueRequests.ID_WINDOW)));
        return new JobStore.Query(
                range.from(), range.to(), new Condition.All(conditions), parameters.limit(), before(cursors));
    }

    String cursor(Cursors cursors, JobId next) {
        return parameters.cursor(cursors, LIST, next.text());
    }

    private @Nullable JobId before(Cursors cursors) {
        String place = parameters.cursor(cursors, LIST);
        return place == null ? null : new JobId(place);
    }

    private static JobState state(String text) {
        List<String> names = JobState.known().stream().map(Enum::name).toList();
        String upper = text.toUpperCase(Locale.ROOT);
        if (!names.contains(upper)) {
            throw Problem.badParameter("state", "takes one of " + String.join(", ", names) + Spelling.end(text, names));
        }
        return JobState.valueOf(upper);
    }

    /** As {@link Job#isForgotten}: DynamoDB deletes rows days after their time; to clients they are gone at once. */
    static Condition notForgotten(Instant now) {
        Condition purged = Condition.all(Condition.is(JobState.DEAD), new Condition.Absent(Field.INDEX));
        return Condition.all(new Condition.Not(purged), Job.stillKept(now));
    }

    /** A SCHEDULED job whose time has come reads as QUEUED, though no write says so. */
    private static Condition inState(JobState state, Instant now) {
        Condition scheduled = Condition.is(JobState.SCHEDULED);
        Condition due = new Condition.AtMost(Field.DUE, now.toEpochMilli());
        return switch (state) {
            case QUEUED -> Condition.any(Condition.is(JobState.QUEUED), Condition.all(scheduled, due));
            case SCHEDULED -> Condition.all(scheduled, new Condition.MoreThan(Field.DUE, now.toEpochMilli()));
            default -> Condition.is(state);
        };
    }
}

package dev.longshore.api;

import dev.longshore.job.Condition;
import dev.longshore.job.Field;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.Page;
import dev.longshore.task.Spelling;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The filters of {@code GET /v1/jobs}. */
final class ListRequest {
    private static final String LIST = "jobs";

    /** How far back a list goes when the request does not say. */
    static final Duration DEFAULT_WINDOW = Duration.ofDays(7);

    private final QueryParameters parameters;
    private final AcceptedTasks tasks;

    /** @throws Problem 400 for a repeated parameter */
    ListRequest(Map<String, List<String>> query, AcceptedTasks tasks) {
        this.parameters = new QueryParameters(query);
        this.tasks = tasks;
    }

    /** The task whose jobs are listed; null for those of all. */
    @Nullable
    String task() {
        return parameters.text("task");
    }

    /** @throws Problem 400 for a parameter that cannot be read, and for a cursor that is not ours */
    JobStore.Query query(Cursors cursors, Instant now) {
        List<Condition> conditions = new ArrayList<>();
        conditions.add(new Condition.Present(Field.STATE));
        conditions.add(notPurged(now));
        String task = task();
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
        Instant to = parameters.time("to");
        Instant latest = Objects.requireNonNullElse(to, now);
        Instant from = Objects.requireNonNullElseGet(parameters.time("from"), () -> latest.minus(DEFAULT_WINDOW));
        if (to != null) {
            TimeRange.between(from, to);
            conditions.add(new Condition.AtMost(Field.CREATED, to.toEpochMilli()));
        }
        conditions.add(new Condition.MoreThan(Field.CREATED, from.minusNanos(1).toEpochMilli()));
        return new JobStore.Query(
                earliestId(from),
                latestId(latest, now),
                new Condition.All(conditions),
                parameters.limit(),
                before(cursors));
    }

    // The store finds rows by the time in their ids, and a client's own id may be a day from the creation of its job.

    private static Instant earliestId(Instant from) {
        Instant earliest = from.minus(EnqueueRequests.ID_WINDOW);
        return earliest.isBefore(Instant.EPOCH) ? Instant.EPOCH : earliest;
    }

    private static Instant latestId(Instant to, Instant now) {
        return (to.isBefore(now) ? to : now).plus(EnqueueRequests.ID_WINDOW);
    }

    /**
     * A task that is not in the catalogue is accepted when jobs of it are found: an earlier deployment may have had it.
     *
     * @throws Problem 422 with the nearest name that exists, when the whole list has none
     */
    void refuseUnknownTask(Page<Job, JobId> page) {
        String task = task();
        boolean isWholeList = page.next() == null && parameters.raw("cursor") == null;
        if (task != null && !tasks.has(task) && page.items().isEmpty() && isWholeList) {
            throw tasks.unknown(task).inParameter("task");
        }
    }

    String cursor(Cursors cursors, JobId next) {
        return parameters.cursor(cursors, LIST, next.text());
    }

    private @Nullable JobId before(Cursors cursors) {
        String place = parameters.cursor(cursors, LIST);
        return place == null ? null : new JobId(place);
    }

    private static JobState state(String text) {
        List<String> names = JobState.ofThisVersion().stream().map(Enum::name).toList();
        String upper = text.toUpperCase(Locale.ROOT);
        if (!names.contains(upper)) {
            throw Problem.badParameter("state", "takes one of " + String.join(", ", names) + Spelling.end(text, names));
        }
        return JobState.valueOf(upper);
    }

    /** As {@link Job#isPurged}: DynamoDB deletes rows days after their time; to clients they are gone at once. */
    static Condition notPurged(Instant now) {
        Condition purged = Condition.all(Condition.is(JobState.DEAD), new Condition.Absent(Field.INDEX));
        return Condition.all(new Condition.Not(purged), Job.stillKept(now));
    }

    /** A SCHEDULED job whose time has come is shown as QUEUED, without a write. */
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

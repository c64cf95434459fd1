package dev.longshore.api;

import dev.longshore.job.Condition;
import dev.longshore.job.Field;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.task.Spelling;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code GET /v1/jobs} is asked for. */
final class ListRequest {
    /** How far back a list goes unless it is told. */
    static final Duration DEFAULT_WINDOW = Duration.ofDays(7);

    private static final Set<String> PARAMETERS =
            new LinkedHashSet<>(List.of("task", "state", "tag", "from", "to", "limit", "cursor"));

    private final QueryParameters parameters;

    /** @throws Problem 400 for an unknown or repeated parameter */
    ListRequest(Map<String, List<String>> query) {
        this.parameters = new QueryParameters(query, PARAMETERS);
    }

    /** @throws Problem 400 for a parameter that cannot be read, and for a cursor that is not ours */
    JobStore.Query query(Cursors cursors, Instant now) {
        List<Condition> conditions = new ArrayList<>();
        conditions.add(new Condition.Present(Field.STATE));
        conditions.add(notForgotten(now));
        String task = parameters.get("task");
        if (task != null) {
            conditions.add(new Condition.Is(Field.TASK, requireText("task", task)));
        }
        String tag = parameters.get("tag");
        if (tag != null) {
            conditions.add(new Condition.Contains(Field.TAGS, requireText("tag", tag)));
        }
        String state = parameters.get("state");
        if (state != null) {
            conditions.add(inState(state(state), now));
        }
        // A client's own ids may be ahead of our clock by a day.
        Instant to = time("to", now.plus(EnqueueRequests.ID_WINDOW));
        Instant from = time("from", now.minus(DEFAULT_WINDOW));
        if (from.isAfter(to)) {
            throw Problem.badParameter("from", "is after 'to'");
        }
        return new JobStore.Query(from, to, new Condition.All(conditions), parameters.limit(), before(cursors));
    }

    /** What a cursor of this list must belong to. */
    String filters() {
        return parameters.filters();
    }

    private @Nullable JobId before(Cursors cursors) {
        String position = parameters.position(cursors, filters());
        return position == null ? null : JobId.parse(position).orElseThrow(QueryParameters::badCursor);
    }

    private Instant time(String name, Instant otherwise) {
        String text = parameters.get(name);
        return text == null ? otherwise : TimeRange.time(name, text);
    }

    private static JobState state(String text) {
        List<String> names = Arrays.stream(JobState.values()).map(Enum::name).toList();
        String upper = text.toUpperCase(Locale.ROOT);
        if (!names.contains(upper)) {
            throw Problem.badParameter("state", "takes one of " + String.join(", ", names) + Spelling.end(text, names));
        }
        return JobState.valueOf(upper);
    }

    /** DynamoDB deletes rows days after their time; to clients they are gone at once. */
    static Condition notForgotten(Instant now) {
        return Condition.any(new Condition.Absent(Field.TTL), new Condition.MoreThan(Field.TTL, now.getEpochSecond()));
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

    private static String requireText(String name, String text) {
        if (text.isEmpty() || text.length() > 200) {
            throw Problem.badParameter(name, "takes 1 to 200 characters");
        }
        return text;
    }
}

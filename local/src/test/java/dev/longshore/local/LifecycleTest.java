package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Change;
import dev.longshore.job.Change.Outcome;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Field;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobRows;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.Progress;
import dev.longshore.job.Replacement;
import dev.longshore.job.Row;
import dev.longshore.job.RunsAs;
import dev.longshore.job.pause.Pausable;
import dev.longshore.memory.InMemoryEngines;
import dev.longshore.task.Json;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reads the table of {@code docs/lifecycle.md} and tries every row of it on both stores. */
class LifecycleTest {
    private static final Path PAGE = Path.of("..", "docs", "lifecycle.md");
    // Ahead of every clock on the wall: DynamoDB Local deletes what has expired.
    private static final Instant NOW = Instant.parse("2096-03-10T12:00:00Z");
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final Instant LATER = NOW.plus(WAIT);
    private static final long FENCE = 2;
    private static final long GENERATION = 7;
    private static final Pausable PAUSED = Pausable.task("rehearse");
    private static final RunsAs OTHER_TASK = new RunsAs("rehearse-twice", "default");
    private static final Json CURSOR = Json.parse("1");
    private static final String TOKEN = "a token of this test";

    private static final Random RANDOM = new Random();

    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    /** One row of the table. */
    private record Line(String change, Set<JobState> from, String to, List<String> conditions) {
        JobState after(JobState before) {
            return to.equals("the same") ? before : JobState.valueOf(to);
        }
    }

    /** How each change of the table is made of the job it is for. */
    private static final Map<String, Function<Job, Change>> CHANGES = Map.ofEntries(
            Map.entry("acknowledge", job -> new Lifecycle(Instant.EPOCH, TOKEN).acknowledge()),
            Map.entry("claim", job -> new Lifecycle(NOW, TOKEN).claim(job.id(), LATER)),
            Map.entry("extendLease", job -> Lifecycle.extendLease(job, LATER)),
            Map.entry("progress", job -> Lifecycle.progress(job, new Progress(50, "half"))),
            Map.entry("checkpoint", job -> Lifecycle.checkpoint(job, Json.parse("1"))),
            Map.entry("succeed", job -> new Lifecycle(NOW, TOKEN).succeed(job, null, null, WAIT)),
            Map.entry("retry", job -> new Lifecycle(NOW, TOKEN).retry(job, WAIT, false, error())),
            Map.entry("snooze", job -> new Lifecycle(NOW, TOKEN).snooze(job, WAIT, false)),
            Map.entry(
                    "continueLater",
                    job -> new Lifecycle(NOW, TOKEN).continueLater(job, CURSOR, new Progress(60, null), false)),
            Map.entry("kill", job -> new Lifecycle(NOW, TOKEN).kill(job, DeadReason.EXHAUSTED, error())),
            Map.entry(
                    "killUnstarted",
                    job -> new Lifecycle(NOW, TOKEN).killUnstarted(job, DeadReason.UNDECODABLE, error())),
            Map.entry("cancelRunning", job -> new Lifecycle(NOW, TOKEN).cancelRunning(job, "operator", WAIT)),
            Map.entry("rescue", job -> new Lifecycle(NOW, TOKEN).rescue(job, WAIT)),
            Map.entry("killCrashed", job -> new Lifecycle(NOW, TOKEN).killCrashed(job)),
            Map.entry("expire", job -> new Lifecycle(NOW, TOKEN).expire(job)),
            Map.entry(
                    "killUnrunnable",
                    job -> new Lifecycle(NOW, TOKEN).killUnrunnable(job, DeadReason.UNKNOWN_TASK, error())),
            Map.entry("hold", job -> new Lifecycle(NOW, TOKEN).hold(job, HoldReason.paused(PAUSED), NOW)),
            Map.entry("release", Lifecycle::release),
            Map.entry("cancelWaiting", job -> new OperatorChanges(NOW, TOKEN).cancelWaiting(job, WAIT, "operator")),
            Map.entry("runNow", job -> new OperatorChanges(NOW, TOKEN).runNow(job, job.pool(), "operator")),
            Map.entry(
                    "cancelUnstarted",
                    job -> new OperatorChanges(NOW, TOKEN).cancelUnstarted(job, GENERATION, WAIT, "schedule")),
            Map.entry("requestCancel", job -> new OperatorChanges(NOW, "requested").requestCancel("operator")),
            Map.entry(
                    "redriveWithPayload",
                    job -> new OperatorChanges(NOW, TOKEN)
                            .redriveWithPayload(job, OTHER_TASK, Json.parse("2"), false, "operator")),
            Map.entry(
                    "redriveAsTask",
                    job -> new OperatorChanges(NOW, TOKEN).redriveAsTask(job, OTHER_TASK, false, "operator")),
            Map.entry("purge", job -> new OperatorChanges(NOW, TOKEN).purge(job)),
            Map.entry("replaceWaiting", job -> Replacement.replaceWaiting(job, request())),
            Map.entry("redrive", job -> new OperatorChanges(NOW, TOKEN).redrive(job, job.pool(), NOW, "operator")),
            Map.entry("markDeathHandled", job -> new Lifecycle(NOW, "handled").markDeathHandled(job)));

    /** How a row is made to keep a condition, where an ordinary row does not. */
    private static final Map<String, BiConsumer<Row, JobId>> KEPT = Map.of(
            "cancellation requested", (row, id) -> row.put(Field.CANCEL_REQUESTED, NOW),
            "no attempts left", (row, id) -> row.put(Field.ATTEMPT, 3),
            "expired", (row, id) -> row.put(Field.EXPIRES, NOW),
            "never started", (row, id) -> row.put(Field.FENCE, 0),
            "outdated generation", (row, id) -> row.put(Field.GENERATION, GENERATION),
            "its unique key", (row, id) -> row.put(Field.UNIQUE_KEY, "key of " + id),
            "as it was read", (row, id) -> row.put(Field.DUE, NOW.plusMillis(1)),
            "that death",
                    (row, id) -> row.put(Field.INDEX, Lifecycle.deadIndex(id.shard()))
                            .put(Field.INDEX_AT, NOW),
            "held as it was read",
                    (row, id) -> row.put(Field.INDEX, HoldReason.paused(PAUSED).index(id.shard()))
                            .put(Field.INDEX_AT, NOW));

    /** How a row is made to break a condition, and no other. */
    private static final Map<String, BiConsumer<Row, JobId>> BROKEN = Map.ofEntries(
            Map.entry("readable format", (row, id) -> row.put(Field.FORMAT, Job.FORMAT + 1)),
            Map.entry("due", (row, id) -> row.put(Field.DUE, NOW.plusMillis(1))),
            Map.entry("expired", (row, id) -> row.put(Field.EXPIRES, NOW.plusMillis(1))),
            Map.entry("not expired", (row, id) -> row.put(Field.EXPIRES, NOW).put(Field.FENCE, 0)),
            Map.entry("never started", (row, id) -> row.put(Field.FENCE, 1)),
            Map.entry("outdated generation", (row, id) -> row.put(Field.GENERATION, GENERATION + 1)),
            Map.entry("attempts left", (row, id) -> row.put(Field.ATTEMPT, 3)),
            Map.entry("no attempts left", (row, id) -> row.put(Field.ATTEMPT, 2)),
            Map.entry(
                    "lease over",
                    (row, id) ->
                            row.put(Field.LEASE, NOW.minus(Lifecycle.CLOCK_SKEW).plusMillis(1))),
            Map.entry("latest claim", (row, id) -> row.put(Field.FENCE, FENCE + 1)),
            Map.entry("cancellation requested", (row, id) -> row.put(Field.CANCEL_REQUESTED, null)),
            Map.entry("no cancellation requested", (row, id) -> row.put(Field.CANCEL_REQUESTED, NOW)),
            Map.entry(
                    "not paused",
                    (row, id) -> row.put(Field.INDEX, HoldReason.paused(PAUSED).index(id.shard()))
                            .put(Field.INDEX_AT, NOW)),
            Map.entry("held as it was read", (row, id) -> row.put(Field.TOKEN, "held again")),
            Map.entry("its unique key", (row, id) -> row.put(Field.UNIQUE_KEY, "another key of " + id)),
            Map.entry("as it was read", (row, id) -> row.put(Field.TOKEN, "replaced by another")),
            Map.entry("that death", (row, id) -> row.put(Field.INDEX_AT, NOW.plusMillis(1))),
            Map.entry("still kept", (row, id) -> row.put(Field.TTL, NOW.getEpochSecond())),
            Map.entry("death not handled", (row, id) -> row.put(Field.DEATH_HANDLED, NOW)));

    @Test
    void theTableNamesEveryChangeThereIs() throws IOException {
        Set<String> inCode = Stream.of(Lifecycle.class, OperatorChanges.class, Replacement.class)
                .flatMap(changes -> Arrays.stream(changes.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()) && method.getReturnType() == Change.class)
                .map(Method::getName)
                .collect(Collectors.toSet());

        assertThat(table().stream().map(Line::change).collect(Collectors.toSet()))
                .isEqualTo(inCode);
        assertThat(CHANGES.keySet()).isEqualTo(inCode);
    }

    @Test
    void nothingLeadsOutOfAnEndButAnOperatorsRetry() throws IOException {
        List<String> leadingOut = table().stream()
                .filter(line -> line.from().stream().anyMatch(from -> from.isTerminal() && line.after(from) != from))
                .map(Line::change)
                .toList();

        assertThat(leadingOut).containsExactly("redrive", "redriveAsTask", "redriveWithPayload");
    }

    @Test
    void everyConditionIsExplained() throws IOException {
        Set<String> used =
                table().stream().flatMap(line -> line.conditions().stream()).collect(Collectors.toSet());
        Set<String> explained = Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.startsWith("| condition |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("\\|", -1)[1].strip())
                .collect(Collectors.toSet());

        assertThat(explained).isEqualTo(used).isEqualTo(BROKEN.keySet());
    }

    abstract static class OnAStore {
        abstract JobStore store();

        abstract void plant(JobId id, Row row);

        @TestFactory
        List<DynamicTest> everyChangeHappensInItsStatesAndInNoOther() throws IOException {
            List<DynamicTest> tests = new ArrayList<>();
            for (String change : CHANGES.keySet()) {
                List<Line> lines = table().stream()
                        .filter(line -> line.change().equals(change))
                        .toList();
                for (JobState state : JobState.values()) {
                    var allowed = lines.stream()
                            .filter(line -> line.from().contains(state))
                            .findFirst();
                    tests.add(
                            allowed.isPresent()
                                    ? DynamicTest.dynamicTest(
                                            change + " of a " + state + " job", () -> happens(allowed.get(), state))
                                    : DynamicTest.dynamicTest(
                                            "no " + change + " of a " + state + " job",
                                            () -> refused(lines.getFirst(), state, "")));
                }
            }
            return tests;
        }

        @TestFactory
        List<DynamicTest> noChangeHappensWithoutItsConditions() throws IOException {
            List<DynamicTest> tests = new ArrayList<>();
            for (Line line : table()) {
                for (String condition : line.conditions()) {
                    for (JobState state : line.from()) {
                        tests.add(DynamicTest.dynamicTest(
                                "no " + line.change() + " of a " + state + " job unless " + condition,
                                () -> refused(line, state, condition)));
                    }
                }
            }
            return tests;
        }

        private void happens(Line line, JobState state) {
            JobId id = JobId.next(NOW, RANDOM);
            Job job = planted(id, row(id, line, state));

            Outcome outcome = store().apply(id, CHANGES.get(line.change()).apply(job));

            assertThat(outcome).isInstanceOf(Outcome.Done.class);
            assertThat(store().find(id).orElseThrow().state()).isEqualTo(line.after(state));
        }

        private void refused(Line line, JobState state, String broken) {
            JobId id = JobId.next(NOW, RANDOM);
            Row row = row(id, line, state);
            Job job = JobRows.toJob(id, row);
            BROKEN.getOrDefault(broken, (same, ofIt) -> {}).accept(row, id);
            Job before = planted(id, row);

            Outcome outcome = store().apply(id, CHANGES.get(line.change()).apply(job));

            assertThat(outcome).isEqualTo(new Outcome.Refused(before));
            assertThat(store().find(id)).contains(before);
        }

        private Job planted(JobId id, Row row) {
            plant(id, row);
            return store().find(id).orElseThrow();
        }
    }

    @Nested
    class InMemory extends OnAStore {
        private final InMemoryEngines memory = InMemoryEngines.create();

        @Override
        JobStore store() {
            return memory.jobs();
        }

        @Override
        void plant(JobId id, Row row) {
            memory.rows().plant(id, row);
        }
    }

    @Nested
    class OnDynamoDb extends OnAStore {
        private final JobStore store = stage.store();

        @Override
        JobStore store() {
            return store;
        }

        @Override
        void plant(JobId id, Row row) {
            stage.plant(id, row);
        }
    }

    /** A row in a state, with all conditions of a line kept. */
    private static Row row(JobId id, Line line, JobState state) {
        Row row = new Row()
                .put(Field.FORMAT, Job.FORMAT)
                .put(Field.STATE, state.name())
                .put(Field.TASK, "rehearse")
                .put(Field.POOL, "default")
                .put(Field.CREATED, NOW.minusSeconds(100))
                .put(Field.DUE, NOW)
                .put(Field.ATTEMPT, 1)
                .put(Field.MAX_ATTEMPTS, 3)
                .put(Field.FENCE, FENCE)
                .put(Field.LEASE, NOW.minus(Lifecycle.CLOCK_SKEW))
                .put(Field.TOKEN, "another's token")
                .put(Field.PAYLOAD, Json.parse("1").utf8())
                .put(Field.HISTORY, new ArrayList<String>());
        line.conditions()
                .forEach(condition ->
                        KEPT.getOrDefault(condition, (same, ofIt) -> {}).accept(row, id));
        return row;
    }

    private static List<Line> table() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.startsWith("| change |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("\\|", -1))
                .map(cells -> new Line(
                        cells[1].strip(),
                        listOf(cells[2]).stream()
                                .map(JobState::valueOf)
                                .collect(Collectors.toCollection(() -> EnumSet.noneOf(JobState.class))),
                        cells[3].strip(),
                        listOf(cells[4])))
                .toList();
    }

    private static List<String> listOf(String cell) {
        return Arrays.stream(cell.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private static NewJob request() {
        return NewJob.of(JobId.next(NOW, RANDOM), "rehearse", "default", 3, Json.parse("2"), NOW, TOKEN)
                .at(LATER);
    }

    private static JobError error() {
        return new JobError("T", "m");
    }
}

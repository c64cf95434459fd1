package dev.longshore.testkit;

import dev.longshore.job.JobState;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;

/** Assertions about a job. A failed one shows the job's history. */
public final class JobAssert extends AbstractAssert<JobAssert, TestJob> {
    JobAssert(TestJob job) {
        super(job, JobAssert.class);
    }

    /** The job is SUCCEEDED. */
    public JobAssert succeeded() {
        return hasState(JobState.SUCCEEDED);
    }

    /** The job is DEAD. */
    public JobAssert isDead() {
        return hasState(JobState.DEAD);
    }

    /** The job is CANCELLED. */
    public JobAssert isCancelled() {
        return hasState(JobState.CANCELLED);
    }

    /** The job waits for its next attempt after a failure or a snooze. */
    public JobAssert isRetrying() {
        return hasState(JobState.RETRYING);
    }

    /** The job has this state, as the API shows it. */
    public JobAssert hasState(JobState state) {
        return require(job().state() == state, "to be " + state, "it is " + job().state());
    }

    /** The job has not ended, and does not start before this time. */
    public JobAssert isScheduledFor(Instant time) {
        boolean waits = job().row().state().isWaiting();
        return require(
                waits && job().due().equals(time),
                "to wait until " + time,
                waits ? "it waits until " + job().due() : "it is " + job().state());
    }

    /** The job has not ended, and starts this long from now. */
    public JobAssert isScheduledIn(Duration wait) {
        return isScheduledFor(job().now().plus(wait));
    }

    /** Its result is this value, compared as JSON. */
    public JobAssert withResult(Object result) {
        Optional<Json> actual = job().result(Json.class);
        return require(
                actual.filter(json -> isSame(json, Json.of(result))).isPresent(),
                "to have the result " + Json.of(result).text(),
                actual.map(json -> "it is " + json.text()).orElse("there is none"));
    }

    /** It has no result: it has not succeeded, or its handler returned null. */
    public JobAssert withoutResult() {
        Optional<Json> actual = job().result(Json.class);
        return require(
                actual.isEmpty(),
                "to have no result",
                actual.map(json -> "it is " + json.text()).orElse("there is none"));
    }

    /** So many attempts have counted. */
    public JobAssert afterAttempts(int attempts) {
        return require(
                job().attempts() == attempts, "to have used " + attempts + " attempts", "it used " + job().attempts());
    }

    /** It is DEAD for this reason, as the API has it: {@code exhausted}, {@code discarded}, … */
    public JobAssert becauseOf(String reason) {
        return require(
                job().deadReason().filter(reason::equals).isPresent(),
                "to be dead because of " + reason,
                job().deadReason().map(why -> "it is " + why).orElse("it is not DEAD"));
    }

    /** The type and message of its last failure contain this text. */
    public JobAssert withErrorContaining(String text) {
        return require(
                job().error().filter(error -> error.contains(text)).isPresent(),
                "to have an error with '" + text + "'",
                job().error().map(error -> "it is '" + error + "'").orElse("there is none"));
    }

    /** Its last reported progress is so many per cent. */
    public JobAssert withProgress(int percent) {
        return require(
                job().progress().orElse(-1) == percent,
                "to have a progress of " + percent + " %",
                job().progress().isPresent() ? "it is " + job().progress().getAsInt() + " %" : "there is none");
    }

    /** Its handler enqueued such a job; the payload is compared as JSON. */
    public JobAssert enqueued(String task, Object payload) {
        Json expected = Json.of(payload);
        return require(
                job().enqueued().stream()
                        .anyMatch(other -> other.task().equals(task) && isSame(other.payload(), expected)),
                "to have enqueued " + task + " " + expected.text(),
                "it enqueued " + enqueuedText());
    }

    /** Its handler enqueued so many jobs of this task. */
    public JobAssert enqueued(int count, String task) {
        long actual = job().enqueued().stream()
                .filter(other -> other.task().equals(task))
                .count();
        return require(
                actual == count, "to have enqueued " + count + " jobs of " + task, "it enqueued " + enqueuedText());
    }

    /** Its handler enqueued no job. */
    public JobAssert enqueuedNothing() {
        return require(job().enqueued().isEmpty(), "to have enqueued no job", "it enqueued " + enqueuedText());
    }

    private String enqueuedText() {
        List<TestJob> jobs = job().enqueued();
        return jobs.isEmpty()
                ? "none"
                : jobs.stream()
                        .map(other -> other.task() + " " + other.payload().text())
                        .collect(Collectors.joining(", "));
    }

    static boolean isSame(Json one, Json other) {
        return one.tree().equals(other.tree());
    }

    private TestJob job() {
        isNotNull();
        return Objects.requireNonNull(actual);
    }

    private JobAssert require(boolean holds, String expected, String found) {
        if (!holds) {
            failWithMessage("%s", "Expected the job " + expected + ", but " + found + "\n" + job().history());
        }
        return this;
    }
}

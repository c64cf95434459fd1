package dev.longshore.cli;

import dev.longshore.client.Job;
import dev.longshore.client.JobRequest;
import dev.longshore.client.JobState;
import dev.longshore.client.Longshore;
import dev.longshore.client.OnDuplicate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "enqueue", description = "Enqueue a job and print its id")
final class EnqueueCommand extends ApiCommand {
    private static final Duration LONGEST_WAIT = Duration.ofHours(24);

    @Parameters(index = "0", paramLabel = "<task>", description = "One of 'longshore tasks'")
    private String task = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "<payload>",
            description = "JSON, @file, or - for standard input")
    @Nullable
    private String payload;

    @Option(names = "--delay", paramLabel = "<duration>", description = "Do not start before, such as 10m")
    @Nullable
    private String delay;

    @Option(
            names = "--run-at",
            paramLabel = "<time>",
            description = "Do not start before, such as 2026-11-30T08:00:00Z")
    @Nullable
    private String runAt;

    @Option(names = "--expires-at", paramLabel = "<time>", description = "When it has not started by then, it is DEAD")
    @Nullable
    private String expiresAt;

    @Option(names = "--tag", paramLabel = "<tag>", description = "To list by; may be repeated")
    private List<String> tags = new ArrayList<>();

    @Option(names = "--meta", paramLabel = "<name=value>", description = "Travels to the handler; may be repeated")
    private Map<String, String> meta = new LinkedHashMap<>();

    @Option(names = "--max-attempts", paramLabel = "<number>", description = "In place of the task's own, 1 to 100")
    @Nullable
    private Integer maxAttempts;

    @Option(
            names = "--fair-key",
            paramLabel = "<key>",
            description = "Customer that SQS's fair queues count the job for")
    @Nullable
    private String fairKey;

    @Option(names = "--limit-key", paramLabel = "<key>", description = "Whose slots it takes of limits per key")
    @Nullable
    private String limitKey;

    @Option(names = "--idempotency-key", paramLabel = "<key>", description = "The same request under it is one job")
    @Nullable
    private String idempotencyKey;

    @Option(
            names = "--unique-key",
            paramLabel = "<key>",
            description = "At most one job of the task with it waits or runs at a time")
    @Nullable
    private String uniqueKey;

    @Option(
            names = "--on-duplicate",
            paramLabel = "<what>",
            description = "When another job has the unique key: keep, replace or reject")
    @Nullable
    private String onDuplicate;

    @Option(
            names = "--unique-while-waiting",
            description = "Another job has its key only until it is started, not until its end")
    private boolean uniqueWhileWaiting;

    @Option(
            names = "--debounce-max",
            paramLabel = "<duration>",
            description = "With replace: due at the latest so long after the first enqueue, such as 10m")
    @Nullable
    private String debounceMax;

    @Option(names = "--wait", description = "Wait for the end and print the result; exit 1 when it is not SUCCEEDED")
    private boolean wait;

    @Option(names = "--timeout", paramLabel = "<duration>", description = "How long --wait waits; a day when not given")
    @Nullable
    private String timeout;

    EnqueueCommand(Shell shell) {
        super(shell);
    }

    @Override
    int run(Longshore longshore, Output out) throws IOException {
        Duration longest = timeout == null ? LONGEST_WAIT : TimeArgument.duration("--timeout", timeout);
        Job job = longshore.enqueue(request());
        if (!wait) {
            print(job, out);
            return Exit.DONE;
        }
        if (!out.json()) {
            out.line(job.id());
        }
        Job ended = longshore.await(job.id(), longest);
        if (out.json()) {
            out.json(ended);
        } else {
            out.message("The job is " + ended.state() + " after attempt " + ended.attempt());
            if (ended.result() != null) {
                out.line(Json.indented(ended.result()));
            }
        }
        return ended.state() == JobState.SUCCEEDED ? Exit.DONE : Exit.NO;
    }

    private JobRequest request() throws IOException {
        if (delay != null && runAt != null) {
            throw CommandFailure.usage("--delay and --run-at say the same thing; give one of them");
        }
        JobRequest request = JobRequest.of(task);
        if (payload != null) {
            request = request.payload(Json.argument(payload, shell()));
        }
        if (delay != null) {
            request = request.delay(TimeArgument.duration("--delay", delay));
        }
        if (runAt != null) {
            request = request.runAt(TimeArgument.instant("--run-at", runAt));
        }
        if (expiresAt != null) {
            request = request.expiresAt(TimeArgument.instant("--expires-at", expiresAt));
        }
        if (!tags.isEmpty()) {
            request = request.tags(tags.toArray(String[]::new));
        }
        if (!meta.isEmpty()) {
            request = request.meta(meta);
        }
        if (maxAttempts != null) {
            request = request.maxAttempts(maxAttempts);
        }
        if (fairKey != null) {
            request = request.fairKey(fairKey);
        }
        request = unique(request);
        if (limitKey != null) {
            request = request.limitKey(limitKey);
        }
        return idempotencyKey == null ? request : request.idempotencyKey(idempotencyKey);
    }

    private JobRequest unique(JobRequest plain) {
        JobRequest request = uniqueKey == null ? plain : plain.uniqueKey(uniqueKey);
        if (onDuplicate != null) {
            request = request.onDuplicate(onDuplicate(onDuplicate));
        }
        if (uniqueWhileWaiting) {
            request = request.uniqueWhileWaiting();
        }
        return debounceMax == null
                ? request
                : request.debounceMax(TimeArgument.duration("--debounce-max", debounceMax));
    }

    private static OnDuplicate onDuplicate(String text) {
        return Arrays.stream(OnDuplicate.values())
                .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> CommandFailure.usage("--on-duplicate takes keep, replace or reject"));
    }

    private static void print(Job job, Output out) {
        if (out.json()) {
            out.json(job);
            return;
        }
        out.line(job.id());
        if (job.duplicate()) {
            out.message("No job was made: this one has the unique key");
        }
        out.message(job.task() + " is " + job.state() + "; 'longshore follow " + job.id() + "' shows it until its end");
    }
}

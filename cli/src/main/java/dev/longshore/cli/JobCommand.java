package dev.longshore.cli;

import dev.longshore.client.Job;
import dev.longshore.client.Longshore;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "job", description = "Show a job and its history")
final class JobCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "<id>", description = "Id of the job")
    private String id = "";

    @Option(names = "--payload", description = "Print the payload alone, as JSON")
    private boolean payload;

    @Option(names = "--result", description = "Print the result alone, as JSON")
    private boolean result;

    @Option(names = "--stack", description = "With the stack trace of the last error")
    private boolean stack;

    JobCommand(Shell shell) {
        super(shell);
    }

    @Override
    int run(Longshore longshore, Output out) {
        if (payload) {
            print(longshore.payload(id), out);
            return Exit.DONE;
        }
        Job job = longshore.get(id);
        if (result) {
            if (job.result() == null) {
                out.message("The job is " + job.state() + " and has no result");
                return Exit.NO;
            }
            print(job.result(), out);
        } else if (out.json()) {
            out.json(job);
        } else {
            show(job, out);
        }
        return Exit.DONE;
    }

    private static void print(JsonNode json, Output out) {
        out.line(out.json() ? Json.line(json) : Json.indented(json));
    }

    private void show(Job job, Output out) {
        Map<String, @Nullable String> fields = new LinkedHashMap<>();
        fields.put("id", job.id());
        fields.put("task", job.task());
        fields.put("pool", job.pool());
        fields.put("state", JobText.state(job) + ", attempt " + job.attempt() + " of " + job.maxAttempts());
        fields.put("created", Text.time(job.createdAt(), out.now()));
        fields.put("held by", job.held());
        time(fields, "run at", job.runAt(), out);
        time(fields, "started", job.startedAt(), out);
        time(fields, "finished", job.finishedAt(), out);
        time(fields, "next attempt", job.nextAttemptAt(), out);
        time(fields, "expires", job.expiresAt(), out);
        fields.put("progress", job.progress() == null ? null : job.progress() + " % " + Text.of(job.progressText()));
        fields.put("dead because", job.deadReason());
        fields.put("fingerprint", job.fingerprint());
        fields.put(
                "error",
                job.error() == null
                        ? null
                        : job.error().type() + ": " + job.error().message());
        fields.put("tags", job.tags().isEmpty() ? null : String.join(", ", job.tags()));
        fields.put("meta", job.meta().isEmpty() ? null : Json.line(job.meta()));
        fields.put("fair key", job.fairKey());
        fields.put("limit key", job.limitKey());
        fields.put("idempotency", job.idempotencyKey());
        fields.put("unique key", job.uniqueKey());
        fields.put("rerun of", job.rerunOf());
        fields.forEach((name, value) -> {
            if (value != null) {
                out.line(out.states(String.format("%-12s  %s", name, Text.clean(value))));
            }
        });
        out.line("");
        JobText.history(job).forEach(line -> out.line(out.states(line)));
        if (stack && job.error() != null && job.error().stack() != null) {
            out.line("");
            job.error().stack().lines().forEach(line -> out.line("  " + Text.clean(line)));
        }
    }

    private static void time(Map<String, @Nullable String> fields, String name, @Nullable Instant time, Output out) {
        fields.put(name, time == null ? null : Text.time(time, out.now()));
    }
}

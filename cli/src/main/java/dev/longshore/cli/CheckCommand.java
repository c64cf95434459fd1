package dev.longshore.cli;

import dev.longshore.client.Job;
import dev.longshore.client.JobFilter;
import dev.longshore.client.JobState;
import dev.longshore.client.Longshore;
import dev.longshore.client.NotFoundException;
import dev.longshore.client.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
        name = "check",
        description = {
            "Say which waiting jobs and schedules a new worker could not run, before it is deployed.",
            "Reads their payloads, and decodes each with the worker's jar. Exit 1 when there are any."
        })
final class CheckCommand extends ApiCommand {
    /** What has not ended. A running job may be retried by the new worker. RUNNING is last: a job that starts meanwhile is there. */
    private static final List<JobState> WAITING =
            List.of(JobState.SCHEDULED, JobState.QUEUED, JobState.RETRYING, JobState.RUNNING);

    private static final int EVERY = 100;

    @Option(
            names = "--jar",
            required = true,
            paramLabel = "<jar>",
            description = "The new worker's jar, with what it depends on")
    private Path jar = Path.of("");

    @Option(
            names = "--worker",
            required = true,
            paramLabel = "<class>",
            description = "The worker's class, such as com.example.ShopWorker")
    private String worker = "";

    @Option(
            names = "--created",
            paramLabel = "<duration>",
            description = "Of jobs created within this time; 30d when not given")
    private String created = "30d";

    @Option(names = "--limit", paramLabel = "<number>", description = "At most so many jobs; 100000 when not given")
    private int limit = 100_000;

    CheckCommand(Shell shell) {
        super(shell);
    }

    @Override
    int run(Longshore longshore, Output out) throws IOException, InterruptedException {
        if (!Files.isReadable(jar)) {
            throw CommandFailure.usage("--jar " + jar + " is not there, or cannot be read");
        }
        Duration within = TimeArgument.duration("--created", created);
        try (WorkerCheck check = WorkerCheck.start(shell(), jar, worker)) {
            Checked checked = send(longshore, within, check, out);
            Findings findings = new Findings(check.findings());
            out.progressEnded();
            if (out.json()) {
                out.jsonLines(findings.all().stream());
            } else {
                findings.print(out);
            }
            out.message("Checked " + Text.count(checked.jobs, "job")
                    + (checked.jobs == 1 ? " that has" : " that have") + " not ended and "
                    + Text.count(checked.schedules, "schedule") + "; jobs created within " + Text.duration(within)
                    + (checked.all ? ", all of them" : ", not all of them: --limit " + limit + " was reached")
                    + ". " + findings.all().size() + " would not run");
            return findings.all().isEmpty() ? Exit.DONE : Exit.NO;
        }
    }

    private record Checked(int jobs, int schedules, boolean all) {}

    private Checked send(Longshore longshore, Duration within, WorkerCheck check, Output out) throws IOException {
        Set<String> sent = new HashSet<>();
        boolean all = true;
        for (JobState state : WAITING) {
            JobFilter filter = JobFilter.all().state(state).from(out.now().minus(within));
            for (Iterator<Job> jobs = longshore.list(filter).iterator(); all && jobs.hasNext(); ) {
                Job job = jobs.next();
                if (sent.size() == limit) {
                    all = false;
                } else if (!sent.contains(job.id())) {
                    JsonNode payload = payload(longshore, job);
                    if (payload != null) {
                        sent.add(job.id());
                        check.send(job.id(), job.task(), payload);
                    }
                    if (sent.size() % EVERY == 0) {
                        out.progress(null, sent.size() + " jobs read");
                    }
                }
            }
        }
        int schedules = 0;
        for (Schedule listed : longshore.schedules().list().toList()) {
            Schedule schedule = longshore.schedules().get(listed.name());
            JsonNode payload = schedule.payload();
            check.send(
                    Findings.SCHEDULE + schedule.name(),
                    schedule.task(),
                    payload == null ? Json.emptyObject() : payload);
            schedules++;
        }
        return new Checked(sent.size(), schedules, all);
    }

    /** Null when the job is gone meanwhile. */
    private static @Nullable JsonNode payload(Longshore longshore, Job job) {
        if (job.payload() != null) {
            return job.payload();
        }
        try {
            return longshore.payload(job.id());
        } catch (NotFoundException e) {
            return null;
        }
    }
}

package dev.longshore.examples;

import dev.longshore.task.DeathHook;
import dev.longshore.task.FileStore;
import dev.longshore.task.Json;
import dev.longshore.task.Limit;
import dev.longshore.task.OnDuplicate;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.Unique;
import dev.longshore.worker.WorkerFunction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The worker of the example tasks, with the policies that suit them. It runs the same in Lambda and on a laptop. */
public class ExampleWorker extends WorkerFunction {
    private static final Duration API_ANSWER = Duration.ofSeconds(20);

    private final ExampleSettings settings;

    /**
     * As Lambda and the CDK make it: with the settings of the environment.
     *
     * @throws IllegalArgumentException when one of them is malformed; see {@link ExampleSettings#fromEnvironment}
     */
    public ExampleWorker() {
        this(ExampleSettings.fromEnvironment(System.getenv()));
    }

    /** With other settings. */
    public ExampleWorker(ExampleSettings settings) {
        this.settings = settings;
    }

    @Override
    protected void tasks(TaskCatalog tasks) {
        tasks.add("process-image", ProcessImage.Request.class, () -> new ProcessImage(filesWithSamples()))
                .timeout(Duration.ofSeconds(60))
                .retry(RetryPolicy.exponential().maxAttempts(4))
                .example(ProcessImage.Request.ofFile(Samples.PICTURE, 480, "© Longshore"));

        tasks.add("process-video", ProcessVideo.Request.class, () -> new ProcessVideo(filesWithSamples()))
                .pool("heavy")
                .timeout(Duration.ofMinutes(10))
                .retry(RetryPolicy.exponential().maxAttempts(5))
                .example(new ProcessVideo.Request(Samples.VIDEO, ProcessVideo.Format.mp4, "Longshore preview"));

        tasks.add("generate-report", GenerateReport.Request.class, () -> new GenerateReport(filesWithSamples()))
                .timeout(Duration.ofMinutes(2))
                .retry(RetryPolicy.exponential().maxAttempts(4))
                .example(new GenerateReport.Request(Samples.SALES, null, "Port sales, first half of 2026"));

        addContactSheet(tasks, () -> new ContactSheet(filesWithSamples()));

        tasks.add("send-emails", SendEmails.Request.class, new SendEmails(settings, InstantSource.system()))
                .timeout(Duration.ofMinutes(5))
                .retry(RetryPolicy.exponential().first(Duration.ofSeconds(10)).maxAttempts(8))
                .example(mailing());

        tasks.add(
                        "call-api",
                        CallApi.Request.class,
                        () -> new CallApi(settings.reach(), API_ANSWER, InstantSource.system()))
                .timeout(Duration.ofSeconds(30))
                .limit(Limit.concurrent(10)) // others call these APIs too
                .retry(RetryPolicy.exponential().first(Duration.ofSeconds(2)).maxAttempts(8))
                .example(new CallApi.Request(CallApi.Method.GET, "https://example.com/", null, null));

        // of its own, for it may end its worker's process, and should not take others' jobs along
        tasks.add("rehearse", Rehearse.Plan.class, new Rehearse())
                .pool("rehearsals")
                .timeout(Duration.ofSeconds(10))
                .retry(RetryPolicy.exponential().first(Duration.ofSeconds(1)).maxAttempts(3))
                .onDead(this::keepDeath)
                .example(new Rehearse.Plan(
                        2_000, 1, Rehearse.Failure.retryable, null, null, null, null, 10, null, Json.of("hello")));

        // one after the other for each limitKey: to see jobs wait for a slot
        tasks.add("rehearse-one-at-a-time", Rehearse.Plan.class, new Rehearse())
                .pool("rehearsals")
                .timeout(Duration.ofSeconds(10))
                .retry(RetryPolicy.exponential().first(Duration.ofSeconds(1)).maxAttempts(3))
                .limit(Limit.concurrent(1).perKey())
                .example(new Rehearse.Plan(3_000, null, null, null, null, null, null, 10, null, Json.of("hello")));

        // long enough for heartbeats, which a task of less than two minutes does without
        tasks.add("rehearse-long", Rehearse.Plan.class, new Rehearse())
                .pool("heavy")
                .timeout(Duration.ofMinutes(5))
                .cancelGrace(Duration.ofSeconds(5))
                .retry(RetryPolicy.exponential().first(Duration.ofSeconds(1)).maxAttempts(3))
                .example(new Rehearse.Plan(3_000, null, null, null, 1, null, null, 10, null, Json.of("hello")));
    }

    /** Of the requests for one album that come in quick succession the last one runs, within a minute of the first. */
    static void addContactSheet(TaskCatalog tasks, Supplier<ContactSheet> handler) {
        tasks.add("rebuild-contact-sheet", ContactSheet.Request.class, handler)
                .timeout(Duration.ofMinutes(2))
                .retry(RetryPolicy.exponential().maxAttempts(4))
                .unique(Unique.by("album").onDuplicate(OnDuplicate.REPLACE).debounceMax(Duration.ofMinutes(1)))
                .example(new ContactSheet.Request("harbour", List.of(Samples.PICTURE)));
    }

    /** The worker's files, among them those that the tasks' examples work on. */
    private FileStore filesWithSamples() {
        try {
            Samples.copyInto(files());
        } catch (IOException e) {
            throw new UncheckedIOException("The sample files cannot be written into the file store", e);
        }
        return files();
    }

    /** Writes {@code deaths/<job id>.csv}, which {@code generate-report} reads: the file shows that the hook ran. */
    private void keepDeath(DeathHook.DeadJob job) throws IOException {
        String csv = "job,reason,attempts\n%s,%s,%d\n".formatted(job.id(), job.reason(), job.attempts());
        files().write("deaths/" + job.id() + ".csv", csv.getBytes(StandardCharsets.UTF_8));
    }

    private static SendEmails.Request mailing() {
        return new SendEmails.Request(
                new MailTemplate(
                        "{{name}}, your berth is booked",
                        "Dear {{name}},\n\nyour berth {{berth}} is booked for Friday, 08:00.\n\nThe harbour office\n"),
                List.of(
                        new SendEmails.Recipient("ann@example.com", "Ann", Map.of("berth", "7")),
                        new SendEmails.Recipient("li@example.com", "Li", Map.of("berth", "12"))));
    }
}

package dev.longshore.worker;

import dev.longshore.task.Json;
import dev.longshore.task.PayloadException;
import dev.longshore.task.PayloadType;
import dev.longshore.task.Spelling;
import dev.longshore.task.Task;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.WorkerByName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Says which waiting jobs a worker would not be able to run, before that worker is deployed. The command {@code longshore check}
 * starts it out of the new worker's jar, so that the payloads are decoded by the code that will run them:
 *
 * <pre>{@code
 * java -cp worker-lambda.jar dev.longshore.worker.DeploymentCheck com.example.ShopWorker
 * }</pre>
 *
 * <p>Standard input has one job a line, as JSON: {@code {"id": "…", "task": "…", "payload": …}}. Standard output gets one
 * {@link Finding} a line, as JSON, for each job that would end DEAD. It calls neither AWS nor a handler. Status 0 when all lines
 * were read, 2 when the worker cannot be constructed, its code cannot be loaded or a line is no job; standard error says why.
 */
public final class DeploymentCheck {
    private final TaskCatalog catalog;

    DeploymentCheck(TaskCatalog catalog) {
        this.catalog = catalog;
    }

    /** A job of the input. */
    record WaitingJob(String id, String task, Json payload) {}

    /**
     * A job that would end DEAD.
     *
     * @param reason why it would: {@code unknown_task} or {@code undecodable}
     * @param mistakes what does not decode; empty when the task is unknown
     * @param detail a sentence
     */
    record Finding(String id, String task, String reason, List<Mistake> mistakes, String detail) {}

    /** One thing that does not decode; {@code pointer} is a JSON pointer into the payload, empty for the whole. */
    record Mistake(String pointer, String message) {}

    /** @param arguments the name of the class that extends {@link WorkerFunction} */
    public static void main(String[] arguments) throws IOException {
        PrintStream findings = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        System.setOut(System.err); // what the worker's own code prints is no finding
        System.exit(run(
                arguments,
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                findings,
                System.err));
    }

    static int run(String[] arguments, BufferedReader jobs, PrintStream findings, PrintStream errors)
            throws IOException {
        if (arguments.length != 1) {
            errors.println("DeploymentCheck takes the name of the worker's class, as in com.example.ShopWorker");
            return 2;
        }
        TaskCatalog catalog;
        try {
            catalog = WorkerByName.construct(arguments[0], "the argument", WorkerFunction.class)
                    .catalog();
        } catch (RuntimeException | Error e) { // of the team's own code too
            errors.println("The worker's tasks cannot be read: " + sentence(e));
            return 2;
        }
        DeploymentCheck check = new DeploymentCheck(catalog);
        int number = 0;
        for (String line = jobs.readLine(); line != null; line = jobs.readLine()) {
            number++;
            WaitingJob job;
            try {
                job = PayloadType.of(WaitingJob.class).read(Json.parse(line));
            } catch (RuntimeException e) { // no JSON, or not a job
                errors.println("Line " + number + " is no job: it takes {\"id\": …, \"task\": …, \"payload\": …}");
                return 2;
            }
            try {
                check.finding(job)
                        .ifPresent(finding -> findings.println(Json.of(finding).text()));
            } catch (Error e) { // of the payload's own class, which may quote a value
                errors.println("The payload of " + job.id() + ", task '" + job.task() + "', cannot be decoded: "
                        + (e instanceof LinkageError
                                ? sentence(e)
                                : e.getClass().getName()));
                return 2;
            }
        }
        findings.flush();
        return 0;
    }

    /** On one line, with the causes that the message does not name. */
    private static String sentence(Throwable failure) {
        String first = failure instanceof IllegalStateException || failure instanceof IllegalArgumentException
                ? String.valueOf(failure.getMessage())
                : failure.toString();
        StringBuilder sentence = new StringBuilder(first);
        boolean unlinked = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            unlinked |= cause instanceof NoClassDefFoundError;
            String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            if (sentence.indexOf(text) < 0 && !(cause instanceof InvocationTargetException)) {
                sentence.append(", because of ").append(cause);
            }
        }
        if (unlinked) {
            sentence.append(". Is a dependency missing from the jar?");
        }
        return sentence.toString().replaceAll("\\s*\\R\\s*", " ");
    }

    /** Why the job would end DEAD; empty when a handler would get it. Longshore's own jobs are read by Longshore's own code. */
    Optional<Finding> finding(WaitingJob job) {
        if (job.task().startsWith(TaskCatalog.RESERVED)) {
            return Optional.empty();
        }
        Optional<Task<?, ?>> task = catalog.find(job.task());
        if (task.isEmpty()) {
            return Optional.of(new Finding(
                    job.id(),
                    job.task(),
                    "unknown_task",
                    List.of(),
                    "This worker has no task '" + job.task() + "'" + Spelling.end(job.task(), names())));
        }
        try {
            task.get().decode(job.payload());
            return Optional.empty();
        } catch (PayloadException e) {
            List<Mistake> mistakes = e.mistakes().stream()
                    .map(mistake -> new Mistake(mistake.pointer(), mistake.message()))
                    .toList();
            return Optional.of(new Finding(
                    job.id(), job.task(), "undecodable", mistakes, "payload" + e.pointer() + " " + e.getMessage()));
        }
    }

    private List<String> names() {
        return catalog.all().stream().flatMap(task -> task.names().stream()).toList();
    }
}

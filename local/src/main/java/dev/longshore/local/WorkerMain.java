package dev.longshore.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.aws.AwsEngines;
import dev.longshore.job.aws.CallTimeouts;
import dev.longshore.job.engines.Engines;
import dev.longshore.keeper.DeadLetterFunction;
import dev.longshore.task.FolderFileStore;
import dev.longshore.task.Json;
import dev.longshore.task.TaskDescription;
import dev.longshore.worker.WorkerFunction;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The process of a worker that {@link DevRuntime} starts and replaces: runs the jobs and the {@code onDead} hooks on the engines of the
 * runtime's process.
 *
 * <p>It reports its tasks ({@link WorkerReport}), reads a line with the {@link EngineAddresses} from its standard input, and then
 * polls until that input ends, which it also does when the runtime is killed. Running jobs have {@link Pollers#DRAIN} to end.
 */
public final class WorkerMain {
    /** Short, for new classes take over when the receives of the old ones have ended. */
    private static final Duration LONG_POLL = Duration.ofSeconds(1);

    private WorkerMain() {}

    /** @param arguments the worker's class */
    public static void main(String[] arguments) throws IOException {
        BufferedReader runtime = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        WorkerFunction worker;
        try {
            worker = WorkerClass.construct(arguments[0]);
        } catch (IllegalArgumentException e) {
            report(new WorkerReport(WorkerReport.Event.REFUSED, null, e.getMessage()));
            System.exit(1);
            return;
        }
        List<TaskDescription> tasks = worker.catalog().descriptions();
        report(new WorkerReport(WorkerReport.Event.LOADED, tasks, null));
        String addresses = runtime.readLine();
        if (addresses != null) {
            poll(worker, tasks, Json.parse(addresses).as(EngineAddresses.class));
            report(WorkerReport.of(WorkerReport.Event.POLLING));
            awaitEnd(runtime);
        }
        System.exit(0); // handlers may have threads that would keep the process
    }

    private static void poll(WorkerFunction worker, List<TaskDescription> tasks, EngineAddresses at) {
        CallTimeouts.keepConnections();
        SqsClient sqs = LocalEngines.sqsAt(at.sqs());
        Engines engines = AwsEngines.of(
                LocalEngines.dynamoDbAt(at.dynamoDb()),
                LocalEngines.TABLE,
                sqs,
                at.queues(),
                new FolderFileStore(Path.of(at.files())),
                (file, bytes, sha256, lasts) -> {
                    throw new IllegalStateException("Uploads are opened by the API, not by a worker");
                });
        RequestStreamHandler jobs = worker.on(engines);
        RequestStreamHandler deadLetters = new DeadLetterFunction(engines, worker.catalog());
        Pollers pollers = Pollers.start(sqs, at.queues(), Platform.plans(tasks), jobs, deadLetters, LONG_POLL);
        // Ctrl-C reaches this process too: it drains, whatever ends it
        Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(pollers), "drain"));
    }

    private static void drain(Pollers pollers) {
        try {
            pollers.stopReceiving();
            report(WorkerReport.of(WorkerReport.Event.DRAINING));
            pollers.close();
        } catch (InterruptedException e) {
            pollers.close(); // what was received and not worked on comes back after its visibility time-out
        }
    }

    private static void awaitEnd(BufferedReader runtime) throws IOException {
        @Nullable String line;
        do {
            line = runtime.readLine();
        } while (line != null);
    }

    private static void report(WorkerReport report) {
        System.out.println(report.line());
    }
}

package dev.longshore.keeper;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.Deadline;
import dev.longshore.job.LoggedMetric;
import dev.longshore.job.aws.AwsEngines;
import dev.longshore.job.aws.CallTimeouts;
import dev.longshore.job.engines.Engines;
import dev.longshore.task.DeployedCatalog;
import dev.longshore.task.Json;
import dev.longshore.task.TaskDescription;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Lambda function that EventBridge calls every minute. A tick has parts; each ends when time runs out and continues at
 * the next tick, and one that fails does not stop the others. The response says what each part did.
 *
 * <p>In Lambda it reads the tasks from the resource {@value DeployedCatalog#RESOURCE}.
 */
public final class DispatcherFunction implements RequestStreamHandler {
    /** Time for the longest call, so that one that begins just before the deadline still ends. */
    private static final Duration RESERVE = CallTimeouts.USUAL.call();

    private static final String FAILED = "failed";
    private static final Logger LOG = LoggerFactory.getLogger(DispatcherFunction.class);

    private final Engines engines;
    private final DueJobs dueJobs;
    private final ResumedJobs resumedJobs;
    private final LimitLines limitLines;
    private final DeclaredSchedules declared;
    private final Schedules schedules;
    private final BodySweep bodySweep;

    /** As Lambda makes it: engines out of the environment, see {@link AwsEngines}. */
    public DispatcherFunction() {
        this(AwsEngines.fromEnvironment(System.getenv()), DeployedCatalog.read());
    }

    /** On given engines, with these tasks and their schedules. */
    public DispatcherFunction(Engines engines, List<TaskDescription> tasks) {
        this.engines = engines;
        this.dueJobs = new DueJobs(engines, new Routes(engines.queue(), tasks));
        this.resumedJobs = new ResumedJobs(engines);
        this.limitLines = new LimitLines(engines, tasks);
        this.declared = new DeclaredSchedules(engines, tasks);
        this.schedules = new Schedules(engines, tasks);
        this.bodySweep = new BodySweep(engines);
    }

    @Override
    public void handleRequest(InputStream tick, OutputStream response, Context context) throws IOException {
        Deadline deadline = Deadline.in(
                Duration.ofMillis(context.getRemainingTimeInMillis()).minus(RESERVE), engines.clock());
        Map<String, Object> done = new LinkedHashMap<>();
        Future<Map<String, Object>> fired;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // beside the others: a minute with many due jobs must not make the schedules' late
            fired = threads.submit(() -> fire(deadline));
            done.put("sent", part("due jobs", () -> dueJobs.dispatch(deadline)));
            done.put("resumed", part("resumed jobs", () -> resumedJobs.release(deadline)));
            done.put("limits", part("limits", () -> limitLines.attend(deadline)));
            done.put("audit", part("audit", () -> new Audit(engines, deadline).run()));
            done.put("sweptFiles", part("body sweep", () -> bodySweep.sweep(deadline)));
        }
        done.putAll(fired.resultNow());
        if (!done.containsValue(FAILED)) {
            LoggedMetric.COMPLETE_TICKS.count();
            part("time of the tick", () -> {
                engines.ledger().ticked(engines.clock().instant());
                return "kept";
            });
        }
        response.write(Json.of(done).utf8());
    }

    private Map<String, Object> fire(Deadline deadline) {
        Map<String, Object> done = new LinkedHashMap<>();
        done.put("declared", part("declared schedules", () -> {
            declared.agree();
            return "agreed";
        }));
        done.put("fired", part("schedules", () -> schedules.fire(deadline)));
        return done;
    }

    private static Object part(String name, Supplier<Object> part) {
        try {
            return part.get();
        } catch (RuntimeException e) {
            FailedPart.leave(LOG, e, "The tick's part '{}' failed; the next tick does it again", name);
            return FAILED;
        }
    }
}

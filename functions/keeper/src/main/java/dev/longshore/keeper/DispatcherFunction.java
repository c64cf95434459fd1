package dev.longshore.keeper;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.Engines;
import dev.longshore.job.WithoutWords;
import dev.longshore.job.aws.AwsEngines;
import dev.longshore.task.DeployedCatalog;
import dev.longshore.task.Json;
import dev.longshore.task.TaskDescription;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Lambda function that EventBridge calls every minute: it sends the messages of parked jobs whose time has come and of
 * those whose pause is over, and makes the jobs of schedules.
 *
 * <p>In Lambda it knows the tasks by the resource {@value DeployedCatalog#RESOURCE}.
 */
public final class DispatcherFunction implements RequestStreamHandler {
    private static final Duration RESERVE = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(DispatcherFunction.class);

    private final Engines engines;
    private final DueJobs dueJobs;
    private final ResumedJobs resumedJobs;
    private final DeclaredSchedules declared;
    private final Schedules schedules;

    private record Answer(int sent, int fired) {}

    /** As Lambda makes it: engines out of the environment, see {@link AwsEngines}. */
    public DispatcherFunction() {
        this(AwsEngines.fromEnvironment(System.getenv()), DeployedCatalog.read());
    }

    /** On given engines, with these tasks and their schedules. */
    public DispatcherFunction(Engines engines, List<TaskDescription> tasks) {
        this.engines = engines;
        this.dueJobs = new DueJobs(engines);
        this.resumedJobs = new ResumedJobs(engines);
        this.declared = new DeclaredSchedules(engines, tasks);
        this.schedules = new Schedules(engines, tasks);
    }

    @Override
    public void handleRequest(InputStream tick, OutputStream response, Context context) throws IOException {
        Instant lastMoment = engines.clock()
                .instant()
                .plusMillis(context.getRemainingTimeInMillis())
                .minus(RESERVE);
        Future<Integer> fired;
        int sent;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            fired = threads.submit(() -> fire(lastMoment)); // a minute with many due jobs must not make these late
            sent = dueJobs.dispatch(lastMoment) + resumedJobs.sendAgain(lastMoment);
        }
        response.write(Json.of(new Answer(sent, fired.resultNow())).utf8());
    }

    private int fire(Instant lastMoment) {
        try {
            declared.agree();
        } catch (RuntimeException e) {
            LOG.atError()
                    .setCause(WithoutWords.of(e))
                    .log("The declared schedules were not brought in; the next tick goes on");
        }
        return schedules.fire(lastMoment);
    }
}

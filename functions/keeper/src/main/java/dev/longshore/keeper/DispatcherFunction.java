package dev.longshore.keeper;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.Engines;
import dev.longshore.job.aws.AwsEngines;
import dev.longshore.task.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * The Lambda function that EventBridge calls every minute: it sends the messages of parked jobs whose time has come, and of
 * those whose pause is over.
 */
public final class DispatcherFunction implements RequestStreamHandler {
    private static final Duration RESERVE = Duration.ofSeconds(5);

    private final Engines engines;
    private final DueJobs dueJobs;
    private final ResumedJobs resumedJobs;

    /** As Lambda makes it: engines out of the environment, see {@link AwsEngines}. */
    public DispatcherFunction() {
        this(AwsEngines.fromEnvironment(System.getenv()));
    }

    /** On given engines. */
    public DispatcherFunction(Engines engines) {
        this.engines = engines;
        this.dueJobs = new DueJobs(engines);
        this.resumedJobs = new ResumedJobs(engines);
    }

    @Override
    public void handleRequest(InputStream tick, OutputStream response, Context context) throws IOException {
        Instant lastMoment = engines.clock()
                .instant()
                .plusMillis(context.getRemainingTimeInMillis())
                .minus(RESERVE);
        int sent = dueJobs.dispatch(lastMoment) + resumedJobs.sendAgain(lastMoment);
        response.write(Json.of(Map.of("sent", sent)).utf8());
    }
}

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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Lambda function that EventBridge calls every minute. A tick has parts; each ends when time runs out and goes on at the
 * next tick, and one that fails does not keep the others from their work. The answer tells what each part did.
 */
public final class DispatcherFunction implements RequestStreamHandler {
    private static final Duration RESERVE = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(DispatcherFunction.class);

    private final Engines engines;
    private final DueJobs dueJobs;
    private final BodySweep bodySweep;
    private final Audit audit;

    /** As Lambda makes it: engines out of the environment, see {@link AwsEngines}. */
    public DispatcherFunction() {
        this(AwsEngines.fromEnvironment(System.getenv()));
    }

    /** On given engines. */
    public DispatcherFunction(Engines engines) {
        this.engines = engines;
        this.dueJobs = new DueJobs(engines);
        this.bodySweep = new BodySweep(engines);
        this.audit = new Audit(engines);
    }

    @Override
    public void handleRequest(InputStream tick, OutputStream response, Context context) throws IOException {
        Instant lastMoment = engines.clock()
                .instant()
                .plusMillis(context.getRemainingTimeInMillis())
                .minus(RESERVE);
        Map<String, Object> done = new LinkedHashMap<>();
        done.put("sent", part("due jobs", () -> dueJobs.dispatch(lastMoment)));
        done.put("sweptFiles", part("body sweep", () -> bodySweep.sweep(lastMoment)));
        done.put("audit", part("audit", () -> audit.audit(lastMoment)));
        response.write(Json.of(done).utf8());
    }

    private static Object part(String name, Supplier<Object> part) {
        try {
            return part.get();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("The tick's part '{}' failed; the next tick does it again", name);
            return "failed";
        }
    }
}

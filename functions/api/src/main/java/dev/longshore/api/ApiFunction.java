package dev.longshore.api;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.LoggedMetric;
import dev.longshore.job.Redacted;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.aws.AwsEngines;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.key.ApiKey.Scope;
import dev.longshore.task.DeployedCatalog;
import dev.longshore.task.TaskDescription;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Lambda function behind each HTTP endpoint: API Gateway's HTTP API and REST API, and Function URLs. An event becomes a
 * request, which is authenticated and routed; what is wrong with it is answered as problem+json.
 *
 * <p>In Lambda it reads the tasks from the resource {@value DeployedCatalog#RESOURCE}, which is made from the worker's
 * catalogue when the stack is synthesized: an array of {@link TaskDescription}s.
 */
public final class ApiFunction implements RequestStreamHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ApiFunction.class);

    private final Router router;

    /** Called by Lambda; the engines follow from environment variables, see {@link AwsEngines}. */
    public ApiFunction() {
        this(AwsEngines.fromEnvironment(System.getenv()), new AcceptedTasks(DeployedCatalog.read()));
    }

    /** On given engines, for the tasks of these descriptions. */
    public ApiFunction(Engines engines, List<TaskDescription> tasks) {
        this(engines, new AcceptedTasks(tasks));
    }

    private ApiFunction(Engines engines, AcceptedTasks tasks) {
        JobRequests jobs = new JobRequests(engines, tasks);
        OperatorRequests operator = new OperatorRequests(engines, tasks);
        ScheduleRequests schedules = new ScheduleRequests(engines, tasks);
        AboutRequests about = new AboutRequests(engines, tasks);
        PauseRequests pauses = new PauseRequests(engines, tasks);
        LimitRequests limits = new LimitRequests(engines, tasks);
        LedgerRequests ledger = new LedgerRequests(engines);
        DeadRequests dead = new DeadRequests(engines, tasks);
        QuarantineRequests quarantine = new QuarantineRequests(engines);
        OperatorLogRequests operatorLog = new OperatorLogRequests(engines);
        CachedKeys cache = new CachedKeys(engines.keys(), engines.clock());
        KeyRequests keys = new KeyRequests(engines, tasks, cache);
        // route: refused to a key that is restricted to tasks; taskRoute: the answerer decides by the task
        // Logged writes calls of scope OPERATE, and changes of keys, into the operators' log
        router = new Router(new Authenticator(engines.keys(), cache, engines.clock()), new Logged(engines))
                .taskRoute("POST", "/v1/jobs", Scope.ENQUEUE, jobs::enqueue)
                .taskRoute("POST", "/v1/uploads", Scope.ENQUEUE, new UploadRequests(engines)::open)
                .taskRoute("POST", "/v1/jobs/batch", Scope.ENQUEUE, jobs::enqueueBatch)
                .taskRoute(
                        "GET",
                        "/v1/jobs",
                        Scope.READ,
                        jobs::list,
                        "task",
                        "state",
                        "tag",
                        "from",
                        "to",
                        "limit",
                        "cursor")
                .taskRoute("GET", "/v1/jobs/{id}", Scope.READ, jobs::get)
                .taskRoute("GET", "/v1/jobs/{id}/payload", Scope.READ, jobs::payload)
                .taskRoute("POST", "/v1/jobs/{id}/cancel", Scope.OPERATE, operator::cancel)
                .taskRoute("POST", "/v1/jobs/{id}/retry", Scope.OPERATE, operator::retry)
                .taskRoute("POST", "/v1/jobs/{id}/run-now", Scope.OPERATE, operator::runNow)
                .taskRoute("POST", "/v1/jobs/{id}/rerun", Scope.OPERATE, operator::rerun)
                .route("GET", "/v1/schedules", Scope.READ, schedules::list, "limit", "cursor")
                .taskRoute("GET", "/v1/schedules/{name}", Scope.READ, schedules::get)
                .taskRoute("PUT", "/v1/schedules/{name}", Scope.OPERATE, schedules::put)
                .taskRoute("DELETE", "/v1/schedules/{name}", Scope.OPERATE, schedules::delete)
                .taskRoute("POST", "/v1/schedules/{name}/run", Scope.OPERATE, schedules::run)
                .taskRoute("POST", "/v1/schedules/{name}/pause", Scope.OPERATE, schedules::pause)
                .taskRoute("POST", "/v1/schedules/{name}/resume", Scope.OPERATE, schedules::resume)
                .taskRoute("POST", "/v1/jobs/retry", Scope.OPERATE, dead::redrive)
                .taskRoute("POST", "/v1/jobs/purge", Scope.OPERATE, dead::purge)
                .taskRoute("GET", "/v1/dead-letters", Scope.READ, dead::groups, "task", "from", "to", "limit")
                .route("GET", "/v1/quarantine", Scope.READ, quarantine::list, "limit", "cursor")
                .route("GET", "/v1/quarantine/{id}", Scope.READ, quarantine::get)
                .route("DELETE", "/v1/quarantine/{id}", Scope.OPERATE, quarantine::delete)
                .route("GET", "/v1/operator-log", Scope.READ, operatorLog::list, "from", "to", "limit", "cursor")
                .taskRoute("GET", "/v1/tasks", Scope.READ, about::tasks)
                .taskRoute("POST", "/v1/tasks/{task}/pause", Scope.OPERATE, pauses::pauseTask)
                .taskRoute("POST", "/v1/tasks/{task}/resume", Scope.OPERATE, pauses::resumeTask)
                .route("GET", "/v1/queues", Scope.READ, about::queues)
                .route("POST", "/v1/queues/{pool}/pause", Scope.OPERATE, pauses::pausePool)
                .route("POST", "/v1/queues/{pool}/resume", Scope.OPERATE, pauses::resumePool)
                .route("GET", "/v1/limits", Scope.READ, limits::list)
                .route("PUT", "/v1/limits/{name}", Scope.OPERATE, limits::set)
                .route("DELETE", "/v1/limits/{name}", Scope.OPERATE, limits::reset)
                .route("GET", "/v1/ledger", Scope.READ, ledger::read, "from", "to")
                .route("POST", "/v1/ledger/audit", Scope.OPERATE, ledger::audit)
                .taskRoute(
                        "GET", "/v1/stats", Scope.READ, new StatsRequests(engines, tasks)::read, "task", "from", "to")
                .route("POST", "/v1/keys", Scope.ADMIN, keys::create)
                .route("GET", "/v1/keys", Scope.ADMIN, keys::list, "limit", "cursor")
                .route("GET", "/v1/keys/{id}", Scope.ADMIN, keys::get)
                .route("DELETE", "/v1/keys/{id}", Scope.ADMIN, keys::revoke, "self")
                .route("POST", "/v1/keys/{id}/rotate", Scope.ADMIN, keys::rotate)
                .open("GET", "/v1/health", about::health)
                .open("GET", "/openapi.json", Resources.json("openapi.json"))
                .page("/", Resources.page("dashboard/index.html", "text/html"))
                .page("/dashboard.js", Resources.page("dashboard/dashboard.js", "text/javascript"))
                .page("/dashboard.css", Resources.page("dashboard/dashboard.css", "text/css"));
    }

    @Override
    public void handleRequest(InputStream event, OutputStream out, Context context) throws IOException {
        HttpRequest request = HttpEvents.read(event);
        HttpResponse response = withoutBodyIfHead(request, answer(request));
        if (response.status() >= 500) {
            LoggedMetric.SERVER_ERRORS.count();
        }
        HttpEvents.write(
                response.with("X-Request-Id", request.requestId())
                        .with("Cache-Control", "no-store")
                        .with("X-Content-Type-Options", "nosniff"),
                request.takesGzip(),
                out);
    }

    private static HttpResponse withoutBodyIfHead(HttpRequest request, HttpResponse response) {
        return request.method().equals("HEAD") ? new HttpResponse(response.status(), response.headers(), "") : response;
    }

    List<String> calls() {
        return router.calls();
    }

    Map<String, Set<String>> queryParameters() {
        return router.queryParameters();
    }

    private HttpResponse answer(HttpRequest request) {
        try {
            return router.route(request);
        } catch (Problem problem) {
            return HttpResponse.problem(problem, request.requestId());
        } catch (StoreUnavailableException e) {
            LOG.atWarn().setCause(e).log("Request {} was answered 503", request.requestId());
            return HttpResponse.problem(
                    Problem.unavailable("A call of DynamoDB, SQS or S3 failed; try again"), request.requestId());
        } catch (RuntimeException e) {
            LOG.atError().setCause(Redacted.of(e)).log("Request {} was answered 500", request.requestId());
            return HttpResponse.problem(Problem.internal(), request.requestId());
        }
    }
}

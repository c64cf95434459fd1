package dev.longshore.reliability;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.api.ApiFunction;
import dev.longshore.job.BodyMissingException;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobState;
import dev.longshore.job.Sha256;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.keeper.DeadLetterFunction;
import dev.longshore.keeper.DispatcherFunction;
import dev.longshore.memory.InMemoryEngines;
import dev.longshore.memory.InMemoryJobQueue;
import dev.longshore.memory.InMemoryJobQueue.Received;
import dev.longshore.memory.LambdaRunner;
import dev.longshore.task.Json;
import dev.longshore.task.TaskCatalog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The real functions around engines in memory, each in a sandbox of its own, all under one {@link DeterministicScheduler}. */
final class World {
    static final String POOL = "default";

    /** How often SQS delivers a message before it goes to the dead-letter queue. */
    static final int MOST_RECEIVES = 8;

    /** The visibility time-out of the queue: longer than a short job's lease. */
    static final Duration VISIBILITY = Duration.ofSeconds(90);

    private static final String SECRET = "s".repeat(40);
    private static final Duration INVOCATION = Duration.ofMinutes(14);

    final DeterministicScheduler scheduler;
    final Recorder recorder;
    final InMemoryEngines memory = InMemoryEngines.create();
    final InMemoryJobQueue queue = new InMemoryJobQueue(memory.clock(), VISIBILITY, MOST_RECEIVES);
    private final Instant start = memory.clock().instant();
    private final Engines real = memory.engines(memory.rows(), queue);
    private final RandomGenerator random;
    private final FaultPlan faultPlan;
    private Deployment deployment = Deployment.PLAIN;

    /** An answer of the API; status 0 when its sandbox crashed. */
    record Answer(int status, String body) {
        JsonNode json() {
            return Json.mapper().readTree(body);
        }
    }

    World(long seed, FaultPlan faultPlan) {
        this.scheduler = new DeterministicScheduler(memory.clock(), new Random(seed));
        this.recorder = new Recorder(memory.rows(), memory.clock());
        this.random = new Random(~seed);
        this.faultPlan = faultPlan;
        memory.keys().putApiKey(ApiKey.of("key", "key", Sha256.hex(SECRET), Set.of(ApiKey.Scope.values()), start));
    }

    Instant now() {
        return memory.clock().instant();
    }

    Sandbox sandbox(String name, Duration skew) {
        return new Sandbox(name, memory.clock(), skew, scheduler);
    }

    /** The engines as a sandbox sees them. */
    Engines engines(Sandbox sandbox) {
        return new EngineCalls(sandbox, scheduler, recorder, faultPlan).around(real, random);
    }

    /** From now on new sandboxes run this code. */
    void deploy(Deployment next) {
        deployment = next;
    }

    Deployment deployment() {
        return deployment;
    }

    // ---- the functions

    ApiFunction api(Sandbox sandbox) {
        return new ApiFunction(engines(sandbox), deployment.tasks());
    }

    RequestStreamHandler worker(Sandbox sandbox) {
        return new SimulatedWorker(this, sandbox, deployment).on(engines(sandbox), scheduler);
    }

    DispatcherFunction dispatcher(Sandbox sandbox) {
        return new DispatcherFunction(engines(sandbox), deployment.tasks());
    }

    DeadLetterFunction deadLetters(Sandbox sandbox) {
        TaskCatalog tasks = new TaskCatalog();
        SimulatedTasks.addWithDeathHooks(
                tasks, deployment, id -> recorder.add(new Event.DeathHandled(now(), new JobId(id))));
        return new DeadLetterFunction(engines(sandbox), tasks);
    }

    // ---- calls of them, as Lambda makes them

    /** One POST; {@code key} is its Idempotency-Key, where it has one. */
    Answer request(Sandbox sandbox, ApiFunction api, String path, String body, @Nullable String key) {
        return request(sandbox, api, "POST", path, body, key);
    }

    Answer request(Sandbox sandbox, ApiFunction api, String method, String path, String body, @Nullable String key) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("authorization", "Bearer ls_key_" + SECRET);
        headers.put("content-type", "application/json");
        if (key != null) {
            headers.put("idempotency-key", key);
        }
        byte[] event = Json.of(Map.of(
                        "version",
                        "2.0",
                        "rawPath",
                        path,
                        "headers",
                        headers,
                        "requestContext",
                        Map.of("http", Map.of("method", method), "requestId", "r"),
                        "body",
                        body))
                .utf8();
        byte[] answer = invoke(sandbox, api, event);
        if (answer == null) {
            return new Answer(0, "{}");
        }
        JsonNode json = Json.mapper().readTree(answer);
        return new Answer(json.get("statusCode").asInt(), json.get("body").asString());
    }

    /** Hands messages to a function and answers the receipts of those to delete; none when its sandbox crashed. */
    List<String> deliver(
            Sandbox sandbox, RequestStreamHandler function, String pool, List<Received> messages, boolean dead) {
        String arn = "arn:aws:sqs:local:0:" + pool + (dead ? "-dlq" : "");
        byte[] answer =
                invoke(sandbox, function, LambdaRunner.sqsEvent(arn, messages).utf8());
        if (answer == null) {
            return List.of();
        }
        List<String> kept = new ArrayList<>();
        Json.mapper()
                .readTree(answer)
                .get("batchItemFailures")
                .forEach(failure -> kept.add(failure.get("itemIdentifier").asString()));
        return messages.stream()
                .filter(message -> !kept.contains(message.messageId()))
                .map(Received::receipt)
                .toList();
    }

    /** One tick of the dispatcher. */
    void tick(Sandbox sandbox, DispatcherFunction dispatcher) {
        invoke(sandbox, dispatcher, "{}".getBytes(StandardCharsets.UTF_8));
    }

    private byte @Nullable [] invoke(Sandbox sandbox, RequestStreamHandler function, byte[] event) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        Context context = context(sandbox.instant().plus(INVOCATION), sandbox);
        AtomicBoolean failed = new AtomicBoolean();
        boolean survived = sandbox.invoke(() -> {
            try {
                function.handleRequest(new ByteArrayInputStream(event), answer, context);
            } catch (StoreUnavailableException e) {
                failed.set(true); // Lambda calls it a failed invocation
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return survived && !failed.get() ? answer.toByteArray() : null;
    }

    private static Context context(Instant deadline, Sandbox sandbox) {
        Function<String, Object> answers = method -> {
            if (method.equals("getRemainingTimeInMillis")) {
                return Math.toIntExact(Math.max(
                        0, Duration.between(sandbox.instant(), deadline).toMillis()));
            }
            throw new UnsupportedOperationException("The simulated Lambda has no " + method);
        };
        return (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(),
                new Class<?>[] {Context.class},
                (proxy, method, args) -> answers.apply(method.getName()));
    }

    // ---- its end

    /** Whether every job has ended and every death is handled, no message is left, and no schedule has an instant today. */
    boolean isQuiet() {
        return messagesLeft() == 0
                && memory.rows().all().stream()
                        .allMatch(
                                job -> job.state().isTerminal() && (job.state() != JobState.DEAD || job.deathHandled()))
                && schedules().stream().noneMatch(schedule -> schedule.next().isBefore(now().plus(Duration.ofDays(1))));
    }

    List<Schedule> schedules() {
        return memory.schedules().list(100, null).items();
    }

    /** Acknowledged jobs without a message that only the audit finds: not ended and in no index, or dead and not handled. */
    List<Job> stranded() {
        Set<String> messages = new HashSet<>();
        for (String pool : deployment.pools()) {
            messages.addAll(queue.bodies(pool));
            messages.addAll(queue.deadLetters(pool));
        }
        return recorder.events().stream()
                .filter(Event.Acknowledged.class::isInstance)
                .map(event -> ((Event.Acknowledged) event).id())
                .distinct()
                .flatMap(id -> memory.jobs().find(id).stream())
                .filter(job -> job.state() == JobState.DEAD
                        ? !job.deathHandled()
                        : !job.state().isTerminal() && job.indexedAt() == null)
                .filter(job -> !messages.contains(JobMessage.of(job).write()))
                .toList();
    }

    /** Jobs that a limit holds, and that have no place in its line: the dispatcher does not find them. */
    List<Job> strandedInLimits() {
        return memory.rows().all().stream()
                .filter(job -> job.heldByLimit()
                        .map(memory.limits()::find)
                        .filter(line -> line.othersSince() == null
                                && !line.hasInLine(job.id())
                                && line.slotOf(job.id()).isEmpty())
                        .isPresent())
                .toList();
    }

    long messagesLeft() {
        return deployment.pools().stream()
                .map(queue::depth)
                .mapToLong(depth -> depth.visible() + depth.inFlight() + depth.delayed() + depth.deadLetters())
                .sum();
    }

    /**
     * @param ledger what an audit counted when all was quiet; empty where none did
     * @param stranded those that were left to the audit although no queue had lost a message
     */
    History history(boolean handlersMayOverlap, boolean clocksAgree, List<LedgerHour> ledger, List<Job> stranded) {
        Map<JobId, Job> rows = new LinkedHashMap<>();
        Map<JobId, Json> payloads = new HashMap<>();
        Map<JobId, Json> results = new HashMap<>();
        for (Job job : memory.rows().all()) {
            rows.put(job.id(), job);
            read(() -> memory.jobs().payload(job)).ifPresent(payload -> payloads.put(job.id(), payload));
            read(() -> memory.jobs().result(job)).ifPresent(result -> results.put(job.id(), result));
        }
        return new History(
                recorder.events(),
                rows,
                schedules(),
                ledger,
                stranded,
                payloads,
                results,
                messagesLeft(),
                handlersMayOverlap,
                clocksAgree,
                Duration.between(start, now()));
    }

    private static Optional<Json> read(Supplier<@Nullable Json> body) {
        try {
            return Optional.ofNullable(body.get());
        } catch (BodyMissingException e) {
            return Optional.empty();
        }
    }
}

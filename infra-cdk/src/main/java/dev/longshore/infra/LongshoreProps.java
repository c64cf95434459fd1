package dev.longshore.infra;

import dev.longshore.task.Task;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.TaskDescription;
import dev.longshore.worker.WorkerFunction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.dynamodb.TableEncryption;
import software.amazon.awscdk.services.iam.IManagedPolicy;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.sns.ITopic;

/** What a deployment of Longshore is made of. All but the tasks and the worker's code has a default. */
public final class LongshoreProps {
    private final List<TaskDescription> tasks;
    private final Set<String> tasksWithHooks = new TreeSet<>();
    private final WorkerCode workerCode;
    private final List<WorkerPool> pools = new ArrayList<>();
    private final Map<String, String> tags = new LinkedHashMap<>();
    private FrontDoor frontDoor = FrontDoor.HTTP_API;
    private boolean keepsData = true;
    private boolean snapStart = true;
    private boolean canary;
    private boolean tracing;
    private int accountConcurrency = ConcurrencyPlan.USUAL_QUOTA;
    private @Nullable Throttle throttle;
    private List<String> corsOrigins = List.of();
    private RetentionDays logRetention = RetentionDays.ONE_MONTH;
    private TableEncryption encryption = TableEncryption.DEFAULT;
    private AlarmSettings alarms = AlarmSettings.NONE;
    private final List<ITopic> alarmTopics = new ArrayList<>();
    private @Nullable String deadLetterHandler;
    private @Nullable CustomDomain domain;
    private FunctionSettings functions = FunctionSettings.NONE;
    private FunctionSettings api = FunctionSettings.NONE;
    private FunctionSettings dispatcher = FunctionSettings.NONE;
    private FunctionSettings deadLetters = FunctionSettings.NONE;
    private @Nullable IManagedPolicy permissionsBoundary;
    private StorageSettings storage = StorageSettings.NONE;
    private Access access = Access.BY_KEY;

    /** A name of one's own before the HTTP API, with its certificate in the same region. */
    record CustomDomain(String name, String certificateArn) {}

    /** What a front door lets through. */
    record Throttle(int requestsPerSecond, int burst) {
        static final Throttle USUAL = new Throttle(100, 200);
    }

    private LongshoreProps(TaskCatalog tasks, Path workerJar, String workerHandler) {
        this.tasks = tasks.descriptions();
        tasks.all().stream()
                .filter(task -> task.onDead().isPresent())
                .map(Task::name)
                .forEach(tasksWithHooks::add);
        this.workerCode = WorkerCode.jar(workerJar, workerHandler);
    }

    /**
     * A deployment of one worker class, as a team names it once: {@code LongshoreProps.of(new VideoWorker(), jar)}. The
     * class's constructor and its {@code tasks} method run here, with the environment of the synthesis; no handler's supplier
     * does.
     *
     * @param worker of the class that Lambda is to run
     * @param workerJar the worker's jar with all its dependencies
     * @throws IllegalArgumentException when Lambda cannot construct the class: it and its constructor without arguments have
     *     to be public
     */
    public static LongshoreProps of(WorkerFunction worker, Path workerJar) {
        return new LongshoreProps(
                worker.catalog(),
                workerJar,
                WorkerCode.requireConstructible(worker.getClass()).getName());
    }

    /**
     * The same where the app that synthesizes does not have the worker's class.
     *
     * @param tasks the catalogue that the worker's {@code tasks} method makes
     * @param workerJar the worker's jar with all its dependencies
     * @param workerHandler the name of the class that extends {@code WorkerFunction}
     */
    public static LongshoreProps of(TaskCatalog tasks, Path workerJar, String workerHandler) {
        return new LongshoreProps(tasks, workerJar, workerHandler);
    }

    /** Says how a pool is to differ from what follows from its tasks. Once one pool is given, all have to be. */
    public LongshoreProps pool(WorkerPool pool) {
        pools.add(pool);
        return this;
    }

    public LongshoreProps frontDoor(FrontDoor door) {
        this.frontDoor = door;
        return this;
    }

    /** A deployment for trying: table, queues and bucket go with the stack. Without this they are kept, and protected. */
    public LongshoreProps disposable() {
        this.keepsData = false;
        return this;
    }

    /** No SnapStart on the functions' versions. */
    public LongshoreProps withoutSnapStart() {
        this.snapStart = false;
        return this;
    }

    /** New versions get a tenth of the calls for five minutes (CodeDeploy), and go back when an alarm of their function rings. */
    public LongshoreProps canary() {
        this.canary = true;
        return this;
    }

    /** What API Gateway lets through; 100 requests a second and bursts of 200 when not set. A Function URL has no throttle. */
    public LongshoreProps throttle(int requestsPerSecond, int burst) {
        if (requestsPerSecond < 1 || burst < 1) {
            throw new IllegalArgumentException(
                    "throttle takes a rate and a burst of 1 or more, and got " + requestsPerSecond + " and " + burst);
        }
        this.throttle = new Throttle(requestsPerSecond, burst);
        return this;
    }

    /**
     * Traces by AWS X-Ray: active tracing of all functions, and of the stage of a REST API. Off when not set, since Lambda
     * traces the first request of each second and 5 % of the others, and takes no other rate ("Visualize Lambda function
     * invocations using AWS X-Ray"): a steady trickle of jobs is traced whole, for $5 a million traces.
     */
    public LongshoreProps tracing() {
        this.tracing = true;
        return this;
    }

    /**
     * How many invocations at a time the account's quota allows in the stack's region ("Concurrent executions", Service
     * Quotas); 1,000 when not set, and a new account may have 10. The pools' defaults follow from it, and settings that need
     * more stop the synthesis. State less where other functions of the account need a part of it.
     */
    public LongshoreProps accountConcurrency(int quota) {
        if (quota < 1) {
            throw new IllegalArgumentException("accountConcurrency takes 1 or more, and got " + quota);
        }
        this.accountConcurrency = quota;
        return this;
    }

    /** Web pages of these origins may call the API; none when not set. */
    public LongshoreProps corsOrigins(String... origins) {
        this.corsOrigins = List.of(origins);
        return this;
    }

    public LongshoreProps logRetention(RetentionDays days) {
        this.logRetention = days;
        return this;
    }

    /** The table's encryption at rest; with a key that AWS owns when not set. */
    public LongshoreProps encryption(TableEncryption encryption) {
        this.encryption = encryption;
        return this;
    }

    /** A topic for every alarm, beside those given before. */
    public LongshoreProps alarmTopic(ITopic topic) {
        alarmTopics.add(topic);
        return this;
    }

    /** Topics of single alarms, and the numbers at which alarms ring. */
    public LongshoreProps alarms(AlarmSettings settings) {
        this.alarms = settings;
        return this;
    }

    /**
     * A class of the worker's jar that extends {@code DeadLetterFunction}, in the place of what follows from the tasks: where
     * one has an {@code onDead} hook, {@code DeadLetterFunction} itself runs the hooks of the worker's class.
     */
    public LongshoreProps deadLetterHandler(String handler) {
        this.deadLetterHandler = handler;
        return this;
    }

    /** Settings of all functions: pools, API, dispatcher, dead letters. Secrets among them go to pools and hooks alone. */
    public LongshoreProps functions(FunctionSettings settings) {
        this.functions = settings;
        return this;
    }

    /** Settings of the API's function, such as its memory: 1,024 MiB when not set. */
    public LongshoreProps api(FunctionSettings settings) {
        this.api = settings;
        return this;
    }

    /** Settings of the function that sends due jobs every minute, such as its memory: 1,769 MiB when not set, a whole vCPU. */
    public LongshoreProps dispatcher(FunctionSettings settings) {
        this.dispatcher = settings;
        return this;
    }

    /**
     * Settings of the dead-letter function, and so of {@code onDead} hooks. A hook finds the variables and secrets of its task's
     * pool without being named here; a VPC has to be.
     */
    public LongshoreProps deadLetters(FunctionSettings settings) {
        this.deadLetters = settings;
        return this;
    }

    /** A key of the account's own for all data, or a table or bucket that is there already. */
    public LongshoreProps storage(StorageSettings storage) {
        this.storage = storage;
        return this;
    }

    /** What protects the API beside its keys: a web ACL, a VPC, an authorizer; nothing when not set. */
    public LongshoreProps access(Access access) {
        this.access = access;
        return this;
    }

    /** A policy that bounds every role that the construct makes ("Permissions boundaries for IAM entities"). */
    public LongshoreProps permissionsBoundary(IManagedPolicy policy) {
        this.permissionsBoundary = policy;
        return this;
    }

    /** A name of one's own, for {@link FrontDoor#HTTP_API}; its DNS record is to lead to the output {@code DomainTarget}. */
    public LongshoreProps domain(String name, String certificateArn) {
        this.domain = new CustomDomain(name, certificateArn);
        return this;
    }

    /** A tag on everything, for cost allocation; {@code longshore} is set to the construct's id besides. */
    public LongshoreProps tag(String name, String value) {
        tags.put(name, value);
        return this;
    }

    List<TaskDescription> tasks() {
        return tasks;
    }

    /** The tasks that have an {@code onDead} hook, in order. */
    Set<String> tasksWithHooks() {
        return tasksWithHooks;
    }

    /** The pools of those tasks. */
    Set<String> poolsWithHooks() {
        return tasks.stream()
                .filter(task -> tasksWithHooks.contains(task.name()))
                .map(TaskDescription::pool)
                .collect(Collectors.toSet());
    }

    /** @throws IllegalArgumentException when settings contradict each other; it names both numbers */
    List<PoolSettings> poolSettings() {
        if (domain != null && frontDoor != FrontDoor.HTTP_API) {
            throw new IllegalArgumentException("The domain " + domain.name()
                    + " goes with FrontDoor.HTTP_API, and the front door is " + frontDoor);
        }
        if (throttle != null && frontDoor == FrontDoor.FUNCTION_URL) {
            throw new IllegalArgumentException("throttle (" + throttle.requestsPerSecond()
                    + " requests a second, bursts"
                    + " of " + throttle.burst() + ") goes with FrontDoor.HTTP_API and REST_API, and the front door is"
                    + " FUNCTION_URL, where AWS has none");
        }
        if (!corsOrigins.isEmpty() && frontDoor == FrontDoor.REST_API) {
            throw new IllegalArgumentException(
                    "corsOrigins go with FrontDoor.HTTP_API and FUNCTION_URL, and the front door is REST_API");
        }
        Stream.of(access.contradiction(frontDoor), storage.contradiction(encryption))
                .flatMap(Optional::stream)
                .findFirst()
                .ifPresent(sentence -> {
                    throw new IllegalArgumentException(sentence);
                });
        new FunctionChecks("The construct").checkOfAll(functions);
        new FunctionChecks("The API").checkOfOurs(api);
        new FunctionChecks("The API").check(api(), false);
        new FunctionChecks("The dispatcher").checkOfOurs(dispatcher);
        new FunctionChecks("The dispatcher").check(dispatcher(), false);
        new FunctionChecks("The dead-letter function").check(deadLetters(), false);
        return PoolSettings.of(tasks, pools, functions, workerCode);
    }

    WorkerCode workerCode() {
        return workerCode;
    }

    FunctionSettings api() {
        return api.over(functions.withoutSecrets());
    }

    FunctionSettings dispatcher() {
        return dispatcher.over(functions.withoutSecrets());
    }

    FunctionSettings deadLetters() {
        return deadLetters.over(functions);
    }

    StorageSettings storage() {
        return storage;
    }

    Access access() {
        return access;
    }

    Optional<IManagedPolicy> permissionsBoundary() {
        return Optional.ofNullable(permissionsBoundary);
    }

    Map<String, String> tags() {
        return tags;
    }

    FrontDoor frontDoor() {
        return frontDoor;
    }

    boolean keepsData() {
        return keepsData;
    }

    /** Of what holds data or logs, when the stack is deleted. */
    RemovalPolicy removalPolicy() {
        return keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    }

    boolean hasSnapStart() {
        return snapStart;
    }

    boolean hasCanary() {
        return canary;
    }

    boolean hasTracing() {
        return tracing;
    }

    int accountConcurrency() {
        return accountConcurrency;
    }

    Throttle throttle() {
        return throttle == null ? Throttle.USUAL : throttle;
    }

    List<String> corsOrigins() {
        return corsOrigins;
    }

    RetentionDays logRetention() {
        return logRetention;
    }

    TableEncryption encryption() {
        return encryption;
    }

    AlarmSettings alarms() {
        AlarmSettings all = alarms;
        for (ITopic topic : alarmTopics) {
            all = all.topic(topic);
        }
        return all;
    }

    Optional<String> deadLetterHandler() {
        return Optional.ofNullable(deadLetterHandler);
    }

    Optional<CustomDomain> domain() {
        return Optional.ofNullable(domain);
    }
}

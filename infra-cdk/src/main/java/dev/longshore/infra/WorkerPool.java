package dev.longshore.infra;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one pool is deployed, where it is to differ from what follows from its tasks. Immutable; each method returns a changed
 * copy. What contradicts the tasks, or AWS, stops the synthesis: {@link PoolSettings}.
 *
 * <pre>{@code
 * WorkerPool.named("heavy").memoryMiB(3_008).maxConcurrency(20).batchSize(1)
 * }</pre>
 */
public final class WorkerPool {
    private final String name;
    private final Map<Setting, Object> settings;
    private final Map<String, String> environment;

    private enum Setting {
        MEMORY,
        MAX_CONCURRENCY,
        MIN_POLLERS,
        MAX_POLLERS,
        RESERVED_CONCURRENCY,
        BATCH_SIZE,
        BATCH_WINDOW,
        VISIBILITY,
        RETENTION,
        MAX_RECEIVE_COUNT,
        FUNCTION_TIMEOUT,
        FUNCTION,
        CODE,
        FARGATE
    }

    private WorkerPool(String name, Map<Setting, Object> settings, Map<String, String> environment) {
        this.name = name;
        this.settings = settings;
        this.environment = environment;
    }

    /** A pool with all numbers derived from its tasks. */
    public static WorkerPool named(String name) {
        return new WorkerPool(name, Map.of(), Map.of());
    }

    /** The function's memory, and with it its CPU: 128 to 10,240 MiB; what the tasks need when not set. */
    public WorkerPool memoryMiB(int memory) {
        return with(Setting.MEMORY, memory);
    }

    /**
     * The most invocations at a time that the queue may cause: 2 to 1,000 ("Configuring scaling behavior for SQS"). When not
     * set, the pool's part of {@link LongshoreProps#accountConcurrency}: the pools without it divide what is left evenly.
     */
    public WorkerPool maxConcurrency(int concurrency) {
        return with(Setting.MAX_CONCURRENCY, concurrency);
    }

    /**
     * Pollers that are always there, and at most: 2 to 200 and 2 to 2,000. Each causes up to ten invocations at a time, which
     * count against {@link LongshoreProps#accountConcurrency}. Not together with {@link #maxConcurrency}.
     */
    public WorkerPool provisionedPollers(int least, int most) {
        return with(Setting.MIN_POLLERS, least).with(Setting.MAX_POLLERS, most);
    }

    /**
     * Invocations that no other function may take away; at least {@link #maxConcurrency}, which has to be set with it. Lambda
     * requires 100 of the account's quota that no function reserves.
     */
    public WorkerPool reservedConcurrency(int concurrency) {
        return with(Setting.RESERVED_CONCURRENCY, concurrency);
    }

    /** How many messages an invocation gets at most: 1 to 400; above 10 it needs a {@link #batchWindow}. */
    public WorkerPool batchSize(int size) {
        return with(Setting.BATCH_SIZE, size);
    }

    /** How long Lambda waits for a batch to fill: 0 to 300 s; 0 when not set. */
    public WorkerPool batchWindow(Duration window) {
        return with(Setting.BATCH_WINDOW, window);
    }

    /** The queue's visibility time-out; six times the function's when not set. */
    public WorkerPool visibilityTimeout(Duration visibility) {
        return with(Setting.VISIBILITY, visibility);
    }

    /** How long the queue keeps a message: 1 minute to 13 days, for the dead-letter queue keeps it for 14; 7 days when not set. */
    public WorkerPool retention(Duration retention) {
        return with(Setting.RETENTION, retention);
    }

    /** After how many receives a message goes to the dead-letter queue: 1 to 1,000. */
    public WorkerPool maxReceiveCount(int receives) {
        return with(Setting.MAX_RECEIVE_COUNT, receives);
    }

    /** The function's time-out; the longest task's and 15 s when not set. */
    public WorkerPool functionTimeout(Duration timeout) {
        return with(Setting.FUNCTION_TIMEOUT, timeout);
    }

    /**
     * A variable in the environment of the pool's function. A name that Longshore sets itself or that Lambda reserves stops
     * the synthesis.
     */
    public WorkerPool environment(String variable, String value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(variable, value);
        return new WorkerPool(name, settings, more);
    }

    /**
     * The settings of the pool's function: VPC, secrets, layers, files, {@code /tmp}, JVM flags, logs. They win over {@link
     * LongshoreProps#functions}.
     */
    public WorkerPool function(FunctionSettings function) {
        return with(Setting.FUNCTION, function);
    }

    /** A jar or an image for this pool alone; the one of {@link LongshoreProps#of} when not set. */
    public WorkerPool code(WorkerCode code) {
        return with(Setting.CODE, code);
    }

    /**
     * Runs the pool's jobs in containers on Fargate instead of a function, for up to 12 hours an attempt: {@code
     * docs/long-work.md}. Settings of functions alone stop the synthesis; network, environment, secrets, x86, JVM flags and
     * logs of {@link #function} are taken.
     *
     * @param cpu of one container in units of 1/1,024 vCPU
     * @param memoryMiB of one container
     * @param maxTasks how many containers run at most
     */
    public WorkerPool onFargate(int cpu, int memoryMiB, int maxTasks) {
        return onFargate(FargateTasks.of(cpu, memoryMiB, maxTasks));
    }

    /** As above, with Spot capacity, a VPC, a concurrency or a base image of one's own. */
    public WorkerPool onFargate(FargateTasks containers) {
        return with(Setting.FARGATE, containers);
    }

    String name() {
        return name;
    }

    Optional<Integer> memory() {
        return number(Setting.MEMORY);
    }

    Optional<Integer> maxConcurrency() {
        return number(Setting.MAX_CONCURRENCY);
    }

    Optional<Integer> minPollers() {
        return number(Setting.MIN_POLLERS);
    }

    Optional<Integer> maxPollers() {
        return number(Setting.MAX_POLLERS);
    }

    Optional<Integer> reservedConcurrency() {
        return number(Setting.RESERVED_CONCURRENCY);
    }

    Optional<Integer> batchSize() {
        return number(Setting.BATCH_SIZE);
    }

    Optional<Duration> batchWindow() {
        return duration(Setting.BATCH_WINDOW);
    }

    Optional<Duration> visibilityTimeout() {
        return duration(Setting.VISIBILITY);
    }

    Optional<Duration> retention() {
        return duration(Setting.RETENTION);
    }

    Optional<Integer> maxReceiveCount() {
        return number(Setting.MAX_RECEIVE_COUNT);
    }

    Optional<Duration> functionTimeout() {
        return duration(Setting.FUNCTION_TIMEOUT);
    }

    Optional<FargateTasks> fargate() {
        return get(Setting.FARGATE, FargateTasks.class);
    }

    Map<String, String> environment() {
        Map<String, String> all = new LinkedHashMap<>(function().environment());
        all.putAll(environment);
        return all;
    }

    FunctionSettings function() {
        return get(Setting.FUNCTION, FunctionSettings.class).orElse(FunctionSettings.NONE);
    }

    Optional<WorkerCode> code() {
        return get(Setting.CODE, WorkerCode.class);
    }

    private WorkerPool with(Setting setting, Object value) {
        Map<Setting, Object> more = new LinkedHashMap<>(settings);
        more.put(setting, value);
        return new WorkerPool(name, more, environment);
    }

    private Optional<Integer> number(Setting setting) {
        return get(setting, Integer.class);
    }

    private Optional<Duration> duration(Setting setting) {
        return get(setting, Duration.class);
    }

    private <T> Optional<T> get(Setting setting, Class<T> type) {
        @Nullable Object value = settings.get(setting);
        return Optional.ofNullable(value).map(type::cast);
    }
}

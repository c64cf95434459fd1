package dev.longshore.infra;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import software.amazon.awscdk.services.efs.IAccessPoint;
import software.amazon.awscdk.services.lambda.ILayerVersion;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.amazon.awscdk.services.logs.ILogSubscriptionDestination;
import software.amazon.awscdk.services.secretsmanager.ISecret;

/**
 * How functions are deployed: for all of them ({@link LongshoreProps#functions}), for a pool ({@link WorkerPool#function}), for
 * {@code onDead} hooks, the API or the dispatcher ({@link LongshoreProps#deadLetters}, {@link LongshoreProps#api}, {@link
 * LongshoreProps#dispatcher}). The particular setting wins over the one for all; variables, secrets, layers and JVM flags
 * add up. Immutable; each method returns a changed copy.
 *
 * <pre>{@code
 * FunctionSettings.create().network(Network.of(vpc)).secret("database", database.getSecret()).jvmFlags("-XX:+UseSerialGC")
 * }</pre>
 */
public final class FunctionSettings {
    /** Nothing set: all follows from the tasks. */
    static final FunctionSettings NONE = new FunctionSettings(Map.of(), Map.of(), Map.of(), List.of(), List.of());

    private final Map<Setting, Object> settings;
    private final Map<String, String> environment;
    private final Map<String, ISecret> secrets;
    private final List<ILayerVersion> layers;
    private final List<String> jvmFlags;

    private enum Setting {
        MEMORY,
        RESERVED_CONCURRENCY,
        NETWORK,
        FILES,
        TMP_SIZE,
        X86,
        LOG_LEVEL,
        LOG_GROUP,
        LOG_DESTINATION
    }

    /** A file system and the folder where the function finds it. */
    record MountedFiles(IAccessPoint accessPoint, String folder) {}

    private FunctionSettings(
            Map<Setting, Object> settings,
            Map<String, String> environment,
            Map<String, ISecret> secrets,
            List<ILayerVersion> layers,
            List<String> jvmFlags) {
        this.settings = settings;
        this.environment = environment;
        this.secrets = secrets;
        this.layers = layers;
        this.jvmFlags = jvmFlags;
    }

    /** Settings in which nothing is set. */
    public static FunctionSettings create() {
        return NONE;
    }

    /** The VPC, subnets and security groups; no VPC when not set. */
    public FunctionSettings network(Network network) {
        return with(Setting.NETWORK, network);
    }

    /**
     * Memory, and with it the CPU: 128 to 10,240 MiB, and one vCPU for 1,769 MiB ("Configure Lambda function memory").
     * For the API, the dispatcher and hooks; a pool's is {@link WorkerPool#memoryMiB}.
     */
    public FunctionSettings memoryMiB(int memory) {
        return with(Setting.MEMORY, memory);
    }

    /**
     * Invocations that no other function may take away, and the most that run at a time. For the API, the dispatcher and
     * hooks; a pool's is {@link WorkerPool#reservedConcurrency}.
     */
    public FunctionSettings reservedConcurrency(int invocations) {
        return with(Setting.RESERVED_CONCURRENCY, invocations);
    }

    /**
     * A variable in the environment, readable with the function's configuration: a password goes into
     * {@link #secret}. A name that Longshore sets itself or that Lambda reserves stops the synthesis.
     */
    public FunctionSettings environment(String variable, String value) {
        return new FunctionSettings(settings, added(environment, variable, value), secrets, layers, jvmFlags);
    }

    /**
     * A secret of Secrets Manager, which handlers and hooks read by {@code WorkerFunction.secrets().value(name)}. The
     * environment holds its ARN, never its value; the function's role may read this one secret.
     *
     * @param name letters, digits, {@code .}, {@code _} and {@code -}
     */
    public FunctionSettings secret(String name, ISecret secret) {
        return new FunctionSettings(settings, environment, added(secrets, name, secret), layers, jvmFlags);
    }

    /** A layer behind those given before; at most 5 a function ("Lambda quotas"). Not with an image. */
    public FunctionSettings layer(ILayerVersion layer) {
        return new FunctionSettings(settings, environment, secrets, added(layers, layer), jvmFlags);
    }

    /**
     * A file system of EFS at {@code /mnt/…}. Needs a {@link #network} that reaches its mount targets. Its function has no
     * SnapStart, which AWS does not offer with EFS ("Lambda SnapStart").
     */
    public FunctionSettings files(IAccessPoint accessPoint, String folder) {
        return with(Setting.FILES, new MountedFiles(accessPoint, folder));
    }

    /**
     * The size of {@code /tmp}: 512 to 10,240 MiB; 512 when not set, more costs by the second ("Configure ephemeral storage").
     * Above 512 the function has no SnapStart, which AWS does not offer with it.
     */
    public FunctionSettings tmpSizeMiB(int size) {
        return with(Setting.TMP_SIZE, size);
    }

    /** x86_64 in place of arm64, for native libraries that have no arm64 build; a quarter more for the same time. */
    public FunctionSettings x86() {
        return with(Setting.X86, true);
    }

    /**
     * Flags of the JVM, behind Longshore's in {@code JAVA_TOOL_OPTIONS}. A flag that sets what Longshore sets stops the
     * synthesis.
     */
    public FunctionSettings jvmFlags(String... flags) {
        List<String> more = new ArrayList<>(jvmFlags);
        Collections.addAll(more, flags);
        return new FunctionSettings(settings, environment, secrets, layers, more);
    }

    /**
     * The least level that the log has; INFO when not set. ERROR leaves out warnings, and the alarm of dead jobs keeps working: a
     * death is an ERROR line.
     */
    public FunctionSettings logLevel(Level level) {
        return with(Setting.LOG_LEVEL, level);
    }

    /** A log group of the team's own, with its retention and key; several functions may write into one. */
    public FunctionSettings logGroup(ILogGroup group) {
        return with(Setting.LOG_GROUP, group);
    }

    /**
     * Where every line of the log goes besides: a stream of Kinesis or Firehose, or a function
     * ({@code software.amazon.awscdk.services.logs.destinations}). A log group takes two ("CloudWatch Logs quotas").
     */
    public FunctionSettings logDestination(ILogSubscriptionDestination destination) {
        return with(Setting.LOG_DESTINATION, destination);
    }

    /** These settings, and where they say nothing, those of {@code general}. */
    FunctionSettings over(FunctionSettings general) {
        Map<Setting, Object> both = new EnumMap<>(Setting.class);
        both.putAll(general.settings);
        both.putAll(settings);
        List<ILayerVersion> allLayers = new ArrayList<>(general.layers);
        allLayers.addAll(layers);
        List<String> allFlags = new ArrayList<>(general.jvmFlags);
        allFlags.addAll(jvmFlags);
        return new FunctionSettings(
                both, both(general.environment, environment), both(general.secrets, secrets), allLayers, allFlags);
    }

    /** For functions that run no code of the team. */
    FunctionSettings withoutSecrets() {
        return new FunctionSettings(settings, environment, Map.of(), layers, jvmFlags);
    }

    Optional<Network> network() {
        return get(Setting.NETWORK, Network.class);
    }

    Optional<Integer> memory() {
        return get(Setting.MEMORY, Integer.class);
    }

    Optional<Integer> reservedConcurrency() {
        return get(Setting.RESERVED_CONCURRENCY, Integer.class);
    }

    Map<String, String> environment() {
        return environment;
    }

    Map<String, ISecret> secrets() {
        return secrets;
    }

    List<ILayerVersion> layers() {
        return layers;
    }

    Optional<MountedFiles> files() {
        return get(Setting.FILES, MountedFiles.class);
    }

    Optional<Integer> tmpSize() {
        return get(Setting.TMP_SIZE, Integer.class);
    }

    boolean isX86() {
        return settings.containsKey(Setting.X86);
    }

    List<String> jvmFlags() {
        return jvmFlags;
    }

    Optional<Level> logLevel() {
        return get(Setting.LOG_LEVEL, Level.class);
    }

    Optional<ILogGroup> logGroup() {
        return get(Setting.LOG_GROUP, ILogGroup.class);
    }

    Optional<ILogSubscriptionDestination> logDestination() {
        return get(Setting.LOG_DESTINATION, ILogSubscriptionDestination.class);
    }

    private FunctionSettings with(Setting setting, Object value) {
        Map<Setting, Object> more = new EnumMap<>(Setting.class);
        more.putAll(settings);
        more.put(setting, value);
        return new FunctionSettings(more, environment, secrets, layers, jvmFlags);
    }

    private <T> Optional<T> get(Setting setting, Class<T> type) {
        @Nullable Object value = settings.get(setting);
        return Optional.ofNullable(value).map(type::cast);
    }

    private static <T> Map<String, T> added(Map<String, T> map, String name, T value) {
        return both(map, Map.of(name, value));
    }

    private static <T> List<T> added(List<T> list, T value) {
        List<T> more = new ArrayList<>(list);
        more.add(value);
        return more;
    }

    private static <T> Map<String, T> both(Map<String, T> general, Map<String, T> particular) {
        Map<String, T> both = new LinkedHashMap<>(general);
        both.putAll(particular);
        return both;
    }
}

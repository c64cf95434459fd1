package dev.longshore.infra;

import dev.longshore.job.aws.CallTimeouts;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The environment variables that a team cannot set: those that the construct sets for its functions, those that Lambda
 * reserves, and names that Lambda does not take ("Using Lambda environment variables", AWS Lambda Developer Guide).
 */
final class FunctionEnvironment {
    static final String TABLE = "LONGSHORE_TABLE";
    static final String QUEUES = "LONGSHORE_QUEUES";
    static final String BUCKET = "LONGSHORE_BUCKET";
    static final String SHARDS_PER_DAY = "LONGSHORE_SHARDS_PER_DAY";
    static final String FIRST_KEY = "LONGSHORE_FIRST_KEY";
    static final String WORKER = "LONGSHORE_WORKER";
    static final String POOL = "LONGSHORE_POOL";
    static final String CONCURRENCY = "LONGSHORE_CONCURRENCY";
    static final String RECEIVED_FILE = "LONGSHORE_RECEIVED_FILE";
    static final String JVM_OPTIONS = "JAVA_TOOL_OPTIONS";

    static final String SECRETS = "LONGSHORE_SECRETS";
    static final String LOG_LEVEL = "LONGSHORE_LOG_LEVEL";

    /**
     * What every function's JVM gets; a team's flags come behind it. The JVM caches no address: it would be in the snapshot, and a
     * restored function would connect to where DynamoDB was weeks ago. Lambda has a cache of its own ("Maximize Lambda SnapStart
     * performance").
     */
    static final String OUR_JVM_FLAGS =
            "-Dlogback.configurationFile=longshore-lambda-logback.xml -Dsun.net.inetaddr.ttl=0 "
                    + CallTimeouts.CONNECTIONS_FLAG;

    private static final Set<String> OURS = Set.of(
            TABLE,
            QUEUES,
            BUCKET,
            SHARDS_PER_DAY,
            FIRST_KEY,
            WORKER,
            POOL,
            CONCURRENCY,
            RECEIVED_FILE,
            JVM_OPTIONS,
            SECRETS,
            LOG_LEVEL);

    private static final Set<String> RESERVED_BY_LAMBDA = Set.of(
            "_HANDLER",
            "_X_AMZN_TRACE_ID",
            "AWS_DEFAULT_REGION",
            "AWS_REGION",
            "AWS_EXECUTION_ENV",
            "AWS_LAMBDA_FUNCTION_NAME",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            "AWS_LAMBDA_FUNCTION_VERSION",
            "AWS_LAMBDA_INITIALIZATION_TYPE",
            "AWS_LAMBDA_LOG_GROUP_NAME",
            "AWS_LAMBDA_LOG_STREAM_NAME",
            "AWS_LAMBDA_MAX_CONCURRENCY",
            "AWS_LAMBDA_METADATA_API",
            "AWS_LAMBDA_METADATA_TOKEN",
            "AWS_LAMBDA_RUNTIME_API",
            "AWS_ACCESS_KEY",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "LAMBDA_TASK_ROOT",
            "LAMBDA_RUNTIME_DIR");

    private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]+");

    private FunctionEnvironment() {}

    /** Why the first of these variables that cannot be set cannot be, as the end of a sentence; empty when all can. */
    static Optional<String> contradiction(Map<String, String> variables) {
        return variables.keySet().stream()
                .sorted()
                .flatMap(name -> contradiction(name).stream())
                .findFirst();
    }

    private static Optional<String> contradiction(String name) {
        if (OURS.contains(name)) {
            return Optional.of("the environment variable " + name
                    + " is set by Longshore, and another value would stop the function; choose another name");
        }
        if (RESERVED_BY_LAMBDA.contains(name)) {
            return Optional.of("the environment variable " + name
                    + " is reserved by Lambda, which would refuse the deployment; choose another name");
        }
        return NAME.matcher(name).matches()
                ? Optional.empty()
                : Optional.of("Lambda takes no environment variable with the name '" + name
                        + "'; start it with a letter, followed by letters, digits and underscores");
    }
}

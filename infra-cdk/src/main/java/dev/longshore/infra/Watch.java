package dev.longshore.infra;

import dev.longshore.job.LoggedMetric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.Dashboard;
import software.amazon.awscdk.services.cloudwatch.GraphWidget;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.IWidget;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.constructs.Construct;

/** Alarms and a dashboard. What each alarm means, and what to do, is in {@code docs/deploying.md}. */
final class Watch {
    private static final Duration MINUTES = Duration.minutes(5);
    private static final int OLDEST_SECONDS = 15 * 60;

    /** Kinds of alarms that ring when a version fails. A death, a long backoff or a quota used up has other causes. */
    private static final List<String> FAULTS_OF_A_VERSION = List.of("Errors", "ErrorLines", "FailedMessages");

    /** Those that one function has, by its name. */
    private static final Map<String, List<String>> FAULTS_OF_ONE_FUNCTION =
            Map.of("Api", List.of("ServerErrors"), "Dispatcher", List.of("MissingTick", "FailedParts"));

    private final Construct scope;
    private final LongshoreProps props;
    private final LogMetrics logMetrics;
    private final Map<String, Alarm> alarms = new LinkedHashMap<>();

    Watch(
            Construct scope,
            LongshoreProps props,
            Functions functions,
            FargateWorkers containers,
            List<PoolQueues> queues) {
        this.scope = scope;
        this.props = props;
        this.logMetrics = new LogMetrics(scope);
        Metric dead =
                logMetrics.deaths("DeadJobs", functions.deadLetters.function().getLogGroup());
        alarm("DeadJobs", "Jobs have died; see the log of DeadLetters", dead, 1);
        for (PoolQueues pool : queues) {
            String name = pool.pool.name();
            alarm(
                    "OldestJob-" + name,
                    "The oldest job of the pool " + name + " waits for more than " + oldestSeconds(pool) / 60
                            + " minutes",
                    pool.queue.metricApproximateAgeOfOldestMessage().with(options("Maximum")),
                    oldestSeconds(pool));
            alarm(
                    "DeadLetterAge-" + name,
                    "Something waits in the dead-letter queue of the pool " + name + ": DeadLetters does not work",
                    pool.deadLetters.metricApproximateAgeOfOldestMessage().with(options("Maximum")),
                    OLDEST_SECONDS);
        }
        for (Functions.Deployed one : functions.all()) {
            alarm(
                    "Errors-" + one.name(),
                    one.name() + " fails",
                    one.alias().metricErrors().with(options("Sum")),
                    1);
            alarm(
                    "Throttles-" + one.name(),
                    one.name() + " is throttled: Lambda's concurrency is used up",
                    one.alias().metricThrottles().with(options("Sum")),
                    1);
        }
        api(functions.api.function().getLogGroup());
        ticks(functions.dispatcher.function().getLogGroup());
        logs(functions, containers).forEach(this::log);
        props.alarms().requireNamesOf(alarms.keySet());
        dashboard(functions, containers, queues, dead);
    }

    /** SQS counts the age of a running job's message too, and on Fargate one may run for hours. */
    private static int oldestSeconds(PoolQueues pool) {
        return pool.pool.fargate().isEmpty()
                ? OLDEST_SECONDS
                : OLDEST_SECONDS + Math.toIntExact(pool.pool.functionTimeout().toSeconds());
    }

    /** The alarms that roll back a new version of this function: of that function, and ten at most ("CodeDeploy quotas"). */
    List<Alarm> ofVersion(Functions.Deployed function) {
        String name = function.name();
        Stream<String> ofEach = FAULTS_OF_A_VERSION.stream().map(kind -> kind + "-" + name);
        Stream<String> ofThisOne = FAULTS_OF_ONE_FUNCTION.getOrDefault(name, List.of()).stream();
        return Stream.concat(ofEach, ofThisOne)
                .filter(alarms::containsKey)
                .map(alarms::get)
                .toList();
    }

    /** One answer may fail while DynamoDB does; a client that repeats a request makes three of it. */
    private void api(ILogGroup log) {
        alarm(
                "ServerErrors",
                "The API answers with 500 or 503",
                logMetrics.sum("ServerErrors", log, LoggedMetric.SERVER_ERRORS, MINUTES),
                3);
    }

    private void ticks(ILogGroup log) {
        add(
                "MissingTick",
                "The dispatcher completed no tick in five minutes",
                1,
                rings("MissingTick")
                        .metric(logMetrics.sum("CompleteTicks", log, LoggedMetric.COMPLETE_TICKS, MINUTES))
                        .comparisonOperator(ComparisonOperator.LESS_THAN_THRESHOLD)
                        .treatMissingData(TreatMissingData.BREACHING));
        add(
                "FailedParts",
                "Parts of the dispatcher's tick fail, in three of five minutes",
                1,
                rings("FailedParts")
                        .metric(logMetrics.sum("FailedParts", log, LoggedMetric.FAILED_PARTS, Duration.minutes(1)))
                        .evaluationPeriods(5)
                        .datapointsToAlarm(3));
        alarm(
                "OldestDueJob",
                "The oldest held job is overdue for more than 15 minutes and was not sent",
                logMetrics.maximum("OldestDueJob", log, LoggedMetric.OLDEST_DUE_JOB),
                OLDEST_SECONDS);
        alarm(
                "UnbalancedLedger",
                "Jobs are missing, or the audit is behind; see GET /v1/ledger",
                logMetrics.sum("UnbalancedLedger", log, LoggedMetric.UNBALANCED_LEDGER, MINUTES),
                1);
    }

    /** The log of each function, and of the containers of each pool on Fargate, by its name in alarms. */
    private static Map<String, ILogGroup> logs(Functions functions, FargateWorkers containers) {
        Map<String, ILogGroup> logs = new LinkedHashMap<>();
        functions.all().forEach(one -> logs.put(one.name(), one.function().getLogGroup()));
        containers.logs().forEach((pool, log) -> logs.put("Worker-" + pool, log));
        return logs;
    }

    private void log(String name, ILogGroup log) {
        String errors = "ErrorLines-" + name;
        alarm(errors, name + " has errors of Longshore in its log", logMetrics.errors(errors, log), 1);
        if (name.startsWith("Worker-") || name.equals("DeadLetters")) {
            String failed = "FailedMessages-" + name;
            alarm(
                    failed,
                    "Messages fail in " + name + " for another reason than their handlers",
                    logMetrics.sum(failed, log, LoggedMetric.FAILED_MESSAGES, MINUTES),
                    3);
        }
    }

    private static MetricOptions options(String statistic) {
        return MetricOptions.builder().statistic(statistic).period(MINUTES).build();
    }

    private void alarm(String id, String description, IMetric metric, int threshold) {
        add(id, description, threshold, rings(id).metric(metric));
    }

    /** Rings at one data point of the threshold or above, and not when there is none. */
    private Alarm.Builder rings(String id) {
        return Alarm.Builder.create(scope, id + "Alarm")
                .evaluationPeriods(1)
                .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD)
                .treatMissingData(TreatMissingData.NOT_BREACHING);
    }

    private void add(String id, String description, int threshold, Alarm.Builder rings) {
        Alarm alarm = rings.alarmDescription("Longshore: " + description)
                .threshold(props.alarms().thresholdOr(id, threshold))
                .build();
        props.alarms().topics(id).forEach(topic -> alarm.addAlarmAction(new SnsAction(topic)));
        alarms.put(id, alarm);
    }

    private void dashboard(Functions functions, FargateWorkers containers, List<PoolQueues> queues, Metric dead) {
        List<IWidget> depth = new ArrayList<>();
        for (PoolQueues pool : queues) {
            depth.add(graph(
                    "Pool " + pool.pool.name(),
                    List.of(
                            pool.queue.metricApproximateNumberOfMessagesVisible(),
                            pool.queue.metricApproximateNumberOfMessagesNotVisible(),
                            pool.deadLetters.metricApproximateNumberOfMessagesVisible())));
        }
        containers
                .services()
                .forEach((pool, service) -> depth.add(graph(
                        "Containers of " + pool,
                        List.of(service.metricCpuUtilization(), service.metricMemoryUtilization()))));
        List<IMetric> errors = new ArrayList<>();
        List<IMetric> durations = new ArrayList<>();
        for (Functions.Deployed one : functions.all()) {
            errors.add(one.alias().metricErrors());
            durations.add(one.alias().metricDuration());
        }
        Dashboard.Builder.create(scope, "Dashboard")
                .widgets(List.of(
                        depth,
                        List.of(
                                graph("Errors", errors),
                                graph("Durations", durations),
                                graph("Dead jobs", List.of(dead))),
                        List.of(
                                graph(
                                        "Failures that a function answered all the same",
                                        watched("ServerErrors", "FailedParts", "FailedMessages", "ErrorLines")),
                                graph("Oldest due job", watched("OldestDueJob")))))
                .build();
    }

    /** The metrics of alarms of these kinds. */
    private List<IMetric> watched(String... kinds) {
        Set<String> wanted = Set.of(kinds);
        return alarms.entrySet().stream()
                .filter(alarm -> wanted.contains(AlarmSettings.kind(alarm.getKey())))
                .map(alarm -> alarm.getValue().getMetric())
                .toList();
    }

    private static GraphWidget graph(String title, List<? extends IMetric> metrics) {
        return GraphWidget.Builder.create().title(title).width(8).left(metrics).build();
    }
}

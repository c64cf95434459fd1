package dev.longshore.infra;

import dev.longshore.keeper.DeadLetterFunction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import software.amazon.awscdk.services.logs.FilterPattern;
import software.amazon.awscdk.services.logs.MetricFilter;
import software.constructs.Construct;

/** Alarms and a dashboard. What each alarm means, and what to do, is in {@code docs/deploying.md}. */
final class Watch {
    private static final Duration MINUTES = Duration.minutes(5);
    private static final String NAMESPACE = "Longshore";
    private static final int OLDEST_SECONDS = 15 * 60;

    /** Kinds of alarms that ring when a version fails. A death, a long backoff or a quota used up has other causes. */
    private static final List<String> FAULTS_OF_A_VERSION = List.of("Errors");

    private final Construct scope;
    private final LongshoreProps props;
    private final Map<String, Alarm> alarms = new LinkedHashMap<>();

    Watch(
            Construct scope,
            LongshoreProps props,
            Functions functions,
            FargateWorkers containers,
            List<PoolQueues> queues) {
        this.scope = scope;
        this.props = props;
        Metric dead = deadJobs(functions);
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
        props.alarms().requireNamesOf(alarms.keySet());
        dashboard(functions, containers, queues, dead);
    }

    /** SQS counts the age of a running job's message too, and on Fargate one may run for hours. */
    private static int oldestSeconds(PoolQueues pool) {
        return pool.pool.fargate().isEmpty()
                ? OLDEST_SECONDS
                : OLDEST_SECONDS + Math.toIntExact(pool.pool.functionTimeout().toSeconds());
    }

    /** The alarms that take a new version of this function back: of that function, and ten at most ("CodeDeploy quotas"). */
    List<Alarm> ofVersion(Functions.Deployed function) {
        return FAULTS_OF_A_VERSION.stream()
                .map(kind -> kind + "-" + function.name())
                .filter(alarms::containsKey)
                .map(alarms::get)
                .toList();
    }

    /** Deaths are lines in a log; this makes them a number. */
    private Metric deadJobs(Functions functions) {
        MetricFilter filter = MetricFilter.Builder.create(scope, "DeadJobsFilter")
                .logGroup(functions.deadLetters.function().getLogGroup())
                .filterPattern(FilterPattern.stringValue("$.formattedMessage", "=", DeadLetterFunction.DEATH))
                .metricNamespace(NAMESPACE)
                .metricName("DeadJobs-" + scope.getNode().getAddr())
                .metricValue("1")
                .build();
        return filter.metric().with(options("Sum"));
    }

    private static MetricOptions options(String statistic) {
        return MetricOptions.builder().statistic(statistic).period(MINUTES).build();
    }

    private void alarm(String id, String description, IMetric metric, int threshold) {
        Alarm alarm = Alarm.Builder.create(scope, id + "Alarm")
                .alarmDescription("Longshore: " + description)
                .metric(metric)
                .threshold(props.alarms().thresholdOr(id, threshold))
                .evaluationPeriods(1)
                .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD)
                .treatMissingData(TreatMissingData.NOT_BREACHING)
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
                                graph("Dead jobs", List.of(dead)))))
                .build();
    }

    private static GraphWidget graph(String title, List<? extends IMetric> metrics) {
        return GraphWidget.Builder.create().title(title).width(8).left(metrics).build();
    }
}

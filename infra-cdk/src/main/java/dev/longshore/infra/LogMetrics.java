package dev.longshore.infra;

import dev.longshore.job.LoggedMetric;
import dev.longshore.keeper.DeadLetterFunction;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.logs.FilterPattern;
import software.amazon.awscdk.services.logs.IFilterPattern;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.amazon.awscdk.services.logs.MetricFilter;
import software.constructs.Construct;

/**
 * Metrics of lines in the logs of functions and containers. A filter costs nothing; a metric costs $0.30 a month for the hours in
 * which a line was found.
 */
final class LogMetrics {
    private static final String NAMESPACE = "Longshore";
    private static final IFilterPattern DEATHS =
            FilterPattern.stringValue("$.formattedMessage", "=", DeadLetterFunction.DEATH);

    /** A handler's own errors are not among them, since its loggers have other names; nor are deaths, which have an alarm. */
    private static final IFilterPattern ERRORS = FilterPattern.all(
            FilterPattern.stringValue("$.level", "=", "ERROR"),
            FilterPattern.stringValue("$.loggerName", "=", "dev.longshore.*"),
            FilterPattern.stringValue("$.formattedMessage", "!=", DeadLetterFunction.DEATH));

    private final Construct scope;

    LogMetrics(Construct scope) {
        this.scope = scope;
    }

    /** A death is one line at level ERROR. */
    Metric deaths(String name, ILogGroup log) {
        return sum(filter(name, log, DEATHS, "1"), Duration.minutes(5));
    }

    /** Lines of Longshore at level ERROR. */
    Metric errors(String name, ILogGroup log) {
        return sum(filter(name, log, ERRORS, "1"), Duration.minutes(5));
    }

    /** How often a function counted something within {@code period}. */
    Metric sum(String name, ILogGroup log, LoggedMetric logged, Duration period) {
        return sum(values(name, log, logged), period);
    }

    /** The greatest value of five minutes. */
    Metric maximum(String name, ILogGroup log, LoggedMetric logged) {
        return values(name, log, logged).metric(options("Maximum", Duration.minutes(5)));
    }

    private MetricFilter values(String name, ILogGroup log, LoggedMetric logged) {
        return filter(name, log, FilterPattern.stringValue("$.metric", "=", logged.text()), "$.value");
    }

    private MetricFilter filter(String name, ILogGroup log, IFilterPattern lines, String value) {
        return MetricFilter.Builder.create(scope, name + "Filter")
                .logGroup(log)
                .filterPattern(lines)
                .metricNamespace(NAMESPACE)
                .metricName(name + "-" + scope.getNode().getAddr())
                .metricValue(value)
                .build();
    }

    private static Metric sum(MetricFilter filter, Duration period) {
        return filter.metric(options("Sum", period));
    }

    private static MetricOptions options(String statistic, Duration period) {
        return MetricOptions.builder().statistic(statistic).period(period).build();
    }
}

package dev.longshore.infra;

import dev.longshore.task.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The alarms of a template on metrics of log lines, evaluated as CloudWatch does: the metric filter's pattern, the metric's value,
 * the alarm's statistic, its number of data points, and what it makes of missing ones ("Filter pattern syntax for metric filters",
 * Amazon CloudWatch Logs User Guide; "Evaluating an alarm", Amazon CloudWatch User Guide).
 */
record TemplateAlarms(StackTemplate template) {
    private static final Pattern TERM = Pattern.compile("\\$\\.(\\w+) (=|!=) \"([^\"]*)\"");

    /**
     * Whether an alarm rings by what a function's log got.
     *
     * @param function whose log it is, as its log group is called
     * @param periods the lines of each of the alarm's last periods; there were none before
     */
    @SafeVarargs
    final boolean ring(String alarm, String function, List<String>... periods) {
        JsonNode properties = template.properties(alarm + "Alarm");
        JsonNode filter = filterOf(properties);
        if (!filter.get("LogGroupName").path("Ref").asString().equals(template.id(function + "Logs"))) {
            throw new AssertionError(alarm + " reads another log than that of " + function + ": " + filter);
        }
        int evaluated = properties.get("EvaluationPeriods").asInt();
        int needed = properties.path("DatapointsToAlarm").asInt(evaluated);
        List<OptionalDouble> points = new ArrayList<>(Collections.nCopies(evaluated, OptionalDouble.empty()));
        for (List<String> lines : periods) {
            points.add(point(properties, filter, lines));
        }
        return points.subList(points.size() - evaluated, points.size()).stream()
                        .filter(point -> isBreaching(properties, point))
                        .count()
                >= needed;
    }

    private JsonNode filterOf(JsonNode alarm) {
        return template.propertiesOfAll("AWS::Logs::MetricFilter").stream()
                .filter(filter -> metric(filter).get("MetricName").equals(alarm.get("MetricName"))
                        && metric(filter).get("MetricNamespace").equals(alarm.get("Namespace")))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode metric(JsonNode filter) {
        return filter.get("MetricTransformations").get(0);
    }

    private static OptionalDouble point(JsonNode alarm, JsonNode filter, List<String> lines) {
        List<Double> values = lines.stream()
                .map(TemplateAlarms::json)
                .flatMap(Optional::stream)
                .filter(line -> matches(filter.get("FilterPattern").asString(), line))
                .map(line -> value(metric(filter).get("MetricValue").asString(), line))
                .toList();
        if (values.isEmpty()) {
            return OptionalDouble.empty();
        }
        return switch (alarm.get("Statistic").asString()) {
            case "Sum" ->
                OptionalDouble.of(
                        values.stream().mapToDouble(Double::doubleValue).sum());
            case "Maximum" -> OptionalDouble.of(Collections.max(values));
            case String other -> throw new AssertionError("The statistic " + other + " is not evaluated here");
        };
    }

    private static Optional<JsonNode> json(String line) {
        return line.startsWith("{") ? Optional.of(Json.parse(line).tree()) : Optional.empty();
    }

    /** All terms hold; one about a field that a line lacks does not, an inequality neither. */
    private static boolean matches(String pattern, JsonNode line) {
        if (!TERM.matcher(pattern).replaceAll("").replaceAll("[{}()&\\s]", "").isEmpty()) {
            throw new AssertionError("The filter pattern " + pattern + " is not understood here");
        }
        return TERM.matcher(pattern).results().allMatch(term -> holds(term, line));
    }

    private static boolean holds(MatchResult term, JsonNode line) {
        if (!line.has(term.group(1))) {
            return false;
        }
        String regex = Stream.of(term.group(3).split("\\*", -1))
                .map(Pattern::quote)
                .reduce((one, other) -> one + ".*" + other)
                .orElseThrow();
        boolean equal = Pattern.matches(
                Objects.requireNonNull(regex), line.get(term.group(1)).asString());
        return equal == term.group(2).equals("=");
    }

    private static double value(String metricValue, JsonNode line) {
        Matcher field = Pattern.compile("\\$\\.(\\w+)").matcher(metricValue);
        if (!field.matches()) {
            return Double.parseDouble(metricValue);
        }
        JsonNode value = line.get(field.group(1));
        if (!value.isNumber()) {
            throw new AssertionError(metricValue + " is no number in " + line);
        }
        return value.asDouble();
    }

    private static boolean isBreaching(JsonNode alarm, OptionalDouble point) {
        if (point.isEmpty()) {
            return alarm.get("TreatMissingData").asString().equals("breaching");
        }
        double threshold = alarm.get("Threshold").asDouble();
        return switch (alarm.get("ComparisonOperator").asString()) {
            case "GreaterThanOrEqualToThreshold" -> point.getAsDouble() >= threshold;
            case "LessThanThreshold" -> point.getAsDouble() < threshold;
            case String other -> throw new AssertionError("The comparison " + other + " is not evaluated here");
        };
    }
}

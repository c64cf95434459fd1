package dev.longshore.job.aws;

import dev.longshore.job.Change;
import dev.longshore.job.Condition;
import dev.longshore.job.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Renders conditions and changes as DynamoDB expressions, and collects their names and values. One instance for one request.
 */
final class Expression {
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, AttributeValue> values = new HashMap<>();

    Map<String, String> names() {
        return names;
    }

    Map<String, AttributeValue> values() {
        return values;
    }

    String condition(Condition condition) {
        return switch (condition) {
            case Condition.Is(Field field, Object value) -> name(field) + " = " + value(value);
            case Condition.In(Field field, List<String> allowed) ->
                name(field) + " IN (" + allowed.stream().map(this::value).collect(Collectors.joining(", ")) + ")";
            case Condition.AtMost(Field field, long limit) -> name(field) + " <= " + value(limit);
            case Condition.MoreThan(Field field, long limit) -> name(field) + " > " + value(limit);
            case Condition.Below(Field field, Field other) -> name(field) + " < " + name(other);
            case Condition.Contains(Field field, String entry) -> "contains(" + name(field) + ", " + value(entry) + ")";
            case Condition.Present(Field field) -> "attribute_exists(" + name(field) + ")";
            case Condition.Absent(Field field) -> "attribute_not_exists(" + name(field) + ")";
            case Condition.Not(Condition part) -> "NOT (" + condition(part) + ")";
            case Condition.All(List<Condition> parts) -> joined(parts, " AND ");
            case Condition.Any(List<Condition> parts) -> joined(parts, " OR ");
        };
    }

    String update(Change change) {
        List<String> sets = new ArrayList<>();
        change.sets().forEach((field, value) -> sets.add(name(field) + " = " + value(value)));
        change.additions()
                .forEach((field, amount) -> sets.add(
                        name(field) + " = if_not_exists(" + name(field) + ", " + value(0L) + ") + " + value(amount)));
        change.appends()
                .forEach((field, entry) -> sets.add(name(field) + " = list_append(if_not_exists(" + name(field) + ", "
                        + value(List.of()) + "), " + value(List.of(entry)) + ")"));
        String removals = change.removals().stream().map(this::name).collect(Collectors.joining(", "));
        return (sets.isEmpty() ? "" : "SET " + String.join(", ", sets))
                + (removals.isEmpty() ? "" : " REMOVE " + removals);
    }

    String value(Object value) {
        String placeholder = ":" + values.size();
        values.put(placeholder, Items.value(value));
        return placeholder;
    }

    String name(Field field) {
        return name(field.attribute());
    }

    String name(String attribute) {
        names.put("#" + attribute, attribute);
        return "#" + attribute;
    }

    private String joined(List<Condition> parts, String by) {
        return parts.stream().map(part -> "(" + condition(part) + ")").collect(Collectors.joining(by));
    }
}

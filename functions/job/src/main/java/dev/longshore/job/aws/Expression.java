package dev.longshore.job.aws;

import dev.longshore.job.Change;
import dev.longshore.job.Condition;
import dev.longshore.job.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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

    /** Null when there is none: DynamoDB refuses an empty map. */
    @Nullable
    Map<String, AttributeValue> values() {
        return values.isEmpty() ? null : values;
    }

    // ---- conditions

    /** There is no item under the key. */
    String isNew() {
        return absent(JobTable.PARTITION_KEY);
    }

    /** There is an item under the key. */
    String exists() {
        return present(JobTable.PARTITION_KEY);
    }

    String present(String attribute) {
        return "attribute_exists(" + name(attribute) + ")";
    }

    String absent(String attribute) {
        return "attribute_not_exists(" + name(attribute) + ")";
    }

    /** A condition; after {@code SET}, an assignment. */
    String equal(String attribute, Object value) {
        return name(attribute) + " = " + value(value);
    }

    String below(String attribute, Object limit) {
        return name(attribute) + " < " + value(limit);
    }

    String contains(String attribute, String entry) {
        return "contains(" + name(attribute) + ", " + value(entry) + ")";
    }

    String condition(Condition condition) {
        return switch (condition) {
            case Condition.Is(Field field, Object value) -> equal(field.attribute(), value);
            case Condition.In(Field field, List<String> allowed) ->
                name(field) + " IN (" + allowed.stream().map(this::value).collect(Collectors.joining(", ")) + ")";
            case Condition.BeginsWith(Field field, String start) ->
                "begins_with(" + name(field) + ", " + value(start) + ")";
            case Condition.AtMost(Field field, long limit) -> name(field) + " <= " + value(limit);
            case Condition.MoreThan(Field field, long limit) -> name(field) + " > " + value(limit);
            case Condition.Below(Field field, Field other) -> name(field) + " < " + name(other);
            case Condition.Contains(Field field, String entry) -> contains(field.attribute(), entry);
            case Condition.Present(Field field) -> present(field.attribute());
            case Condition.Absent(Field field) -> absent(field.attribute());
            case Condition.Not(Condition part) -> "NOT (" + condition(part) + ")";
            case Condition.All(List<Condition> parts) -> joined(parts, " AND ");
            case Condition.Any(List<Condition> parts) -> joined(parts, " OR ");
        };
    }

    // ---- changes

    String update(Change change) {
        List<String> sets = new ArrayList<>();
        change.sets().forEach((field, value) -> sets.add(equal(field.attribute(), value)));
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

    // ---- names and values

    String value(Object value) {
        String placeholder = ":" + values.size();
        values.put(placeholder, Item.value(value));
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

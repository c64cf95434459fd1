package dev.longshore.job;

import java.util.List;
import java.util.Objects;

/**
 * A condition on a job's row: evaluated here for a store in memory, rendered as a condition expression for DynamoDB. As in
 * DynamoDB, a comparison with an absent field is false.
 */
public sealed interface Condition {

    boolean holds(Row row);

    /** The field has this value: a String or a Long. A value of another type is refused, since no row has one. */
    record Is(Field field, Object value) implements Condition {
        public Is {
            if (!(value instanceof String || value instanceof Long)) {
                throw new IllegalArgumentException(field + " is compared with a "
                        + value.getClass().getSimpleName() + "; rows have strings and longs");
            }
        }

        @Override
        public boolean holds(Row row) {
            return Objects.equals(row.values().get(field), value);
        }
    }

    /** The field has one of these values. */
    record In(Field field, List<String> values) implements Condition {
        @Override
        public boolean holds(Row row) {
            String value = row.text(field);
            return value != null && values.contains(value);
        }
    }

    /** The text begins so. */
    record BeginsWith(Field field, String start) implements Condition {
        @Override
        public boolean holds(Row row) {
            String value = row.text(field);
            return value != null && value.startsWith(start);
        }
    }

    record AtMost(Field field, long limit) implements Condition {
        @Override
        public boolean holds(Row row) {
            Long value = row.number(field);
            return value != null && value <= limit;
        }
    }

    record MoreThan(Field field, long limit) implements Condition {
        @Override
        public boolean holds(Row row) {
            Long value = row.number(field);
            return value != null && value > limit;
        }
    }

    /** One field's number is less than another's. */
    record Below(Field field, Field other) implements Condition {
        @Override
        public boolean holds(Row row) {
            Long value = row.number(field);
            Long limit = row.number(other);
            return value != null && limit != null && value < limit;
        }
    }

    /** The list has this entry. */
    record Contains(Field field, String entry) implements Condition {
        @Override
        public boolean holds(Row row) {
            return row.list(field).contains(entry);
        }
    }

    record Present(Field field) implements Condition {
        @Override
        public boolean holds(Row row) {
            return row.has(field);
        }
    }

    record Absent(Field field) implements Condition {
        @Override
        public boolean holds(Row row) {
            return !row.has(field);
        }
    }

    record Not(Condition part) implements Condition {
        @Override
        public boolean holds(Row row) {
            return !part.holds(row);
        }
    }

    record All(List<Condition> parts) implements Condition {
        @Override
        public boolean holds(Row row) {
            return parts.stream().allMatch(part -> part.holds(row));
        }
    }

    record Any(List<Condition> parts) implements Condition {
        @Override
        public boolean holds(Row row) {
            return parts.stream().anyMatch(part -> part.holds(row));
        }
    }

    static Condition all(Condition... parts) {
        return new All(List.of(parts));
    }

    static Condition any(Condition... parts) {
        return new Any(List.of(parts));
    }

    static Condition is(JobState state) {
        return new Is(Field.STATE, state.name());
    }
}

package dev.longshore.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the payloads of a task look like, as data: so that the API refuses what no worker could read, at the moment it is
 * sent and with the place of each mistake, without having the handler's classes. Derived from the payload's type by {@link
 * PayloadShapes}; a worker checks by the same shape before it decodes ({@link PayloadType}).
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
public sealed interface PayloadShape {

    /**
     * Any value: what is kept as JSON ({@link Json}), and what only the type's own code can read.
     *
     * @param nullable whether null is a value of it
     */
    @JsonTypeName("ANY")
    record Any(boolean nullable) implements PayloadShape {}

    /** @param format what the string has to look like; null when it may be any */
    @JsonTypeName("STRING")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Text(@Nullable PayloadFormat format) implements PayloadShape {}

    /**
     * A whole number; {@code 1.0} is one.
     *
     * @param least the least that fits; null when there is none
     * @param most the greatest that fits; null when there is none
     */
    @JsonTypeName("INTEGER")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Whole(@Nullable Long least, @Nullable Long most) implements PayloadShape {}

    /** @param most the greatest absolute value that fits */
    @JsonTypeName("NUMBER")
    record Decimal(double most) implements PayloadShape {}

    @JsonTypeName("BOOLEAN")
    record Truth() implements PayloadShape {}

    /** @param values the names that are taken */
    @JsonTypeName("ENUMERATION")
    record Enumeration(List<String> values) implements PayloadShape {}

    /** @param nullableItems whether an item may be null */
    @JsonTypeName("ARRAY")
    record Array(PayloadShape items, boolean nullableItems) implements PayloadShape {}

    /**
     * An object with names of the client's choice.
     *
     * @param keys the shape of its names, each taken for a string
     * @param nullableItems whether a value may be null
     */
    @JsonTypeName("MAP")
    record Dictionary(PayloadShape keys, PayloadShape items, boolean nullableItems) implements PayloadShape {}

    /**
     * An object with the fields of a record.
     *
     * @param fields each field's shape, in the record's order
     * @param required the fields that must be there
     * @param nullable the fields that may be null
     * @param defaults what a field is that is not there
     * @param aliases other names of fields, and which field each stands for
     */
    @JsonTypeName("OBJECT")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Fields(
            Map<String, PayloadShape> fields,
            Set<String> required,
            Set<String> nullable,
            Map<String, Json> defaults,
            Map<String, String> aliases)
            implements PayloadShape {
        /** What is empty is not written. */
        public Fields {
            fields = fields == null ? Map.of() : fields;
            required = required == null ? Set.of() : required;
            nullable = nullable == null ? Set.of() : nullable;
            defaults = defaults == null ? Map.of() : defaults;
            aliases = aliases == null ? Map.of() : aliases;
        }
    }

    /**
     * One of several objects.
     *
     * @param discriminator the field that says which
     * @param variants the shape of each, by the discriminator's value
     */
    @JsonTypeName("VARIANTS")
    record Variants(String discriminator, Map<String, PayloadShape> variants) implements PayloadShape {}

    /** @param type which of the {@link Types} it is */
    @JsonTypeName("REFERENCE")
    record Reference(String type) implements PayloadShape {}

    /**
     * A payload with types that hold themselves.
     *
     * @param types their shapes, by name
     * @param payload the shape of the whole
     */
    @JsonTypeName("TYPES")
    record Types(Map<String, PayloadShape> types, PayloadShape payload) implements PayloadShape {}

    /**
     * The shape of a type's JSON form.
     *
     * @throws IllegalArgumentException when it has none, with what to do about it
     */
    static PayloadShape of(Class<?> type) {
        return PayloadType.of(type).shape();
    }

    /**
     * What is wrong with a payload: unknown fields (with the nearest one that exists), wrong types, missing fields, numbers that do
     * not fit; at most {@link PayloadCheck#MOST_MISTAKES}, in the payload's order. Empty when a worker can read it, unless
     * code of its own refuses it, such as a record's constructor.
     */
    default List<PayloadMistake> mistakes(Json payload) {
        return PayloadCheck.of(this, payload, PayloadCheck.Unknown.REFUSED).mistakes();
    }

    /** @throws PayloadException with all {@link #mistakes}, if there are any */
    default void check(Json payload) {
        PayloadCheck.of(this, payload, PayloadCheck.Unknown.REFUSED).require();
    }
}

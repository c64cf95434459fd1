package dev.longshore.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the payloads of a task look like, as data: so that the API refuses what no worker could read, with the place of each
 * mistake and without the handler's classes. Derived from the payload's type by {@link PayloadShapes}; a worker checks by
 * the same shape before it decodes ({@link PayloadType}).
 *
 * <p>Its JSON form, in the catalogue and in {@code GET /v1/tasks}, is a JSON Schema of draft 2020-12 ({@link #schema}).
 */
public sealed interface PayloadShape {

    /** Any value but null: what only the type's own code can read. */
    record Any() implements PayloadShape {}

    /** Null, or a value of another shape. */
    record OrNull(PayloadShape value) implements PayloadShape {}

    /** What a map's keys look like; each is a string in JSON. */
    sealed interface Key extends PayloadShape {}

    /** @param format what the string has to look like; null when it may be any */
    record Text(@Nullable PayloadFormat format) implements Key {}

    /**
     * A whole number; {@code 1.0} is one.
     *
     * @param least the least that fits; null when there is none
     * @param most the greatest that fits; null when there is none
     */
    record Whole(@Nullable Long least, @Nullable Long most) implements Key {}

    /** @param values the names that are taken */
    record Enumeration(List<String> values) implements Key {}

    /** @param most the greatest absolute value that fits */
    record Decimal(double most) implements PayloadShape {}

    record Truth() implements PayloadShape {}

    record Array(PayloadShape items) implements PayloadShape {}

    /** An object with names of the client's choice. */
    record Dictionary(Key keys, PayloadShape items) implements PayloadShape {}

    /**
     * An object with the fields of a record and no others.
     *
     * @param fields each field's shape, in the record's order
     * @param required the fields that must be there
     * @param defaults what a field is that is not there
     * @param aliases other names of fields, and the field of each
     */
    record Fields(
            Map<String, PayloadShape> fields,
            Set<String> required,
            Map<String, Json> defaults,
            Map<String, String> aliases)
            implements PayloadShape {}

    /**
     * One of several objects.
     *
     * @param discriminator the field that says which
     * @param variants the shape of each, by the discriminator's value: its {@link Fields} with the discriminator, or {@link Any}
     */
    record Variants(String discriminator, Map<String, PayloadShape> variants) implements PayloadShape {}

    /** @param type which of the {@link Types} it is */
    record Reference(String type) implements PayloadShape {}

    /**
     * A payload with types that hold themselves.
     *
     * @param types their shapes, by name
     * @param payload the shape of the whole
     */
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
     * The shape that a {@link #schema} describes.
     *
     * @throws IllegalArgumentException for a schema that no shape was written as
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static PayloadShape fromSchema(Json schema) {
        return PayloadSchema.read(schema);
    }

    /**
     * The shape as a JSON Schema of draft 2020-12. It takes every payload that {@link #mistakes} finds nothing wrong with, and
     * besides only what JSON Schema cannot express: {@code docs/payloads.md} lists that.
     */
    @JsonValue
    default Json schema() {
        return PayloadSchema.write(this);
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

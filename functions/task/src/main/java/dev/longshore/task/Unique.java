package dev.longshore.task;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * At most one job of the task at a time for the same values of some payload fields. Immutable; each method returns a changed
 * copy and refuses impossible settings at once.
 *
 * <pre>{@code
 * tasks.add("rebuild-report", Report.class, new RebuildReport())
 *     .unique(Unique.by("customerId").onDuplicate(OnDuplicate.REPLACE).debounceMax(Duration.ofMinutes(10)));
 * }</pre>
 *
 * <p>Numbers count by their value, the order of fields means nothing, and a field that is null counts as absent. A request's own
 * {@code uniqueKey} takes the place of the fields; its {@code onDuplicate}, {@code uniqueWhile} and {@code debounceMaxSeconds}
 * that of the settings here.
 *
 * @param fields JSON pointers into the payload (RFC 6901); empty for the whole payload
 * @param debounceMaxSeconds with {@link OnDuplicate#REPLACE}: how long after its creation a job is due at the latest, however
 *     often it is replaced; null for no such limit
 */
public record Unique(
        List<String> fields,
        OnDuplicate onDuplicate,
        UniqueWhile uniqueWhile,
        @Nullable Long debounceMaxSeconds) {
    /** The longest {@link #debounceMax}. */
    public static final Duration LONGEST_DEBOUNCE = Duration.ofDays(30);

    private static final int MOST_FIELDS = 16;

    public Unique {
        fields = List.copyOf(fields);
    }

    /**
     * Unique by the values of fields: names, as in {@code "customerId"}, with dots for fields of objects, as in {@code
     * "order.id"}, or JSON pointers, as in {@code "/order/id"}.
     *
     * @throws IllegalArgumentException without a field, with more than 16, or with an empty name
     */
    public static Unique by(String... fields) {
        if (fields.length == 0 || fields.length > MOST_FIELDS) {
            throw new IllegalArgumentException("Unique.by takes 1 to " + MOST_FIELDS + " fields, and got "
                    + fields.length + "; Unique.ofPayload() is by the whole payload");
        }
        return new Unique(
                Arrays.stream(fields).map(Unique::pointer).toList(), OnDuplicate.KEEP, UniqueWhile.UNFINISHED, null);
    }

    /** Unique by the whole payload. */
    public static Unique ofPayload() {
        return new Unique(List.of(), OnDuplicate.KEEP, UniqueWhile.UNFINISHED, null);
    }

    private static String pointer(String field) {
        if (field.isEmpty() || field.startsWith(".") || field.endsWith(".") || field.contains("..")) {
            throw new IllegalArgumentException(
                    "'" + field + "' names no field; Unique.by takes names such as \"customerId\" or \"order.id\"");
        }
        return field.startsWith("/") ? field : "/" + Json.escape(field).replace('.', '/');
    }

    /**
     * What happens to a request whose key another job has; {@link OnDuplicate#KEEP} when not set.
     *
     * @throws IllegalArgumentException when it contradicts {@link #debounceMax}
     */
    public Unique onDuplicate(OnDuplicate onDuplicate) {
        return new Unique(fields, onDuplicate, uniqueWhile, debounceMaxSeconds).checked();
    }

    /** A job has its key only until it is started for the first time: one may wait while another runs. */
    public Unique whileWaiting() {
        return new Unique(fields, onDuplicate, UniqueWhile.WAITING, debounceMaxSeconds);
    }

    /**
     * With {@link OnDuplicate#REPLACE}, which is to be set before: how long after its creation a job is due at the latest,
     * however often it is replaced; 1 s to {@link #LONGEST_DEBOUNCE}.
     *
     * @throws IllegalArgumentException when it is out of these bounds, or jobs are not replaced
     */
    public Unique debounceMax(Duration most) {
        long seconds = Durations.requireWithin(most, Duration.ofSeconds(1), LONGEST_DEBOUNCE, "The longest debounce")
                .toSeconds();
        return new Unique(fields, onDuplicate, uniqueWhile, seconds).checked();
    }

    private Unique checked() {
        if (debounceMaxSeconds != null && onDuplicate != OnDuplicate.REPLACE) {
            throw new IllegalArgumentException("debounceMax is for jobs that are replaced, and this says " + onDuplicate
                    + "; say onDuplicate(OnDuplicate.REPLACE) before it");
        }
        return this;
    }

    /** How long after its creation a replaced job is due at the latest; null for no such limit. */
    @JsonIgnore
    public @Nullable Duration debounceMax() {
        return debounceMaxSeconds == null ? null : Duration.ofSeconds(debounceMaxSeconds);
    }

    /** A text that is the same for all payloads whose jobs have one key. */
    public String textOf(Json payload) {
        if (fields.isEmpty()) {
            return CanonicalJson.withoutNulls(payload);
        }
        var tree = payload.tree();
        StringBuilder text = new StringBuilder();
        for (String field : fields) {
            var value = tree.at(field);
            boolean absent = value.isMissingNode() || value.isNull();
            text.append(absent ? "" : CanonicalJson.withoutNulls(Json.of(value)))
                    .append('\n');
        }
        return text.toString();
    }

    /**
     * Refuses fields that no payload can have: all jobs of the task would have one key.
     *
     * @throws IllegalArgumentException naming the field and the nearest one that exists
     */
    void requireFieldsOf(PayloadShape shape, String task) {
        for (String pointer : fields) {
            List<String> steps =
                    new ArrayList<>(Arrays.asList(pointer.substring(1).split("/", -1)));
            require(shape, shape, steps, pointer, task);
        }
    }

    private static void require(
            PayloadShape shape, PayloadShape whole, List<String> steps, String pointer, String task) {
        if (steps.isEmpty()) {
            return;
        }
        String step = steps.getFirst().replace("~1", "/").replace("~0", "~");
        List<String> rest = steps.subList(1, steps.size());
        switch (shape) {
            case PayloadShape.Fields object -> {
                PayloadShape field = object.fields().get(step);
                if (field == null) {
                    throw unknown(pointer, task, step, object.fields().keySet());
                }
                require(field, whole, rest, pointer, task);
            }
            case PayloadShape.OrNull(PayloadShape value) -> require(value, whole, steps, pointer, task);
            case PayloadShape.Types types -> require(types.payload(), types, steps, pointer, task);
            case PayloadShape.Reference(String type)
            when whole instanceof PayloadShape.Types types ->
                require(types.types().getOrDefault(type, new PayloadShape.Any()), whole, steps, pointer, task);
            case PayloadShape.Variants variants -> {
                Set<String> possible = new TreeSet<>(Set.of(variants.discriminator()));
                for (PayloadShape variant : variants.variants().values()) {
                    if (!(variant instanceof PayloadShape.Fields object)
                            || object.fields().containsKey(step)) {
                        return;
                    }
                    possible.addAll(object.fields().keySet());
                }
                if (!possible.contains(step)) {
                    throw unknown(pointer, task, step, possible);
                }
            }
            case PayloadShape.Text _,
                    PayloadShape.Whole _,
                    PayloadShape.Enumeration _,
                    PayloadShape.Decimal _,
                    PayloadShape.Truth _ ->
                throw new IllegalArgumentException("The task " + task + " is unique by " + pointer
                        + ", but what is before '" + step + "' is no object; take it out");
            case PayloadShape.Any _, PayloadShape.Array _, PayloadShape.Dictionary _, PayloadShape.Reference _ -> {}
        }
    }

    private static IllegalArgumentException unknown(String pointer, String task, String step, Set<String> possible) {
        return new IllegalArgumentException("The task " + task + " is unique by " + pointer
                + ", but its payload has no field '" + step + "'" + Spelling.end(step, possible) + " Possible: "
                + String.join(", ", possible));
    }
}

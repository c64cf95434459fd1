package dev.longshore.api;

import dev.longshore.task.Json;
import dev.longshore.task.ShortText;
import dev.longshore.task.Spelling;
import dev.longshore.task.WholeNumber;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of one object in a request, by name and type. A wrong one is refused with its JSON pointer (RFC 6901). What was
 * read is kept as it was understood, so that two requests can be compared by what they mean ({@link RequestHash}).
 */
final class Fields {
    private final Map<String, Json> fields;
    private final Map<String, Object> understood = new TreeMap<>();

    /** Refuses each field that is not among the possible ones, with the nearest that is. */
    Fields(Map<String, Json> fields, Set<String> possible, Refusals refusals) {
        this.fields = fields;
        fields.keySet().forEach(name -> refusals.check(() -> requirePossible(name, possible)));
    }

    private static void requirePossible(String name, Set<String> possible) {
        if (!possible.contains(name)) {
            throw Problem.refused(
                    pointer(name),
                    "is an unknown field" + Spelling.end(name, possible) + " Possible: " + String.join(", ", possible));
        }
    }

    boolean has(String name) {
        return fields.containsKey(name) && !fields.get(name).text().equals("null");
    }

    /** Refuses nulls: a null counts as an absent field, which would widen a filter or the bounds of a key. */
    void requireNoNulls() {
        Refusals refusals = new Refusals();
        fields.forEach((name, value) -> refusals.check(() -> {
            if (value.text().equals("null")) {
                throw Problem.refused(pointer(name), "is null; leave it out, or say what is meant");
            }
        }));
        refusals.requireNone();
    }

    /** The fields read so far as they were understood, by name; empty ones are absent. */
    Map<String, Object> understood() {
        return Collections.unmodifiableMap(understood);
    }

    /** Keeps how a field was understood, where that differs from its text. Null and empty values count as absent. */
    void understand(String name, @Nullable Object meaning) {
        boolean empty = (meaning instanceof Collection<?> many && many.isEmpty())
                || (meaning instanceof Map<?, ?> map && map.isEmpty());
        if (meaning == null || empty) {
            understood.remove(name);
        } else {
            understood.put(name, meaning);
        }
    }

    private <T extends @Nullable Object> T understood(String name, T meaning) {
        understand(name, meaning);
        return meaning;
    }

    /** Any value, null included; {@code otherwise} when the field is absent. */
    Json json(String name, Json otherwise) {
        return understood(name, fields.getOrDefault(name, otherwise));
    }

    /** Any value, null included; null when the field is absent. */
    @Nullable
    Json json(String name) {
        return understood(name, fields.get(name));
    }

    @Nullable
    String text(String name, int longest) {
        JsonNode node = node(name);
        if (node == null) {
            return null;
        }
        return understood(name, requireShort(pointer(name), requireString(pointer(name), node), longest));
    }

    @Nullable
    Integer integer(String name, int least, int most) {
        JsonNode node = node(name);
        if (node == null) {
            return null;
        }
        if (!WholeNumber.isWithin(node, least, most)) {
            throw Problem.refused(pointer(name), "takes a whole number from " + least + " to " + most);
        }
        return understood(name, node.decimalValue().intValueExact());
    }

    @Nullable
    Boolean bool(String name) {
        JsonNode node = node(name);
        if (node == null) {
            return null;
        }
        if (!node.isBoolean()) {
            throw Problem.refused(pointer(name), "takes true or false");
        }
        return understood(name, node.asBoolean());
    }

    /** One of an enumeration's names, which are written in lower case. */
    <E extends Enum<E>> @Nullable E oneOf(String name, Class<E> type) {
        String text = text(name, 200);
        if (text == null) {
            return null;
        }
        List<String> names = Arrays.stream(type.getEnumConstants())
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList();
        if (!names.contains(text)) {
            throw Problem.refused(
                    pointer(name), "takes one of " + String.join(", ", names) + Spelling.end(text, names));
        }
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    }

    /** A number of seconds, which may have a fraction; as milliseconds. */
    @Nullable
    Long secondsAsMillis(String name, long most) {
        JsonNode node = node(name);
        if (node == null) {
            return null;
        }
        double seconds = node.isNumber() ? node.decimalValue().doubleValue() : Double.NaN;
        if (!(seconds >= 0 && seconds <= most)) {
            throw Problem.refused(pointer(name), "takes a number of seconds from 0 to " + most);
        }
        return understood(name, Math.round(seconds * 1_000));
    }

    @Nullable
    Double number(String name, double least, double most) {
        JsonNode node = node(name);
        if (node == null) {
            return null;
        }
        double number = node.isNumber() ? node.decimalValue().doubleValue() : Double.NaN;
        if (!(number >= least && number <= most)) {
            throw Problem.refused(pointer(name), "takes a number from " + least + " to " + most);
        }
        return understood(name, number);
    }

    /** False when it is not there. */
    boolean truth(String name) {
        boolean truth = Boolean.TRUE.equals(bool(name));
        understand(name, truth ? true : null);
        return truth;
    }

    @Nullable
    Instant time(String name) {
        String text = text(name, 64);
        if (text == null) {
            return null;
        }
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            return understood(name, Instant.ofEpochMilli(time.toEpochMilli()));
        } catch (DateTimeException | ArithmeticException e) {
            throw Problem.refused(
                    pointer(name), "takes a time in ISO 8601 with its offset, such as 2026-03-10T12:00:00Z");
        }
    }

    /** A duration of ISO 8601 in days, hours, minutes and whole seconds. */
    @Nullable
    Duration duration(String name, Duration least, Duration most) {
        String text = text(name, 64);
        if (text == null) {
            return null;
        }
        Optional<Duration> duration = parsed(text)
                .filter(parsed -> parsed.equals(parsed.truncatedTo(ChronoUnit.SECONDS)))
                .filter(parsed -> parsed.compareTo(least) >= 0 && parsed.compareTo(most) <= 0);
        return understood(
                name,
                duration.orElseThrow(() -> Problem.refused(
                        pointer(name),
                        "takes a duration of ISO 8601 from " + least + " to P" + most.toDays()
                                + "D in days, hours, minutes and whole seconds, such as PT90M or P1DT12H")));
    }

    /** Refuses signs, which {@link Duration#parse} accepts. */
    private static Optional<Duration> parsed(String text) {
        try {
            return text.startsWith("P") ? Optional.of(Duration.parse(text)) : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** An array of strings, whose order means nothing. Of duplicates the first is kept. */
    List<String> distinctTexts(String name, int most, int longest) {
        JsonNode node = node(name);
        if (node == null) {
            return List.of();
        }
        if (!node.isArray() || node.size() > most) {
            throw Problem.refused(pointer(name), "takes an array of at most " + most + " strings");
        }
        Refusals refusals = new Refusals();
        Set<String> texts = new LinkedHashSet<>();
        for (int i = 0; i < node.size(); i++) {
            String place = pointer(name) + "/" + i;
            JsonNode item = node.get(i);
            refusals.check(() -> texts.add(requireShort(place, requireString(place, item), longest)));
        }
        refusals.requireNone();
        understand(name, new TreeSet<>(texts));
        return List.copyOf(texts);
    }

    Map<String, String> textsByName(String name, int most, int longestName, int mostBytes) {
        JsonNode node = node(name);
        if (node == null) {
            return Map.of();
        }
        if (!node.isObject() || node.size() > most) {
            throw Problem.refused(pointer(name), "takes an object of at most " + most + " strings");
        }
        if (Json.of(node).utf8Length() > mostBytes) {
            throw Problem.refused(
                    pointer(name),
                    "takes at most " + mostBytes + " bytes of JSON, and got "
                            + Json.of(node).utf8Length());
        }
        Refusals refusals = new Refusals();
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String place = pointer(name) + pointer(entry.getKey());
            refusals.check(() -> {
                requireShort(place, entry.getKey(), longestName);
                String text = requireString(place, entry.getValue());
                texts.put(entry.getKey(), requireNone(ShortText.controlCharacter(text), place, text));
            });
        }
        refusals.requireNone();
        return understood(name, texts);
    }

    private static String requireString(String place, JsonNode node) {
        if (!node.isString()) {
            throw Problem.refused(place, "takes a string");
        }
        return node.asString();
    }

    private @Nullable JsonNode node(String name) {
        Json value = fields.get(name);
        return value == null || !has(name) ? null : value.tree();
    }

    private static String requireShort(String place, String text, int longest) {
        return requireNone(ShortText.mistake(text, longest), place, text);
    }

    private static String requireNone(Optional<String> mistake, String place, String text) {
        if (mistake.isPresent()) {
            throw Problem.refused(place, mistake.get());
        }
        return text;
    }

    /** A field's name as a JSON pointer (RFC 6901, section 3). */
    static String pointer(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }
}

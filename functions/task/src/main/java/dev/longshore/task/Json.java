package dev.longshore.task;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON value (RFC 8259) kept as it was written: every digit of a number, every character of a string, the order of
 * fields. White space between tokens is dropped. As the type of a payload or of a record's component it takes any value.
 *
 * @param text the value, well-formed and compact
 */
@JsonSerialize(using = Json.Writer.class)
@JsonDeserialize(using = Json.Reader.class)
public record Json(String text) {
    /** How deep arrays and objects may nest. */
    public static final int DEEPEST = 500;

    /** How many characters a number may have. */
    public static final int LONGEST_NUMBER = 1_000;

    /** What is said of a number whose exponent is beyond 32 bits. */
    public static final String EXPONENT_TOO_LARGE = "Exponent of more than 32 bits";

    /** Of an exponent with its letter and sign, so many characters are never too large. */
    private static final int SHORT_EXPONENT = 9;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(LONGEST_NUMBER)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    /** The one mapper of payloads and results: strict about types, exact about numbers, limited in depth. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /** Writes a value as JSON, records and the types of java.time included. */
    public static Json of(Object value) {
        return value instanceof Json json ? json : new Json(MAPPER.writeValueAsString(value));
    }

    /**
     * Reads one value and nothing behind it.
     *
     * @throws StreamReadException when the text is no well-formed JSON, repeats a field, nests deeper than {@link
     *     #DEEPEST} or has a number of more than {@link #LONGEST_NUMBER} characters or with an exponent of more than 32 bits
     * @throws PayloadException when a string is no Unicode text
     */
    public static Json parse(String text) {
        try (JsonParser parser = MAPPER.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new StreamReadException(parser, "there is no value");
            }
            Json value = read(parser);
            if (parser.nextToken() != null) {
                throw new StreamReadException(parser, "there is more behind the end of the value");
            }
            return value;
        }
    }

    /**
     * Reads the value that the parser is at, and leaves the parser at its end. For a delegating creator Jackson has read an
     * object's brace before.
     */
    public static Json read(JsonParser parser) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = MAPPER.createGenerator(text)) {
            int depth = 0;
            if (parser.hasToken(JsonToken.PROPERTY_NAME) || parser.hasToken(JsonToken.END_OBJECT)) {
                out.writeStartObject();
                depth = 1;
            }
            for (JsonToken token = parser.currentToken(); ; token = parser.nextToken()) {
                if (token == null) {
                    throw new StreamReadException(parser, "the text ends in the middle of a value");
                }
                copy(parser, token, out);
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth == 0) {
                    break;
                }
            }
        }
        return new Json(text.toString());
    }

    /** The place may be named by the very string that is no Unicode text. */
    private static String withoutHalves(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /** The name of the field that the parser is at. */
    public static String fieldName(JsonParser parser) {
        return requireUnicode(parser, parser.currentName());
    }

    private static void copy(JsonParser parser, JsonToken token, JsonGenerator out) {
        switch (token) {
            case VALUE_NUMBER_INT -> out.writeNumber(parser.getString());
            case VALUE_NUMBER_FLOAT -> out.writeNumber(requireExponent(parser, parser.getString()));
            case VALUE_STRING -> out.writeString(requireUnicode(parser, parser.getString()));
            case PROPERTY_NAME -> out.writeName(fieldName(parser));
            default -> out.copyCurrentEvent(parser);
        }
    }

    /** An exponent that no Java number holds would fail at the first read of the value, long after it was accepted. */
    private static String requireExponent(JsonParser parser, String number) {
        int exponent = Math.max(number.lastIndexOf('e'), number.lastIndexOf('E'));
        if (exponent >= 0 && number.length() - exponent > SHORT_EXPONENT) {
            try {
                new BigDecimal(number);
            } catch (NumberFormatException e) {
                throw new StreamReadException(parser, EXPONENT_TOO_LARGE, e);
            }
        }
        return number;
    }

    private static String requireUnicode(JsonParser parser, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) {
                continue;
            }
            if (i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                i++;
                continue;
            }
            throw new PayloadException(
                    withoutHalves(parser.streamReadContext().pathAsPointer().toString()),
                    "the string has half of a surrogate pair (\\u%04x) at character %d, which is no Unicode text"
                            .formatted((int) text.charAt(i), i));
        }
        return text;
    }

    /**
     * The value as a Java object; fields that the type does not have are passed over.
     *
     * @throws PayloadException when it does not fit the type
     */
    public <T> T as(Class<T> type) {
        if (type == Json.class) {
            return type.cast(this);
        }
        T value;
        try {
            value = MAPPER.readValue(text, type);
        } catch (ValueInstantiationException e) {
            throw new PayloadException(pointer(e.getPath()), refusal(e, type));
        } catch (JacksonException e) {
            throw new PayloadException(pointer(e.getPath()), "does not fit " + type.getSimpleName());
        } catch (RuntimeException | StackOverflowError e) {
            // a type's own code, or Java's, that throws no exception of Jackson's when it cannot read this
            throw new PayloadException(
                    "",
                    "does not fit " + type.getSimpleName() + ": " + e.getClass().getSimpleName());
        }
        if (value == null) {
            throw new PayloadException("", "null is no " + type.getSimpleName());
        }
        return value;
    }

    /** What a constructor said when it refused, or else its kind of exception. */
    private static String refusal(ValueInstantiationException e, Class<?> type) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause.getMessage() == null
                ? "does not fit " + type.getSimpleName() + ": "
                        + cause.getClass().getSimpleName()
                : cause.getMessage();
    }

    /** The value as a tree; its floating-point numbers are exact. */
    public JsonNode tree() {
        return MAPPER.readTree(text);
    }

    /** The size that counts against every limit: bytes of UTF-8. */
    public int utf8Length() {
        return utf8().length;
    }

    public byte[] utf8() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Json of " + text.length() + " characters"; // a value may be a secret
    }

    private static String pointer(List<JacksonException.Reference> path) {
        StringBuilder pointer = new StringBuilder();
        for (JacksonException.Reference step : path) {
            pointer.append('/');
            if (step.getPropertyName() == null) {
                pointer.append(step.getIndex());
            } else {
                pointer.append(escape(step.getPropertyName()));
            }
        }
        return pointer.toString();
    }

    /** A field's name as a step of a JSON pointer (RFC 6901, section 3). */
    static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    static final class Writer extends ValueSerializer<Json> {
        @Override
        public void serialize(Json value, JsonGenerator out, SerializationContext context) {
            out.writeRawValue(value.text);
        }
    }

    static final class Reader extends ValueDeserializer<Json> {
        @Override
        public Json deserialize(JsonParser parser, DeserializationContext context) {
            return read(parser);
        }

        /** Also called for what an absent {@code Optional<Json>} holds, when the parser is behind the last field. */
        @Override
        public @Nullable Json getNullValue(DeserializationContext context) {
            return context.getParser().currentToken() == JsonToken.VALUE_NULL ? new Json("null") : null;
        }

        @Override
        public @Nullable Object getAbsentValue(DeserializationContext context) {
            return null;
        }
    }
}

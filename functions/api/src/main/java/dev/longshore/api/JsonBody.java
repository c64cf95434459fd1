package dev.longshore.api;

import dev.longshore.task.Json;
import dev.longshore.task.PayloadException;
import dev.longshore.task.Spelling;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/** Reads a request's body: first its size, then its encoding, then its form. */
final class JsonBody {
    private JsonBody() {}

    /** The fields of a body that is one JSON object, each value as it was written. */
    static Map<String, Json> object(HttpRequest request) {
        return parse(request, parser -> {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw Problem.malformed("The body takes a JSON object");
            }
            return fields(parser);
        });
    }

    /** The objects in the one array of a body, each as its fields. */
    static List<Map<String, Json>> objects(HttpRequest request, String array) {
        return parse(request, parser -> {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw Problem.malformed("The body takes a JSON object with the field '" + array + "'");
            }
            Refusals refusals = new Refusals();
            List<Map<String, Json>> objects = null;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = Json.fieldName(parser);
                parser.nextToken();
                if (name.equals(array)) {
                    objects = objectsOf(parser, array, refusals);
                } else {
                    refusals.add(() -> Problem.refused(
                            Fields.pointer(name),
                            "is an unknown field" + Spelling.end(name, List.of(array)) + " Possible: " + array));
                    parser.skipChildren();
                }
            }
            if (objects == null) {
                refusals.add(() -> Problem.refused(Fields.pointer(array), "is missing"));
            }
            refusals.requireNone();
            return Objects.requireNonNull(objects);
        });
    }

    /** A body that says nothing: none, or an empty object. */
    static void requireEmpty(HttpRequest request) {
        if (request.body().length > 0 && !object(request).isEmpty()) {
            throw Problem.refused("This request takes no body, or an empty object");
        }
    }

    /** The fields of a body that may be left out; none when it is. */
    static Map<String, Json> optionalObject(HttpRequest request) {
        return request.body().length == 0 ? Map.of() : object(request);
    }

    private static List<Map<String, Json>> objectsOf(JsonParser parser, String array, Refusals refusals) {
        List<Map<String, Json>> objects = new ArrayList<>();
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            refusals.add(() -> Problem.refused(Fields.pointer(array), "takes an array of objects"));
            parser.skipChildren();
            return objects;
        }
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                objects.add(fields(parser));
            } else {
                String place = Fields.pointer(array) + "/" + i;
                refusals.add(() -> Problem.refused(place, "takes an object"));
                parser.skipChildren();
            }
        }
        return objects;
    }

    private static Map<String, Json> fields(JsonParser parser) {
        Map<String, Json> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = Json.fieldName(parser);
            parser.nextToken();
            fields.put(name, Json.read(parser));
        }
        return fields;
    }

    /**
     * The one JSON value that was uploaded, read by the rules of a request's body.
     *
     * @throws Problem 422 that says what is wrong with the upload, and where
     */
    static Json uploaded(byte[] content) {
        try {
            return parse(content, parser -> {
                if (parser.nextToken() == null) {
                    throw Problem.malformed("it is empty");
                }
                return Json.read(parser);
            });
        } catch (Problem problem) {
            throw Problem.refused("/payloadRef", "names an upload that is no JSON: " + problem.getMessage());
        }
    }

    private static <T> T parse(HttpRequest request, Function<JsonParser, T> read) {
        requireSize(request);
        if (request.body().length == 0) {
            throw Problem.malformed("The body is empty; it takes a JSON object");
        }
        requireJson(request);
        return parse(request.body(), read);
    }

    private static <T> T parse(byte[] body, Function<JsonParser, T> read) {
        try (JsonParser parser = Json.mapper().createParser(text(body))) {
            T value = read.apply(parser);
            if (parser.nextToken() != null) {
                throw Problem.malformed("Unexpected content after the JSON object" + place(parser));
            }
            return value;
        } catch (PayloadException e) {
            throw Problem.malformed("In the body, "
                    + (e.pointer().isEmpty() ? "" : "at " + Problem.cut(e.pointer()) + ", ") + e.getMessage());
        } catch (StreamConstraintsException e) {
            throw Problem.malformed(limit(String.valueOf(e.getOriginalMessage())));
        } catch (UnexpectedEndOfInputException e) {
            throw Problem.malformed("The body ends in the middle of its JSON" + place(e));
        } catch (StreamReadException e) {
            throw Problem.malformed(reason(String.valueOf(e.getOriginalMessage())) + place(e));
        } catch (JacksonException e) {
            throw Problem.malformed("The body is no JSON that can be read" + place(e));
        }
    }

    private static String limit(String message) {
        if (message.contains("depth")) {
            return "The body nests deeper than " + Json.DEEPEST + " levels";
        }
        if (message.contains("Number")) {
            return "The body has a number of more than " + Json.LONGEST_NUMBER + " characters; send it as a string";
        }
        return "The body has a field's name of more than 50000 characters, or names made to collide";
    }

    private static String reason(String message) {
        if (message.startsWith("Duplicate")) {
            return "The body has the same field twice in one object";
        }
        if (message.startsWith("Non-standard token")) {
            return "The body has NaN or Infinity, and JSON has no such numbers";
        }
        if (message.startsWith(Json.EXPONENT_TOO_LARGE)) {
            return "The body has a number whose exponent has more than 32 bits; send it as a string";
        }
        if (message.contains("CTRL-CHAR")) {
            return "The body has a control character that is not escaped";
        }
        return "The body is no well-formed JSON";
    }

    private static String place(JacksonException e) {
        return e.getLocation() == null
                ? ""
                : place(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    }

    private static String place(JsonParser parser) {
        return place(
                parser.currentTokenLocation().getLineNr(),
                parser.currentTokenLocation().getColumnNr());
    }

    private static String place(int line, int column) {
        return ", at line " + line + ", column " + column;
    }

    private static void requireSize(HttpRequest request) {
        if (request.bodyInEvent() > BodyInEvent.LARGEST) {
            throw Problem.tooLarge(
                    "The body of " + request.body().length + " bytes",
                    "in Lambda's event",
                    request.bodyInEvent(),
                    BodyInEvent.LARGEST,
                    "upload the payload (POST /v1/uploads) and send its payloadRef");
        }
    }

    private static void requireJson(HttpRequest request) {
        String coding = request.header("content-encoding").orElse("identity").strip();
        if (!coding.equalsIgnoreCase("identity")) {
            throw Problem.unsupportedContentCoding();
        }
        String type = request.header("content-type").orElse("");
        String[] parts = type.toLowerCase(Locale.ROOT).split(";", -1);
        String essence = parts[0].strip();
        if (!essence.equals("application/json") && !(essence.startsWith("application/") && essence.endsWith("+json"))) {
            throw Problem.unsupportedMediaType(
                    type.isEmpty()
                            ? "The body has no Content-Type; send 'Content-Type: application/json'"
                            : "The body is not said to be JSON; send 'Content-Type: application/json'");
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().replace("\"", "");
            if (parameter.startsWith("charset=")
                    && !parameter.equals("charset=utf-8")
                    && !parameter.equals("charset=utf8")) {
                throw Problem.unsupportedMediaType(
                        "JSON is sent in UTF-8 (RFC 8259, section 8.1), and not in another charset");
            }
        }
    }

    private static String text(byte[] body) {
        ByteBuffer bytes = ByteBuffer.wrap(body);
        CharBuffer characters = CharBuffer.allocate(body.length);
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(bytes, characters, true);
        if (result.isError()) {
            throw Problem.malformed(
                    "The body is no UTF-8 text: its byte " + bytes.position() + " does not belong there");
        }
        return characters.flip().toString();
    }
}

package dev.longshore.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON of arguments and of output. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .changeDefaultPropertyInclusion(usual -> usual.withValueInclusion(JsonInclude.Include.NON_NULL))
            // numbers are sent as they were written
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** On one line; fields that are null are left out, as the API does. */
    static String line(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** On as many lines as it takes. */
    static String indented(JsonNode value) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    }

    static JsonNode emptyObject() {
        return MAPPER.createObjectNode();
    }

    static JsonNode read(String text, String what) {
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node.isMissingNode()) {
                throw CommandFailure.usage(what + " is empty; it is JSON, such as '{\"to\": \"ann@example.com\"}'");
            }
            return node;
        } catch (JacksonException e) { // its own message quotes the text
            throw CommandFailure.usage(what + " is no JSON, at line "
                    + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr() + "; a shell needs quotes: '{\"to\": \"ann@example.com\"}'");
        }
    }

    /** Of an argument: JSON itself, {@code @file}, or {@code -} for standard input. */
    static JsonNode argument(String argument, Shell shell) throws IOException {
        if (argument.equals("-")) {
            return read(new String(shell.in().readAllBytes(), StandardCharsets.UTF_8), "Standard input");
        }
        if (argument.startsWith("@")) {
            Path file = Path.of(argument.substring(1));
            if (!Files.isReadable(file)) {
                throw CommandFailure.usage("The payload's file " + file + " is not there, or cannot be read");
            }
            return read(Files.readString(file), "File " + file);
        }
        return read(argument, "The payload");
    }
}

package dev.longshore.local;

import dev.longshore.job.Sha256;
import dev.longshore.task.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A folder with all that code of an earlier commit has left: the rows of its table in DynamoDB's JSON, the messages of its
 * queues, its files, and what its API answered about them. {@link EarlierDataWriter} says how it is made.
 */
record EarlierData(Path folder) {
    private static final int LONGEST_TEXT = 200;

    /** What the commit before issue 15 has left. */
    static final EarlierData OF_8923120 = new EarlierData(Path.of("src/test/resources/data-of-8923120"));

    /** A message that waits. */
    record Waiting(String pool, boolean deadLetter, String body) {}

    /**
     * What clients and operators have kept.
     *
     * @param at the time at which all else was read
     * @param jobs the id of each job by what it is an example of
     * @param keys API keys by name
     * @param cursor of {@code GET /v1/jobs?limit=2}
     */
    record Fixture(Instant at, Map<String, String> jobs, Map<String, String> keys, String cursor) {}

    // ---- the table

    void writeTable(DynamoDbClient dynamoDb, String table) throws IOException {
        List<String> rows = dynamoDb.scanPaginator(scan -> scan.tableName(table)).items().stream()
                .map(row -> Json.of(toJson(AttributeValue.fromM(row)).get("M")).text())
                .sorted()
                .toList();
        Files.write(folder.resolve("table.jsonl"), rows);
    }

    void loadTable(DynamoDbClient dynamoDb, String table) throws IOException {
        for (String row : Files.readAllLines(folder.resolve("table.jsonl"))) {
            dynamoDb.putItem(
                    put -> put.tableName(table).item(attributes(Json.mapper().readTree(row))));
        }
    }

    private static Map<String, Object> toJson(AttributeValue value) {
        Object content = switch (value.type()) {
            case S -> value.s();
            case N -> value.n();
            case B -> Base64.getEncoder().encodeToString(value.b().asByteArray());
            case BOOL -> value.bool();
            case SS -> value.ss();
            case L -> value.l().stream().map(EarlierData::toJson).toList();
            case M -> {
                SortedMap<String, Object> entries = new TreeMap<>();
                value.m().forEach((name, entry) -> entries.put(name, toJson(entry)));
                yield entries;
            }
            default -> throw new IllegalStateException("No row has a value of type " + value.type());
        };
        return Map.of(value.type().name(), content);
    }

    private static AttributeValue value(JsonNode typed) {
        Map.Entry<String, JsonNode> only = typed.properties().iterator().next();
        JsonNode content = only.getValue();
        return switch (only.getKey()) {
            case "S" -> AttributeValue.fromS(content.asString());
            case "N" -> AttributeValue.fromN(content.asString());
            case "B" ->
                AttributeValue.fromB(SdkBytes.fromByteArray(Base64.getDecoder().decode(content.asString())));
            case "BOOL" -> AttributeValue.fromBool(content.asBoolean());
            case "SS" ->
                AttributeValue.fromSs(
                        content.valueStream().map(JsonNode::asString).toList());
            case "L" ->
                AttributeValue.fromL(
                        content.valueStream().map(EarlierData::value).toList());
            case "M" -> AttributeValue.fromM(attributes(content));
            default -> throw new IllegalStateException("No row has a value of type " + only.getKey());
        };
    }

    private static Map<String, AttributeValue> attributes(JsonNode entries) {
        return entries.properties().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> value(entry.getValue())));
    }

    // ---- messages and files

    void writeMessages(List<Waiting> messages) throws IOException {
        Files.write(
                folder.resolve("messages.jsonl"),
                messages.stream().map(message -> Json.of(message).text()).toList());
    }

    List<Waiting> messages() throws IOException {
        List<Waiting> messages = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("messages.jsonl"))) {
            messages.add(Json.parse(line).as(Waiting.class));
        }
        return messages;
    }

    Path files() {
        return folder.resolve("files");
    }

    void copyFilesTo(Path target) throws IOException {
        try (Stream<Path> all = Files.walk(files())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path copy = target.resolve(files().relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    // ---- what was fixture and answered

    void writeFixture(Fixture fixture) throws IOException {
        Files.writeString(
                folder.resolve("fixture.json"),
                Json.of(fixture).tree().toPrettyString() + "\n",
                StandardCharsets.UTF_8);
    }

    Fixture fixture() throws IOException {
        return Json.parse(Files.readString(folder.resolve("fixture.json"))).as(Fixture.class);
    }

    void writeAnswers(Map<String, JsonNode> answers) throws IOException {
        ObjectNode readable = Json.mapper().createObjectNode();
        answers.forEach((what, answer) -> readable.set(what, shortened(answer)));
        Files.writeString(folder.resolve("answers.json"), readable.toPrettyString() + "\n", StandardCharsets.UTF_8);
    }

    /** What the API answered, by path. */
    Map<String, JsonNode> answers() throws IOException {
        Map<String, JsonNode> answers = new LinkedHashMap<>();
        Json.mapper()
                .readTree(Files.readString(folder.resolve("answers.json")))
                .properties()
                .forEach(answer -> answers.put(answer.getKey(), answer.getValue()));
        return answers;
    }

    /**
     * The part of an answer that an earlier answer has too: later code may add fields, and must not take one away. Long texts
     * are shortened, as they are in {@link #answers}.
     */
    static JsonNode partIn(JsonNode earlier, JsonNode answer) {
        if (earlier instanceof ObjectNode fields && answer instanceof ObjectNode all) {
            ObjectNode part = Json.mapper().createObjectNode();
            fields.properties().stream()
                    .filter(field -> all.has(field.getKey()))
                    .forEach(field -> part.set(field.getKey(), partIn(field.getValue(), all.get(field.getKey()))));
            return part;
        }
        if (earlier instanceof ArrayNode some && answer instanceof ArrayNode all && some.size() == all.size()) {
            ArrayNode part = Json.mapper().createArrayNode();
            for (int i = 0; i < some.size(); i++) {
                part.add(partIn(some.get(i), all.get(i)));
            }
            return part;
        }
        return shortened(answer);
    }

    private static JsonNode shortened(JsonNode answer) {
        return switch (answer) {
            case ObjectNode fields -> {
                ObjectNode shorter = Json.mapper().createObjectNode();
                fields.properties().forEach(field -> shorter.set(field.getKey(), shortened(field.getValue())));
                yield shorter;
            }
            case ArrayNode entries -> {
                ArrayNode shorter = Json.mapper().createArrayNode();
                entries.forEach(entry -> shorter.add(shortened(entry)));
                yield shorter;
            }
            case JsonNode leaf
            when leaf.isString() && leaf.asString().length() > LONGEST_TEXT ->
                Json.mapper()
                        .valueToTree(
                                leaf.asString().length() + " characters of SHA-256 " + Sha256.hex(leaf.asString()));
            default -> answer;
        };
    }

    // ---- the folder

    /** Empties the folder, and makes it where it is not there. */
    void clear() throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(files());
    }
}

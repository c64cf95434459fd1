package dev.longshore.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.client.Longshore;
import dev.longshore.client.LongshoreBuilder;
import dev.longshore.client.LongshoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The table of all clients, run by the Java client. */
@Execution(ExecutionMode.SAME_THREAD)
class JavaClientTest {
    /** What the Java client's types do not let a caller write: a filter of dead jobs always has a field. */
    private static final Set<String> NOT_WRITABLE = Set.of("a bulk retry without a filter is refused");

    private static final Pattern LONG_TEXT = Pattern.compile("\\{(text|quotes):(\\d+)}");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    private static FaultyRuntime faulty;

    @BeforeAll
    static void start() {
        faulty = FaultyRuntime.start(folder.resolve("data"));
    }

    @AfterAll
    static void stop() {
        faulty.close();
    }

    @TestFactory
    Stream<DynamicTest> theBehaviourOfAllClients() throws IOException {
        JsonNode rows =
                JSON.readTree(Files.readString(Path.of("../behaviour.json"))).get("rows");
        assertThat(rows.valueStream().map(row -> row.get("name").asString()))
                .hasSizeGreaterThan(50)
                .containsAll(NOT_WRITABLE);
        return rows.valueStream()
                .filter(row -> !NOT_WRITABLE.contains(row.get("name").asString()))
                .map(row -> DynamicTest.dynamicTest(row.get("name").asString(), () -> run(row)));
    }

    private static void run(JsonNode row) throws IOException, InterruptedException {
        ObjectNode plan = JSON.createObjectNode();
        for (String field : List.of("faults", "given", "until")) {
            row.optional(field)
                    .ifPresent(value ->
                            plan.set(field, field.equals("given") ? filled(value, JSON.createObjectNode()) : value));
        }
        JsonNode started = control("", plan);
        try (Longshore longshore = client(row, started)) {
            for (JsonNode earlier : row.path("before")) {
                call(longshore, earlier, started);
            }
            long start = System.nanoTime();
            JsonNode result = null;
            LongshoreException failure = null;
            try {
                result = call(longshore, row.get("call"), started);
            } catch (LongshoreException e) {
                failure = e;
            }
            long millis = (System.nanoTime() - start) / 1_000_000;

            JsonNode expected = filled(row.get("expect"), started);
            checkOutcome(result, failure, expected);
            checkRequests(control("/" + started.get("id").asString(), null), expected);
            assertThat(millis)
                    .isBetween(
                            expected.path("atLeastMillis").asLong(0),
                            expected.path("atMostMillis").asLong(Long.MAX_VALUE));
        }
    }

    private static Longshore client(JsonNode row, JsonNode started) {
        JsonNode settings = row.path("client");
        LongshoreBuilder builder = Longshore.builder()
                .url(started.get(row.has("unreachable") ? "unreachable" : "url").asString())
                .key(settings.path("key").asString(faulty.key()));
        settings.optional("maxTries").ifPresent(tries -> builder.maxTries(tries.asInt()));
        settings.optional("tryTimeoutMillis").ifPresent(time -> builder.tryTimeout(Duration.ofMillis(time.asLong())));
        settings.optional("totalTimeoutMillis")
                .ifPresent(time -> builder.totalTimeout(Duration.ofMillis(time.asLong())));
        return builder.build();
    }

    private static JsonNode call(Longshore longshore, JsonNode call, JsonNode started) {
        return JavaCalls.make(
                longshore,
                call.get("method").asString(),
                filled(call.get("args"), started),
                call.at("/options/traceparent").asString(""));
    }

    private static void checkOutcome(JsonNode result, LongshoreException failure, JsonNode expected) {
        if (!expected.has("error")) {
            if (failure != null) {
                throw failure;
            }
        } else {
            assertThat(failure).as("failure, in place of %s", result).isNotNull();
            ObjectNode fields = (ObjectNode) expected.get("error").deepCopy();
            fields.path("with").forEach(part -> assertThat(failure).hasMessageContaining(part.asString()));
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            fields.path("without")
                    .forEach(part -> assertThat(trace + JavaCalls.shown(failure).toString())
                            .doesNotContain(part.asString()));
            fields.remove(List.of("with", "without"));
            has(JSON.valueToTree(JavaCalls.shown(failure)), fields, "error");
        }
        if (expected.has("result")) {
            has(result, expected.get("result"), "result");
        }
        if (expected.has("results")) {
            long errors = result.valueStream()
                    .filter(one -> one.has("error") && !one.get("error").isNull() && !one.has("task"))
                    .count();
            assertThat(errors).as("errors").isEqualTo(expected.path("errors").asLong(0));
            assertThat(result.size() - errors)
                    .as("results")
                    .isEqualTo(expected.get("results").asLong());
        }
    }

    /** Every expected field is there; an array has as many elements. */
    private static void has(JsonNode actual, JsonNode expected, String place) {
        if (expected.isObject()) {
            expected.properties()
                    .forEach(field -> has(actual.path(field.getKey()), field.getValue(), place + "." + field.getKey()));
        } else if (expected.isArray()) {
            assertThat(actual.size()).as(place).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                has(actual.get(i), expected.get(i), place + "[" + i + "]");
            }
        } else {
            assertThat(actual).as(place).isEqualTo(expected);
        }
    }

    private static void checkRequests(JsonNode record, JsonNode expected) {
        List<JsonNode> requests = record.get("requests").valueStream().toList();
        List<String> names = requests.stream()
                .map(one -> one.get("method").asString() + " " + one.get("path").asString())
                .toList();
        if (expected.path("requests").isNumber()) {
            assertThat(names).hasSize(expected.get("requests").asInt());
        } else if (expected.has("requests")) {
            assertThat(names).containsExactlyElementsOf(texts(expected.get("requests")));
        }
        if (expected.has("batches")) {
            assertThat(requests.stream().map(one -> one.get("jobs").asInt()).filter(jobs -> jobs > 0))
                    .containsExactlyElementsOf(expected.get("batches")
                            .valueStream()
                            .map(JsonNode::asInt)
                            .toList());
        }
        List<String> keys = new ArrayList<>();
        requests.forEach(one -> keys.add(
                one.path("idempotency").isString() ? one.get("idempotency").asString() : "none"));
        switch (expected.path("idempotency").asString("")) {
            case "same" -> assertThat(new HashSet<>(keys)).hasSize(1).doesNotContain("none");
            case "different" -> assertThat(keys).doesNotHaveDuplicates().doesNotContain("none");
            case "none" -> assertThat(keys).containsOnly("none");
            default ->
                assertThat(expected.has("idempotency")).as("another word").isFalse();
        }
        expected.path("headers")
                .properties()
                .forEach(header -> assertThat(requests)
                        .allSatisfy(one -> assertThat(
                                        one.get("headers").path(header.getKey()).asString(""))
                                .matches(header.getValue().asString())));
        assertThat(record.get("faultsLeft").asInt())
                .as("faults left")
                .isEqualTo(expected.path("faultsLeft").asInt(0));
        if (expected.has("jobs")) {
            assertThat(record.get("jobs").asInt())
                    .as("jobs that exist")
                    .isEqualTo(expected.get("jobs").asInt());
        }
    }

    /** Puts the run's names into a value of the table, and long texts in place of their lengths. */
    private static JsonNode filled(JsonNode value, JsonNode names) {
        if (value.isString()) {
            String text = value.asString();
            Matcher length = LONG_TEXT.matcher(text);
            if (length.matches()) {
                text = (length.group(1).equals("text") ? "x" : "\"").repeat(Integer.parseInt(length.group(2)));
            }
            for (String name : List.of("tag", "job")) {
                text = names.has(name)
                        ? text.replace("{" + name + "}", names.get(name).asString())
                        : text;
            }
            return JsonNodeFactory.instance.stringNode(text);
        }
        if (value.isArray()) {
            ArrayNode array = JSON.createArrayNode();
            value.forEach(element -> array.add(filled(element, names)));
            return array;
        }
        if (!value.isObject()) {
            return value;
        }
        if (value.has("times") && value.has("job")) {
            ArrayNode array = JSON.createArrayNode();
            JsonNode job = filled(value.get("job"), names);
            for (int i = 0; i < value.get("times").asInt(); i++) {
                array.add(job);
            }
            return array;
        }
        ObjectNode object = JSON.createObjectNode();
        value.properties().forEach(field -> object.set(field.getKey(), filled(field.getValue(), names)));
        return object;
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    private static JsonNode control(String path, JsonNode body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(faulty.url() + "/_runs" + path));
        if (body != null) {
            request.POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        }
        HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return JSON.readTree(answer.body());
    }
}

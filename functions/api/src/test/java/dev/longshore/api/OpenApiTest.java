package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.deadletter.Quarantine.Quarantined;
import dev.longshore.task.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The contract at {@code /openapi.json} and the page {@code docs/api.md} say what the API does. */
class OpenApiTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "api.md");
    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "longshore", "api");

    private static final String TIME = "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$";

    private final ApiStage stage = new ApiStage();
    private final JsonNode contract =
            stage.send("GET", "/openapi.json", Map.of(), new byte[0]).json();

    @Test
    void everyCallIsInTheContractAndNoOther() {
        Set<String> documented = new TreeSet<>();
        contract.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> documented.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));

        assertThat(documented).isEqualTo(new TreeSet<>(stage.function.calls()));
    }

    @Test
    void everyCallTakesTheQueryParametersOfTheContractAndNoOthers() {
        stage.function.queryParameters().forEach((call, taken) -> {
            String[] sides = call.split(" ", 2);
            Set<String> documented = contract.get("paths")
                    .get(sides[1])
                    .get(sides[0].toLowerCase(Locale.ROOT))
                    .path("parameters")
                    .valueStream()
                    .filter(parameter -> parameter.get("in").asString().equals("query"))
                    .map(parameter -> parameter.get("name").asString())
                    .collect(Collectors.toSet());

            assertThat(taken).as(call).isEqualTo(documented);
        });
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        Matcher references = Pattern.compile("\"\\$ref\":\"#([^\"]+)\"").matcher(contract.toString());

        List<String> dangling = references
                .results()
                .map(match -> match.group(1))
                .filter(pointer -> contract.at(pointer).isMissingNode())
                .toList();

        assertThat(dangling).isEmpty();
    }

    @Test
    void everyAnswerIsAsTheContractSays() {
        stage.memory.clock().advance(Duration.ofNanos(123_456)); // as real clocks have it
        stage.post(
                "/v1/jobs",
                "{\"task\":\"echo\",\"tags\":[\"t\"],\"meta\":{\"a\":\"b\"},\"fairKey\":\"f\",\"delaySeconds\":5,"
                        + "\"expiresAt\":\"2027-01-01T00:00:00Z\"}",
                Map.of("idempotency-key", "k"));
        String id = stage.enqueue("{\"a\":1}").text("id");
        check("post", "/v1/jobs", stage.enqueue("1"));
        check("post", "/v1/jobs", stage.post("/v1/jobs", "{\"task\":\"ecko\"}"));
        check("post", "/v1/jobs", stage.post("/v1/jobs", "{"));
        check(
                "post",
                "/v1/jobs",
                stage.post("/v1/jobs", "{\"delaySeconds\":-1}", Map.of("idempotency-key", "a\u0001")));
        check(
                "post",
                "/v1/jobs/batch",
                stage.post("/v1/jobs/batch", "{\"jobs\":[{\"task\":\"echo\"},{\"task\":\"no\"}]}"));
        check("get", "/v1/jobs", stage.get("/v1/jobs?limit=2"));
        check("get", "/v1/jobs", stage.get("/v1/jobs?limit=x"));
        check("get", "/v1/jobs/{id}", stage.get("/v1/jobs/" + id));
        check("get", "/v1/jobs/{id}", stage.get("/v1/jobs/7"));
        check("get", "/v1/jobs/{id}/payload", stage.get("/v1/jobs/" + id + "/payload"));
        check("post", "/v1/jobs/{id}/retry", stage.post("/v1/jobs/" + id + "/retry", ""));
        check("post", "/v1/jobs/{id}/cancel", stage.post("/v1/jobs/" + id + "/cancel", ""));
        check("post", "/v1/tasks/{task}/pause", stage.post("/v1/tasks/echo/pause", ""));
        check("post", "/v1/tasks/{task}/pause", stage.post("/v1/tasks/ecko/pause", ""));
        check("post", "/v1/queues/{pool}/pause", stage.post("/v1/queues/heavy/pause", ""));
        check("get", "/v1/tasks", stage.get("/v1/tasks"));
        check("get", "/v1/queues", stage.get("/v1/queues"));
        stage.faults.refuse("depth", 1);
        check("get", "/v1/queues", stage.get("/v1/queues"));
        check("post", "/v1/tasks/{task}/resume", stage.post("/v1/tasks/echo/resume", ""));
        check("post", "/v1/queues/{pool}/resume", stage.post("/v1/queues/heavy/resume", ""));
        check("post", "/v1/queues/{pool}/resume", stage.post("/v1/queues/heavy/resume", "{"));
        String later = stage.post("/v1/jobs", "{\"task\":\"echo\",\"delaySeconds\":60}")
                .text("id");
        check("post", "/v1/jobs/{id}/run-now", stage.post("/v1/jobs/" + later + "/run-now", ""));
        check("post", "/v1/jobs/{id}/rerun", stage.post("/v1/jobs/" + later + "/rerun", ""));
        stage.post("/v1/jobs/" + later + "/cancel", "");
        check("post", "/v1/jobs/{id}/run-now", stage.post("/v1/jobs/" + later + "/run-now", ""));
        check("post", "/v1/jobs/{id}/rerun", stage.post("/v1/jobs/" + later + "/rerun", "{\"payload\":1}"));
        check("post", "/v1/jobs/{id}/rerun", stage.post("/v1/jobs/" + later + "/rerun", "{\"paylod\":1}"));
        String schedules = "/v1/schedules/{name}";
        check("put", schedules, put("s", "{\"task\":\"echo\",\"cron\":\"@daily\",\"tags\":[\"t\"],\"maxAttempts\":2}"));
        check("put", schedules, put("s", "{\"task\":\"echo\",\"cron\":\"@daily\",\"fairKey\":\"f\"}"));
        check("put", schedules, put("s", "{\"task\":\"echo\",\"cron\":\"@often\"}"));
        check("put", schedules, put("t", "{\"task\":\"echo\",\"every\":\"PT90M\"}"));
        check("post", schedules + "/run", stage.post("/v1/schedules/s/run", ""));
        check("post", schedules + "/pause", stage.post("/v1/schedules/s/pause", ""));
        check("post", schedules + "/resume", stage.post("/v1/schedules/s/resume", ""));
        check("get", schedules, stage.get("/v1/schedules/s"));
        check("get", schedules, stage.get("/v1/schedules/no"));
        check("get", "/v1/schedules", stage.get("/v1/schedules"));
        check("get", "/v1/schedules", stage.get("/v1/schedules?limit=x"));
        check("delete", schedules, stage.delete("/v1/schedules/s"));
        String dead = stage.dead("echo", "no route").text();
        stage.memory.clock().advance(Duration.ofSeconds(2));
        check("get", "/v1/dead-letters", stage.get("/v1/dead-letters"));
        check("get", "/v1/dead-letters", stage.get("/v1/dead-letters?limit=x"));
        check("get", "/v1/jobs/{id}", stage.get("/v1/jobs/" + dead));
        check("post", "/v1/jobs/{id}/retry", stage.post("/v1/jobs/" + dead + "/retry", "{\"payload\":1}"));
        check("post", "/v1/jobs/retry", stage.post("/v1/jobs/retry", "{\"all\":true,\"canary\":true}"));
        check("post", "/v1/jobs/retry", stage.post("/v1/jobs/retry", "{}"));
        check("post", "/v1/jobs/retry", stage.post("/v1/jobs/retry", "{\"all\":true,\"dryRun\":true}"));
        check("post", "/v1/jobs/purge", stage.post("/v1/jobs/purge", "{\"tag\":\"t\"}"));
        check("post", "/v1/jobs/purge", stage.post("/v1/jobs/purge", "{\"tag\":\"t\",\"dryRun\":true}"));
        check("get", "/v1/jobs", stage.get("/v1/jobs?task=ecko"));
        check("get", "/v1/dead-letters", stage.get("/v1/dead-letters?task=ecko"));
        Instant now = stage.memory.clock().instant();
        stage.memory.quarantine().keep(new Quarantined("m-1", "heavy", "x", now, now.plusSeconds(60)));
        check("get", "/v1/quarantine", stage.get("/v1/quarantine"));
        check("get", "/v1/quarantine/{id}", stage.get("/v1/quarantine/m-1"));
        check("delete", "/v1/quarantine/{id}", stage.delete("/v1/quarantine/m-1"));
        check("delete", "/v1/quarantine/{id}", stage.delete("/v1/quarantine/m-1"));
        check("get", "/v1/operator-log", stage.get("/v1/operator-log?limit=3"));
        check("get", "/v1/tasks", stage.get("/v1/tasks"));
        check("get", "/v1/tasks", stage.send("GET", "/v1/tasks", Map.of(), new byte[0]));
        check("get", "/v1/queues", stage.get("/v1/queues"));
        check("get", "/v1/ledger", stage.get("/v1/ledger"));
        check("get", "/v1/ledger", stage.get("/v1/ledger?from=x"));
        check("post", "/v1/ledger/audit", stage.post("/v1/ledger/audit", ""));
        check("get", "/v1/stats", stage.get("/v1/stats"));
        check("get", "/v1/stats", stage.get("/v1/stats?of=x"));
        check("get", "/v1/stats", stage.get("/v1/stats?task=ecko"));
        Answer key = stage.post(
                "/v1/keys",
                "{\"name\":\"k\",\"scopes\":[\"read\"],\"tasks\":[\"echo\"],\"expiresAt\":\"2027-01-01T00:00:00Z\"}");
        String keys = "/v1/keys/" + key.text("id");
        check("post", "/v1/keys", key);
        check("post", "/v1/keys", stage.post("/v1/keys", "{\"name\":\"k\",\"scopes\":[\"reed\"]}"));
        check("post", "/v1/keys/{id}/rotate", stage.post(keys + "/rotate", "{\"overlapSeconds\":60}"));
        check("post", "/v1/keys/{id}/rotate", stage.post("/v1/keys/no/rotate", ""));
        check("get", "/v1/keys", stage.get("/v1/keys?limit=1"));
        check("get", "/v1/keys", stage.get("/v1/keys"));
        check("get", "/v1/keys/{id}", stage.get(keys));
        check("get", "/v1/keys/{id}", stage.get("/v1/keys/no"));
        check("delete", "/v1/keys/{id}", stage.delete("/v1/keys/all"));
        check("delete", "/v1/keys/{id}", stage.delete("/v1/keys/no"));
        check("delete", "/v1/keys/{id}", stage.delete(keys));
        check("get", "/v1/health", stage.get("/v1/health"));
    }

    @Test
    void payloadOfATaskIsAJsonSchemaByWhichAClientFindsWhatTheApiRefuses() {
        JsonNode schema = stage.get("/v1/tasks").json().get("tasks").get(1).get("payload");
        SchemaRegistry clients = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        SchemaLocation ofSchemas = SchemaLocation.of(schema.get("$schema").asString());

        assertThat(clients.getSchema(ofSchemas).validate(schema)).isEmpty();
        Map.of(
                        "{\"file\":\"a\",\"width\":1}", 202,
                        "{\"file\":\"a\",\"width\":1.0}", 202,
                        "{\"file\":\"a\",\"width\":1.5}", 422,
                        "{\"file\":\"a\",\"width\":2147483648}", 422,
                        "{\"file\":null,\"width\":1}", 422,
                        "{\"file\":\"a\",\"widht\":1}", 422,
                        "{\"width\":1}", 422,
                        "[]", 422)
                .forEach((payload, status) -> {
                    assertThat(clients.getSchema(schema)
                                    .validate(Json.parse(payload).tree())
                                    .isEmpty())
                            .as(payload)
                            .isEqualTo(status == 202);
                    assertThat(stage.post("/v1/jobs", "{\"task\":\"process-image\",\"payload\":" + payload + "}")
                                    .status())
                            .as(payload)
                            .isEqualTo(status);
                });
    }

    @Test
    void everyProblemIsInTheTableOfThePage() throws IOException {
        Set<String> inCode = Pattern.compile("(?:new Problem\\(|\\d{3},)\\s*(?:\\d{3},\\s*)?\"([a-z-]+)\"")
                .matcher(Files.readString(SOURCES.resolve("Problem.java")))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> onPage = Pattern.compile("^\\| `([a-z-]+)` \\|", Pattern.MULTILINE)
                .matcher(Files.readString(PAGE).split("\n# Problems", -1)[1])
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(inCode).hasSizeGreaterThan(10);
        assertThat(onPage).isEqualTo(inCode);
    }

    @Test
    void everyCallIsOnThePage() throws IOException {
        String page = Files.readString(PAGE);

        assertThat(stage.function.calls())
                .filteredOn(call -> call.contains("/v1/"))
                .allSatisfy(call -> assertThat(page).contains("## `" + call + "`"));
    }

    private Answer put(String name, String body) {
        return stage.put("/v1/schedules/" + name, body);
    }

    private void check(String method, String path, Answer answer) {
        JsonNode responses = contract.get("paths").get(path).get(method).get("responses");
        JsonNode response = resolved(responses.path(Integer.toString(answer.status())));
        assertThat(response.isMissingNode())
                .as("%s %s may be answered %d", method, path, answer.status())
                .isFalse();
        if (answer.status() == 204) {
            assertThat(answer.body()).isEmpty();
            assertThat(response.has("content")).isFalse();
            return;
        }
        JsonNode content = response.get("content").path(answer.header("Content-Type"));
        assertThat(content.isMissingNode()).as(answer.header("Content-Type")).isFalse();
        assertThat(strict((ObjectNode) content.get("schema")).validate(answer.json()))
                .as("%s %s: %s", method, path, answer.body())
                .isEmpty();
    }

    /** The contract's schema, and more: no field that it does not name, and a time has three digits of milliseconds. */
    private Schema strict(ObjectNode schema) {
        ObjectNode strict =
                schema.deepCopy().set("components", contract.get("components")); // where its references lead
        strict.findParents("properties").stream()
                .filter(parent -> !parent.has("additionalProperties"))
                .forEach(parent -> ((ObjectNode) parent).put("unevaluatedProperties", false));
        strict.findParents("format").stream()
                .filter(parent -> parent.get("format").asString().equals("date-time"))
                .forEach(parent -> ((ObjectNode) parent).put("pattern", TIME));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(strict);
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? contract.at(node.get("$ref").asString().substring(1)) : node;
    }
}

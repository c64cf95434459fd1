package dev.longshore.api;

import static dev.longshore.api.ApiStage.KEY;
import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.JobId;
import dev.longshore.job.Row;
import dev.longshore.job.Sha256;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.key.ApiKey.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who is let in, by which path, and in which form of event. */
class DoorTest {
    private static final String JOB = "{\"task\":\"echo\"}";

    private final ApiStage stage = new ApiStage();

    // ---- keys

    @Test
    void withoutAKeyItIs401AndSaysHowToSendOne() {
        Answer answer = problem(stage.send("GET", "/v1/jobs", Map.of(), new byte[0]), 401, "Authorization: Bearer");

        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"longshore\"");
    }

    @Test
    void aWrongKeyIs401WhateverIsWrongWithIt() {
        for (String key : List.of(
                "Bearer " + KEY + "x",
                "Bearer ls_nokey_" + "k".repeat(40),
                "Bearer ls_all_",
                "Bearer",
                "Basic " + KEY,
                KEY,
                "Bearer ls_all_\u0000",
                "Bearer " + "x".repeat(10_000))) {
            Answer answer = problem(as(key, "GET", "/v1/jobs"), 401, "malformed, unknown or revoked");
            assertThat(answer.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
            assertThat(answer.body()).doesNotContain("kkkk");
        }
    }

    /** An authorizer of API Gateway takes the header Authorization for its own token. */
    @Test
    void keyComesInAHeaderOfItsOwnBehindAnAuthorizer() {
        String token = "Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln";

        assertThat(sentWith(Map.of("authorization", token, "x-longshore-key", KEY)))
                .isEqualTo(200);
        assertThat(sentWith(Map.of("x-longshore-key", KEY))).isEqualTo(200);
        assertThat(sentWith(Map.of("authorization", "Bearer " + KEY, "x-longshore-key", KEY + "x")))
                .as("the header of its own decides")
                .isEqualTo(401);
        assertThat(sentWith(Map.of("authorization", token))).isEqualTo(401);
    }

    private int sentWith(Map<String, String> headers) {
        return stage.send("GET", "/v1/jobs", headers, new byte[0]).status();
    }

    @Test
    void aKeyWithoutTheScopeIs403AndTheScopeIsNamed() {
        Map<String, Set<Scope>> calls = Map.ofEntries(
                Map.entry("POST /v1/jobs", Set.of(Scope.ENQUEUE)),
                Map.entry("POST /v1/jobs/batch", Set.of(Scope.ENQUEUE)),
                Map.entry("GET /v1/jobs", Set.of(Scope.READ)),
                Map.entry("GET /v1/jobs/7", Set.of(Scope.READ)),
                Map.entry("GET /v1/jobs/7/payload", Set.of(Scope.READ)),
                Map.entry("GET /v1/tasks", Set.of(Scope.READ)),
                Map.entry("GET /v1/queues", Set.of(Scope.READ)),
                Map.entry("POST /v1/jobs/7/cancel", Set.of(Scope.OPERATE)),
                Map.entry("POST /v1/jobs/7/retry", Set.of(Scope.OPERATE)),
                Map.entry("POST /v1/jobs/retry", Set.of(Scope.OPERATE)),
                Map.entry("POST /v1/jobs/purge", Set.of(Scope.OPERATE)),
                Map.entry("GET /v1/dead-letters", Set.of(Scope.READ)),
                Map.entry("GET /v1/quarantine", Set.of(Scope.READ)),
                Map.entry("GET /v1/quarantine/7", Set.of(Scope.READ)),
                Map.entry("DELETE /v1/quarantine/7", Set.of(Scope.OPERATE)),
                Map.entry("GET /v1/operator-log", Set.of(Scope.READ)));
        calls.forEach((call, scopes) -> {
            String[] parts = call.split(" ", -1);
            Scope scope = scopes.iterator().next();
            String without = stage.key("without" + scope, EnumSet.complementOf(EnumSet.of(scope)));
            String with = stage.key("with" + scope, scopes);

            Answer refused = as("Bearer " + without, parts[0], parts[1]);

            problem(refused, 403, "'" + scope.name().toLowerCase(Locale.ROOT) + "'");
            assertThat(refused.header("WWW-Authenticate")).contains("insufficient_scope");
            assertThat(as("Bearer " + with, parts[0], parts[1]).status())
                    .as(call)
                    .isNotIn(401, 403, 500);
        });
        assertThat(stage.memory.rows().all()).isEmpty();
    }

    @Test
    void aRevokedKeyOpensNothingAfterAMinuteAtTheLatest() {
        String key = "Bearer " + stage.key("temp", EnumSet.allOf(Scope.class));
        assertThat(as(key, "GET", "/v1/jobs").status()).isEqualTo(200);
        stage.memory.keys().revoke("temp", stage.memory.clock().instant());

        stage.memory.clock().advance(Duration.ofSeconds(59));
        assertThat(as(key, "GET", "/v1/jobs").status()).isEqualTo(200);
        stage.memory.clock().advance(Duration.ofSeconds(1));
        problem(as(key, "GET", "/v1/jobs"), 401);
    }

    @Test
    void ofIdsThatAreGuessedAThousandAreRememberedAndNoClientIsShutOut() {
        CachedKeys cache = new CachedKeys(stage.memory.keys(), stage.memory.clock());
        Authenticator authenticator = new Authenticator(stage.memory.keys(), cache, stage.memory.clock());
        for (int guess = 0; guess < 5_000; guess++) {
            HttpRequest request = with("Bearer ls_guess" + guess + "_x");
            assertThatThrownBy(() -> authenticator.require(Scope.READ, request)).isInstanceOf(Problem.class);
        }

        assertThat(cache.size()).isLessThanOrEqualTo(1_000);
        assertThat(authenticator.require(Scope.READ, with("Bearer " + KEY)).id())
                .isEqualTo("all");
    }

    private static HttpRequest with(String authorization) {
        return new HttpRequest("GET", "/", Map::of, Map.of("authorization", authorization), new byte[0], 0, "r-1");
    }

    @Test
    void aRotatedKeyOpensAndTheOldSecretDoesNotAfterAMinuteAtTheLatest() {
        String before = "Bearer " + stage.key("rotated", EnumSet.allOf(Scope.class));
        assertThat(as(before, "GET", "/v1/jobs").status()).isEqualTo(200);
        stage.memory
                .keys()
                .putApiKey(ApiKeys.withAllScopes(
                        "ls_rotated_new", stage.memory.clock().instant()));

        stage.memory.clock().advance(CachedKeys.LIFETIME);

        assertThat(as("Bearer ls_rotated_new", "GET", "/v1/jobs").status()).isEqualTo(200);
        problem(as(before, "GET", "/v1/jobs"), 401);
    }

    @Test
    void aSecretIsKeptAsItsHashAndIsInNoText() {
        String secret = "k".repeat(40);

        ApiKey kept = stage.memory.keys().apiKey("all").orElseThrow();

        assertThat(kept.secretSha256()).isEqualTo(Sha256.hex(secret)).hasSize(64);
        assertThat(kept.toString()).doesNotContain(secret);
        assertThat(ApiKeys.parse(KEY).orElseThrow().toString()).isEqualTo("key all");
        assertThat(with(KEY).toString()).isEqualTo("request r-1");
    }

    @Test
    void aDrawnKeyHas256BitsOfChanceInItsSecret() {
        Set<String> secrets = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            secrets.add(ApiKeys.parse(ApiKeys.draw(stage.memory.random()))
                    .orElseThrow()
                    .secret());
        }

        assertThat(secrets).hasSize(100).allSatisfy(secret -> assertThat(secret).hasSize(43));
    }

    /** Not what its time is, but how it is written: a timed test would prove less. */
    @Test
    void secretsAndSignaturesAreComparedInConstantTime() throws IOException {
        Path sources = Path.of("src", "main", "java", "dev", "longshore", "api");
        Pattern compared = Pattern.compile("MessageDigest\\.isEqual\\(");

        for (String source : List.of("Authenticator.java", "Cursors.java")) {
            String text = Files.readString(sources.resolve(source));
            assertThat(compared.matcher(text).results()).as(source).hasSize(1);
            assertThat(text)
                    .as(source)
                    .doesNotContain("secret().equals", "secretSha256().equals", "Arrays.equals", "signature.equals");
        }
    }

    // ---- paths and methods

    @Test
    void anUnknownPathIs404WithTheNearestOne() {
        problem(stage.get("/v1/job"), 404, "did you mean '/v1/jobs'?", "/openapi.json");
        problem(stage.get("/v2"), 404);
        problem(stage.get("/v1/jobs/"), 404);
        problem(stage.get("//v1/jobs"), 404);
    }

    @Test
    void unknownQueryParameterIs400AtEveryCallAndAPageTakesAny() {
        for (String call : stage.function.calls()) {
            String[] sides = call.split(" ", 2);
            String path = sides[1].replaceAll("\\{[^}]*}", "x") + "?nonsense=1";
            Answer answer = stage.send(sides[0], path, Map.of("authorization", "Bearer " + ApiStage.KEY), new byte[0]);
            if (stage.function.queryParameters().containsKey(call)) {
                assertThat(problem(answer, 400, "'nonsense' is unknown").text("parameter"))
                        .as(call)
                        .isEqualTo("nonsense");
            } else {
                assertThat(answer.status()).as(call).isEqualTo(200);
            }
        }
        problem(stage.get("/v1/jobs?statee=DEAD"), 400, "did you mean 'state'?", "Possible: task, state");
        problem(stage.get("/v1/tasks?limit=1"), 400, "this call takes none");
    }

    @Test
    void anotherMethodIs405AndTheRightOnesAreNamed() {
        for (String method : List.of("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW")) {
            Answer answer = problem(as("Bearer " + KEY, method, "/v1/jobs"), 405, method, "GET, HEAD, POST");
            assertThat(answer.header("Allow")).isEqualTo("GET, HEAD, POST");
        }
        assertThat(problem(stage.get("/v1/jobs/batch"), 405).header("Allow")).isEqualTo("POST");
        assertThat(problem(stage.post("/v1/tasks", "{}"), 405).header("Allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void headIsGetWithoutItsBody() {
        Answer answer = as("Bearer " + KEY, "HEAD", "/v1/tasks");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void everyAnswerSaysThatItIsNotToBeKeptOrGuessedAbout() {
        for (Answer answer : List.of(stage.get("/v1/jobs"), stage.get("/nowhere"), stage.get("/"))) {
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("X-Request-Id")).isEqualTo("r-1");
        }
    }

    // ---- around the jobs

    @Test
    void tasksAreListedWithTheShapesOfTheirPayloads() {
        JsonNode tasks = stage.get("/v1/tasks").json().get("tasks");

        assertThat(tasks.valueStream().map(task -> task.get("name").asString()))
                .containsExactly("echo", "process-image", "report");
        assertThat(tasks.get(1).get("pool").asString()).isEqualTo("heavy");
        assertThat(tasks.get(1).get("payload").get("properties").has("width")).isTrue();
    }

    @Test
    void queuesAreListedWithTheirDepth() {
        stage.post("/v1/jobs", JOB);

        JsonNode queues = stage.get("/v1/queues").json().get("queues");

        assertThat(queues.valueStream().map(queue -> queue.get("pool").asString()))
                .containsExactly("default", "heavy");
        assertThat(queues.get(0).get("visible").asInt()).isEqualTo(1);
    }

    @Test
    void queueThatDoesNotAnswerKeepsNoOtherFromBeingShown() {
        stage.post("/v1/jobs", JOB);
        stage.faults.refuse("depth", 1);

        Answer answer = stage.get("/v1/queues");

        assertThat(answer.status()).isEqualTo(200);
        JsonNode queues = answer.json().get("queues");
        assertThat(queues.valueStream().map(queue -> queue.get("pool").asString()))
                .containsExactly("default", "heavy");
        assertThat(queues.valueStream().filter(queue -> queue.has("depthUnknown")))
                .singleElement()
                .satisfies(queue -> {
                    assertThat(queue.get("depthUnknown").asBoolean()).isTrue();
                    assertThat(queue.has("visible")).isFalse();
                });
        assertThat(queues.valueStream().filter(queue -> queue.has("visible"))).hasSize(1);
    }

    @Test
    void healthNeedsNoKeyAndAsksTheTableOnceInFiveSeconds() {
        for (int i = 0; i < 10; i++) {
            assertThat(stage.send("GET", "/v1/health", Map.of(), new byte[0]).status())
                    .isEqualTo(200);
        }
        assertThat(stage.faults.calls()).containsExactly("find");

        stage.memory.clock().advance(Duration.ofSeconds(5));
        stage.faults.refuse("find", 1);
        problem(stage.send("GET", "/v1/health", Map.of(), new byte[0]), 503, "The DynamoDB call failed");
    }

    @Test
    void theDashboardIsServedWithAPolicyThatLetsNothingElseIn() {
        for (String path : List.of("/", "/dashboard.js", "/dashboard.css")) {
            Answer answer = stage.send("GET", path, Map.of(), new byte[0]);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Security-Policy")).startsWith("default-src 'none'");
        }
    }

    @Test
    void aMistakeOfOursIs500WithoutAWordOfWhatItWas() {
        stage.memory.rows().plant(new JobId("019cd7b3-2d7b-7abc-8def-0123456789ab"), new Row());

        Answer answer = problem(stage.get("/v1/jobs/019cd7b3-2d7b-7abc-8def-0123456789ab"), 500, "requestId");

        assertThat(answer.body()).doesNotContain("NullPointer", "state", "at dev.");
    }

    // ---- events of the other front doors

    @Test
    void aRestApisEventOfFormat1IsTheSameRequest() {
        Map<String, Object> event = Map.of(
                "version",
                "1.0",
                "httpMethod",
                "GET",
                "path",
                "/v1/jobs",
                "headers",
                Map.of("Authorization", "Bearer " + KEY),
                "multiValueQueryStringParameters",
                Map.of("limit", List.of("1")),
                "requestContext",
                Map.of("requestId", "r-1", "stage", "prod"));
        stage.post("/v1/jobs", JOB);
        stage.post("/v1/jobs", JOB);

        Answer answer = stage.invoke(JsonMapper.shared().writeValueAsBytes(event));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("jobs")).hasSize(1);
        assertThat(answer.text("cursor")).isNotEmpty();
    }

    @Test
    void aBodyThatIsNotInBase64IsReadAsItIs() {
        String event = """
                {"version": "2.0", "rawPath": "/prod/v1/jobs", "rawQueryString": "",
                 "headers": {"authorization": "Bearer %s", "content-type": "application/json"},
                 "requestContext": {"stage": "prod", "requestId": "r-1", "http": {"method": "POST"}},
                 "body": "{\\"task\\":\\"echo\\",\\"payload\\":\\"\u00e9\\"}", "isBase64Encoded": false}""".formatted(KEY);

        Answer answer = stage.invoke(event.getBytes(StandardCharsets.UTF_8));

        assertThat(answer.status()).as("the stage is no part of the path").isEqualTo(202);
        assertThat(answer.text("payload")).isEqualTo("\u00e9");
    }

    private Answer as(String authorization, String method, String path) {
        return stage.send(
                method,
                path,
                Map.of("authorization", authorization, "content-type", "application/json"),
                "{}".getBytes(StandardCharsets.UTF_8));
    }
}

package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.Sha256;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.key.ApiKey.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Keys that the API makes, rotates and revokes, and who may. */
class KeysTest {
    private final ApiStage stage = new ApiStage();

    // ---- create

    @Test
    void aKeyIsShownOnceAndKeptAsTheHashOfItsSecret() {
        Answer created = create("{\"name\":\"importer\",\"scopes\":[\"read\",\"enqueue\"]}");

        String id = created.text("id");
        String key = created.text("key");
        assertThat(key).matches("ls_" + id + "_[A-Za-z0-9_-]{43}");
        assertThat(created.header("Location")).isEqualTo("/v1/keys/" + id);
        assertThat(created.json().get("scopes").toString()).isEqualTo("[\"enqueue\",\"read\"]");
        assertThat(created.text("createdBy")).isEqualTo("all");
        assertThat(created.text("createdAt")).isEqualTo("2026-03-10T12:00:00.000Z");
        assertThat(stage.as(key, "GET", "/v1/jobs", "").status()).isEqualTo(200);
        problem(stage.as(key, "POST", "/v1/jobs/7/cancel", ""), 403, "'operate'");

        ApiKey kept = stage.memory.keys().apiKey(id).orElseThrow();
        String secret = key.substring(key.lastIndexOf(id) + id.length() + 1);
        assertThat(kept.secretSha256()).isEqualTo(Sha256.hex(secret));
        for (String path : List.of("/v1/keys", "/v1/keys/" + id, "/v1/operator-log")) {
            assertThat(stage.get(path).status()).isEqualTo(200);
            assertThat(stage.get(path).body()).doesNotContain(secret, kept.secretSha256(), "\"key\":\"ls_");
        }
    }

    @Test
    void aKeyThatWasMadeIsFoundAtOnceWhereItsIdWasTriedBefore() {
        for (int i = 0; i < 200; i++) {
            stage.as("ls_guess" + i + "_x", "GET", "/v1/jobs", "");
        }

        String key = create("{\"name\":\"a\",\"scopes\":[\"read\"]}").text("key");

        stage.memory.clock().advance(CachedKeys.MISS_WINDOW);
        assertThat(stage.as(key, "GET", "/v1/jobs", "").status()).isEqualTo(200);
    }

    @Test
    void allMistakesOfANewKeyAreReportedAtOnce() {
        Answer refused = problem(
                stage.post(
                        "/v1/keys",
                        "{\"scopes\":[\"raed\"],\"tasks\":[\"ecko\"],\"expiresAt\":\"2026-03-10T12:00:00Z\",\"nmae\":1}"),
                422);
        assertThat(refused.json()
                        .get("errors")
                        .valueStream()
                        .map(error -> error.get("field").asString()))
                .containsExactlyInAnyOrder("/nmae", "/name", "/scopes", "/tasks", "/expiresAt");

        problem(stage.post("/v1/keys", "{\"name\":\"a\",\"scopes\":[]}"), 422, "/scopes is missing or empty");
        problem(
                stage.post("/v1/keys", "{\"name\":\"a\",\"scopes\":[\"read\"],\"tasks\":[]}"),
                422,
                "/tasks is empty",
                "leave it out for a key of all tasks");
        problem(
                stage.post("/v1/keys", "{\"name\":\"a\",\"scopes\":[\"admin\"],\"tasks\":[\"echo\"]}"),
                422,
                "may create any");
        assertThat(stage.memory.keys().apiKeyIds()).containsExactly("all");
    }

    @Test
    void aDeploymentHasAThousandKeysAtMost() {
        for (int i = 1; i < KeyRequests.MOST_KEYS; i++) {
            stage.memory.keys().putApiKey(ApiKey.of("k" + i, "k", "aa", Set.of(Scope.READ), now()));
        }

        problem(stage.post("/v1/keys", "{\"name\":\"a\",\"scopes\":[\"read\"]}"), 409, "There are 1000 keys");

        stage.delete("/v1/keys/k1");
        create("{\"name\":\"a\",\"scopes\":[\"read\"]}");
    }

    @Test
    void onlyAKeyWithAdminManagesKeysAndItMayGiveAnyScope() {
        String operator = stage.key("ops", EnumSet.complementOf(EnumSet.of(Scope.ADMIN)));
        for (String call : stage.function.calls()) {
            if (call.contains("/v1/keys")) {
                String[] sides = call.split(" ", 2);
                Answer refused = stage.as(operator, sides[0], sides[1].replace("{id}", "all"), "{}");
                problem(refused, 403, "'admin'");
                assertThat(refused.header("WWW-Authenticate")).contains("insufficient_scope");
            }
        }

        String admin = stage.key("admin2", Set.of(Scope.ADMIN));
        problem(stage.as(admin, "GET", "/v1/jobs", ""), 403, "'read'");
        Answer wider =
                stage.as(admin, "POST", "/v1/keys", "{\"name\":\"a\",\"scopes\":[\"enqueue\",\"read\",\"operate\"]}");
        assertThat(wider.status()).isEqualTo(201);
        assertThat(wider.text("createdBy")).isEqualTo("admin2");
    }

    @Test
    void everyChangeOfAKeyIsInTheOperatorsLogWithTheKeyThatMadeIt() {
        String id = create("{\"name\":\"a\",\"scopes\":[\"read\"]}").text("id");
        stage.memory.clock().advance(Duration.ofMillis(1));
        stage.get("/v1/keys");
        stage.post("/v1/keys/" + id + "/rotate", "");
        stage.memory.clock().advance(Duration.ofMillis(1));
        stage.delete("/v1/keys/" + id);
        stage.memory.clock().advance(Duration.ofMillis(1));
        stage.delete("/v1/keys/all");

        List<String> entries = stage.get("/v1/operator-log")
                .json()
                .get("entries")
                .valueStream()
                .map(entry ->
                        entry.get("key").asString() + " " + entry.get("action").asString() + " "
                                + entry.get("target").asString() + " "
                                + entry.get("status").asInt())
                .toList();
        assertThat(entries)
                .containsExactly(
                        "all DELETE /v1/keys/{id} all 409",
                        "all DELETE /v1/keys/{id} " + id + " 204",
                        "all POST /v1/keys/{id}/rotate " + id + " 200",
                        "all POST /v1/keys /v1/keys/" + id + " 201");
    }

    // ---- list

    @Test
    void theListIsReadInPages() {
        Set<String> made = new HashSet<>(Set.of("all"));
        for (int i = 0; i < 6; i++) {
            made.add(create("{\"name\":\"k" + i + "\",\"scopes\":[\"read\"]}").text("id"));
        }
        List<String> listed = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = stage.get("/v1/keys?limit=3" + cursor).json();
            assertThat(page.get("keys")).hasSizeLessThanOrEqualTo(3);
            page.get("keys").forEach(key -> listed.add(key.get("id").asString()));
            cursor = page.has("cursor") ? "&cursor=" + page.get("cursor").asString() : "";
        } while (!cursor.isEmpty());

        assertThat(listed).isSorted().containsExactlyInAnyOrderElementsOf(made);
        problem(stage.get("/v1/keys?cursor=x"), 400, "cursor");
        problem(stage.get("/v1/keys/no-such-key"), 404, "GET /v1/keys lists all");
    }

    // ---- expiry

    @Test
    void aKeyIsRefusedFromItsExpiryOnAndTheProblemSaysSo() {
        String key = create("{\"name\":\"a\",\"scopes\":[\"read\"],\"expiresAt\":\"2026-03-10T13:00:00Z\"}")
                .text("key");
        stage.memory.clock().advance(Duration.ofMinutes(60).minusMillis(1));
        assertThat(stage.as(key, "GET", "/v1/jobs", "").status()).isEqualTo(200);

        stage.memory.clock().advance(Duration.ofMillis(1));

        Answer refused = problem(stage.as(key, "GET", "/v1/jobs", ""), 401, "expired at 2026-03-10T13:00:00Z");
        assertThat(refused.text("type")).endsWith("/key-expired");
        assertThat(problem(stage.as(key + "x", "GET", "/v1/jobs", ""), 401).text("type"))
                .as("only to one who has the secret")
                .endsWith("/unauthenticated");
        String id = key.split("_", -1)[1];
        assertThat(stage.get("/v1/keys/" + id).text("expiresAt")).isEqualTo("2026-03-10T13:00:00.000Z");
        problem(stage.post("/v1/keys/" + id + "/rotate", ""), 409, "expired", "POST /v1/keys");
        assertThat(stage.delete("/v1/keys/" + id).status()).isEqualTo(204);
    }

    // ---- rotation

    @Test
    void afterARotationBothSecretsOpenUntilTheOverlapEnds() {
        Answer created = create("{\"name\":\"a\",\"scopes\":[\"read\"]}");
        String before = created.text("key");
        String path = "/v1/keys/" + created.text("id");

        Answer rotated = stage.post(path + "/rotate", "{\"overlapSeconds\":60}");

        String after = rotated.text("key");
        assertThat(rotated.status()).isEqualTo(200);
        assertThat(after).isNotEqualTo(before).startsWith("ls_" + created.text("id") + "_");
        assertThat(stage.get(path).text("previousUntil"))
                .isEqualTo(rotated.text("previousUntil"))
                .isEqualTo("2026-03-10T12:01:00.000Z");
        stage.memory.clock().advance(Duration.ofMillis(59_999));
        assertThat(stage.as(before, "GET", "/v1/jobs", "").status()).isEqualTo(200);
        assertThat(stage.as(after, "GET", "/v1/jobs", "").status()).isEqualTo(200);
        stage.memory.clock().advance(Duration.ofMillis(1));
        problem(stage.as(before, "GET", "/v1/jobs", ""), 401, "revoked");
        assertThat(stage.as(after, "GET", "/v1/jobs", "").status()).isEqualTo(200);
        assertThat(stage.get(path).json().has("previousUntil")).isFalse();
    }

    @Test
    void theOverlapIsADayAndCanBeNoneOrAWeek() {
        String path =
                "/v1/keys/" + create("{\"name\":\"a\",\"scopes\":[\"read\"]}").text("id") + "/rotate";

        assertThat(stage.post(path, "").text("previousUntil")).isEqualTo("2026-03-11T12:00:00.000Z");
        assertThat(stage.post(path, "{\"overlapSeconds\":604800}").text("previousUntil"))
                .isEqualTo("2026-03-17T12:00:00.000Z");
        problem(stage.post(path, "{\"overlapSeconds\":604801}"), 422, "from 0 to 604800");
        assertThat(stage.post(path, "{\"overlapSeconds\":0}").json().has("previousUntil"))
                .isFalse();
    }

    /** The answer with the new secret may be lost: the clients still have the one before it. */
    @Test
    void aSecondRotationLeavesTheSecretOfBeforeTheFirstAndAnOverlapOfNoneEndsAll() {
        Answer created = create("{\"name\":\"a\",\"scopes\":[\"read\"]}");
        String path = "/v1/keys/" + created.text("id") + "/rotate";
        stage.post(path, "{\"overlapSeconds\":600}");

        stage.post(path, "{\"overlapSeconds\":600}");
        assertThat(stage.as(created.text("key"), "GET", "/v1/jobs", "").status())
                .isEqualTo(200);

        for (int i = 2; i < ApiKey.MOST_EARLIER; i++) {
            assertThat(stage.post(path, "").status()).isEqualTo(200);
        }
        problem(stage.post(path, ""), 409, "5 earlier secrets", "{\"overlapSeconds\": 0}");
        assertThat(stage.post(path, "{\"overlapSeconds\":0}").status()).isEqualTo(200);
        problem(stage.as(created.text("key"), "GET", "/v1/jobs", ""), 401);
    }

    @Test
    void aShorterOverlapEndsLongerOnesBeforeIt() {
        Answer created = create("{\"name\":\"a\",\"scopes\":[\"read\"]}");
        String path = "/v1/keys/" + created.text("id") + "/rotate";
        stage.post(path, "{\"overlapSeconds\":6000}");
        stage.post(path, "{\"overlapSeconds\":10}");

        stage.memory.clock().advance(Duration.ofSeconds(10));

        problem(stage.as(created.text("key"), "GET", "/v1/jobs", ""), 401);
    }

    // ---- revocation

    @Test
    void aRevokedKeyOpensNothingFromThenOnWhereItWasRevoked() {
        Answer created = create("{\"name\":\"a\",\"scopes\":[\"read\"]}");
        stage.as(created.text("key"), "GET", "/v1/jobs", "");

        Answer revoked = stage.delete("/v1/keys/" + created.text("id"));

        assertThat(revoked.status()).isEqualTo(204);
        assertThat(revoked.body()).isEmpty();
        problem(stage.as(created.text("key"), "GET", "/v1/jobs", ""), 401, "revoked");
        problem(stage.get("/v1/keys/" + created.text("id")), 404, "revoked");
        problem(stage.delete("/v1/keys/" + created.text("id")), 404, "revoked");
        problem(stage.post("/v1/keys/" + created.text("id") + "/rotate", ""), 404, "revoked");
        assertThat(stage.get("/v1/keys").body()).doesNotContain(created.text("id"));
    }

    @Test
    void aKeyThatIsRevokedElsewhereIsRefusedInTheMiddleOfItsCallsAfterAMinute() {
        Answer created = create("{\"name\":\"a\",\"scopes\":[\"enqueue\"]}");
        assertThat(stage.as(created.text("key"), "POST", "/v1/jobs", "{\"task\":\"echo\"}")
                        .status())
                .isEqualTo(202);
        stage.on(stage.engines).delete("/v1/keys/" + created.text("id"));

        int taken = 0;
        while (taken < 120
                && stage.as(created.text("key"), "POST", "/v1/jobs", "{\"task\":\"echo\"}")
                                .status()
                        == 202) {
            stage.memory.clock().advance(Duration.ofSeconds(1));
            taken++;
        }

        assertThat(taken).isEqualTo(60);
        problem(stage.as(created.text("key"), "POST", "/v1/jobs", "{\"task\":\"echo\"}"), 401, "revoked");
    }

    @Test
    void theLastKeyWithAdminThatDoesNotExpireStays() {
        create("{\"name\":\"guest\",\"scopes\":[\"admin\"],\"expiresAt\":\"2027-01-01T00:00:00Z\"}");

        problem(stage.delete("/v1/keys/all?self=true"), 409, "last key with the scope 'admin'", "create another");

        create("{\"name\":\"second\",\"scopes\":[\"admin\"]}");
        assertThat(stage.delete("/v1/keys/all?self=true").status()).isEqualTo(204);
        problem(stage.get("/v1/jobs"), 401);
    }

    @Test
    void aKeyRevokesItselfOnlyWhenTheRequestSaysSo() {
        Answer created = create("{\"name\":\"second\",\"scopes\":[\"admin\"]}");
        String own = "/v1/keys/" + created.text("id");

        problem(stage.as(created.text("key"), "DELETE", own, ""), 409, "the key of this very request", "?self=true");
        problem(stage.as(created.text("key"), "DELETE", own + "?self=yes", ""), 400, "true or false");
        assertThat(stage.as(created.text("key"), "DELETE", own + "?self=true", "")
                        .status())
                .isEqualTo(204);
    }

    private Instant now() {
        return stage.memory.clock().instant();
    }

    private Answer create(String body) {
        Answer created = stage.post("/v1/keys", body);
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        return created;
    }
}

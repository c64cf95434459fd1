package dev.longshore.api;

import static dev.longshore.api.JobJson.put;

import dev.longshore.job.Parallel;
import dev.longshore.job.Sha256;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.key.ApiKey.Scope;
import dev.longshore.job.key.KeyStore;
import dev.longshore.task.Spelling;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The requests about API keys: create, list, rotate, revoke. Only the response that creates a secret contains it. A change
 * takes effect in this environment of the function at once, and in others when they read the key again.
 */
final class KeyRequests {
    /** How many keys a deployment has at most: a list of them is one query, and a guess at ids can be checked against all. */
    static final int MOST_KEYS = 1_000;

    static final int MOST_TASKS = 50;
    static final Duration DEFAULT_OVERLAP = Duration.ofDays(1);
    static final Duration LONGEST_OVERLAP = Duration.ofDays(7);

    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_TASK = 200;
    private static final int TRIES = 4;
    private static final String LIST = "keys";
    private static final Set<String> FIELDS = new LinkedHashSet<>(List.of("name", "scopes", "tasks", "expiresAt"));
    private static final Set<String> OF_ROTATION = Set.of("overlapSeconds");
    private static final List<String> SCOPES =
            Arrays.stream(Scope.values()).map(KeyRequests::wireName).toList();

    private final Engines engines;
    private final KeyStore keys;
    private final AcceptedTasks tasks;
    private final CachedKeys cache;
    private final Cursors cursors;

    KeyRequests(Engines engines, AcceptedTasks tasks, CachedKeys cache) {
        this.engines = engines;
        this.keys = engines.keys();
        this.tasks = tasks;
        this.cache = cache;
        this.cursors = new Cursors(engines.keys());
    }

    // ---- POST /v1/keys

    HttpResponse create(HttpRequest request, String none, ApiKey caller) {
        Refusals refusals = new Refusals();
        Fields fields = new Fields(JsonBody.object(request), FIELDS, refusals);
        refusals.check(fields::requireNoNulls);
        String name = refusals.read(() -> name(fields));
        Set<Scope> scopes = refusals.read(() -> scopes(fields));
        Set<String> restrictedTo = refusals.read(() -> tasks(fields));
        Instant expiresAt = refusals.read(() -> expiresAt(fields));
        refusals.requireNone();
        if (Objects.requireNonNull(scopes).contains(Scope.ADMIN)
                && !Objects.requireNonNull(restrictedTo).isEmpty()) {
            throw Problem.refused(
                    "/tasks",
                    "restricts the key, and a key with the scope 'admin' may create any; leave one of them out");
        }
        if (keys.apiKeyIds().size() >= MOST_KEYS) {
            throw Problem.keyConflict("There are " + MOST_KEYS
                    + " keys, and no more are kept; revoke one that GET /v1/keys shows as unused or expired");
        }
        for (int i = 0; i < TRIES; i++) {
            String text = ApiKeys.draw(engines.random());
            ApiKeys.Parts parts = ApiKeys.parse(text).orElseThrow();
            ApiKey key = new ApiKey(
                    parts.id(),
                    Objects.requireNonNull(name),
                    Sha256.hex(parts.secret()),
                    List.of(),
                    scopes,
                    Objects.requireNonNull(restrictedTo),
                    now(),
                    caller.id(),
                    expiresAt,
                    null,
                    null,
                    null);
            if (keys.createApiKey(key)) {
                cache.evict(key.id());
                return HttpResponse.json(201, withSecret(key, text)).with("Location", "/v1/keys/" + key.id());
            }
        }
        throw Problem.unavailable("No free id was drawn for the key in " + TRIES + " tries; try again");
    }

    private static String name(Fields fields) {
        String name = fields.text("name", LONGEST_NAME);
        if (name == null) {
            throw Problem.refused("/name", "is missing; it says who has the key");
        }
        return name;
    }

    private static Set<Scope> scopes(Fields fields) {
        EnumSet<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String scope : fields.distinctTexts("scopes", SCOPES.size(), LONGEST_NAME)) {
            if (!SCOPES.contains(scope)) {
                throw Problem.refused("/scopes", "takes " + String.join(", ", SCOPES) + Spelling.end(scope, SCOPES));
            }
            scopes.add(Scope.valueOf(scope.toUpperCase(Locale.ROOT)));
        }
        if (scopes.isEmpty()) {
            throw Problem.refused(
                    "/scopes", "is missing or empty; it takes one or more of " + String.join(", ", SCOPES));
        }
        return scopes;
    }

    /** By the names of today. An empty array is refused: it could be meant as no task, and would be read as all. */
    private Set<String> tasks(Fields fields) {
        Set<String> names = new LinkedHashSet<>();
        for (String name : fields.distinctTexts("tasks", MOST_TASKS, LONGEST_TASK)) {
            names.add(tasks.find(name)
                    .orElseThrow(() -> tasks.unknown(name).at("/tasks"))
                    .name());
        }
        if (names.isEmpty() && fields.has("tasks")) {
            throw Problem.refused("/tasks", "is empty; name a task, or leave it out for a key of all tasks");
        }
        return names;
    }

    private @Nullable Instant expiresAt(Fields fields) {
        Instant expiresAt = fields.time("expiresAt");
        if (expiresAt != null && !expiresAt.isAfter(now())) {
            throw Problem.refused("/expiresAt", "is not in the future; it is " + now() + " now");
        }
        return expiresAt;
    }

    // ---- GET

    HttpResponse get(HttpRequest request, String id, ApiKey caller) {
        return HttpResponse.json(200, json(require(id)));
    }

    HttpResponse list(HttpRequest request, String none, ApiKey caller) {
        QueryParameters parameters = new QueryParameters(request.query());
        int limit = parameters.limit();
        String after = parameters.cursor(cursors, LIST);
        SortedSet<String> ids = keys.apiKeyIds();
        List<String> rest = ids.stream()
                .filter(id -> after == null || id.compareTo(after) > 0)
                .toList();
        List<String> page = rest.subList(0, Math.min(limit, rest.size()));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(
                "keys",
                Parallel.each(page, keys::apiKey).stream()
                        .flatMap(Optional::stream)
                        .filter(key -> !key.isRevoked())
                        .map(this::json)
                        .toList());
        if (rest.size() > page.size()) {
            answer.put("cursor", parameters.cursor(cursors, LIST, page.getLast()));
        }
        return HttpResponse.json(200, answer);
    }

    // ---- POST /v1/keys/{id}/rotate

    HttpResponse rotate(HttpRequest request, String id, ApiKey caller) {
        Refusals refusals = new Refusals();
        Fields fields = new Fields(JsonBody.optionalObject(request), OF_ROTATION, refusals);
        Long overlap = refusals.read(() -> fields.secondsAsMillis("overlapSeconds", LONGEST_OVERLAP.toSeconds()));
        refusals.requireNone();
        Instant ends = now().plusMillis(overlap == null ? DEFAULT_OVERLAP.toMillis() : overlap);
        String secret = ApiKeys.drawSecret(engines.random());
        for (int i = 0; i < TRIES; i++) {
            ApiKey key = require(id);
            if (key.isExpired(now())) {
                throw Problem.keyConflict(
                        "The key expired at " + key.expiresAt() + "; create another one: POST /v1/keys");
            }
            ApiKey rotated = rotated(key, secret, ends);
            if (keys.rotate(key, rotated)) {
                cache.evict(id);
                return HttpResponse.json(200, withSecret(rotated, ApiKeys.text(id, secret)));
            }
        }
        throw Problem.unavailable("The key is rotated too often at once; try again");
    }

    private ApiKey rotated(ApiKey key, String secret, Instant ends) {
        try {
            return key.rotated(Sha256.hex(secret), now(), ends);
        } catch (IllegalArgumentException e) {
            throw Problem.keyConflict(ApiKey.MOST_EARLIER + " earlier secrets of the key still work, until "
                    + key.previousUntil(now()).orElse(ends)
                    + "; wait until then, or end them with this rotation: {\"overlapSeconds\": 0}");
        }
    }

    // ---- DELETE

    HttpResponse revoke(HttpRequest request, String id, ApiKey caller) {
        boolean self = new QueryParameters(request.query()).truth("self");
        if (id.equals(caller.id()) && !self) {
            throw Problem.keyConflict(
                    "It is the key of this very request, which would be its last; revoke it with another key, or send"
                            + " ?self=true");
        }
        return switch (keys.revoke(id, now())) {
            case REVOKED -> {
                cache.evict(id);
                yield new HttpResponse(204, Map.of(), "");
            }
            case LAST_ADMIN ->
                throw Problem.keyConflict(
                        "It is the last key with the scope 'admin' that does not expire, and without one no key could be"
                                + " created; create another one first: POST /v1/keys");
            case MISSING -> throw noSuchKey();
        };
    }

    // ---- keys as clients see them

    private Map<String, Object> withSecret(ApiKey key, String text) {
        Map<String, Object> json = json(key);
        json.put("key", text);
        return json;
    }

    /** Without a secret, and without a hash of one. */
    private Map<String, Object> json(ApiKey key) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", key.id());
        json.put("name", key.name());
        json.put(
                "scopes",
                key.scopes().stream().sorted().map(KeyRequests::wireName).toList());
        put(
                json,
                "tasks",
                key.tasks().isEmpty() ? null : key.tasks().stream().sorted().toList());
        json.put("createdAt", key.createdAt());
        put(json, "createdBy", key.createdBy());
        put(json, "expiresAt", key.expiresAt());
        put(json, "lastUsedAt", key.lastUsedAt());
        put(json, "previousUntil", key.previousUntil(now()).orElse(null));
        return json;
    }

    private ApiKey require(String id) {
        return keys.apiKey(id).filter(key -> !key.isRevoked()).orElseThrow(KeyRequests::noSuchKey);
    }

    private static Problem noSuchKey() {
        return Problem.notFound("There is no such key, or it was revoked. GET /v1/keys lists all");
    }

    private static String wireName(Scope scope) {
        return scope.name().toLowerCase(Locale.ROOT);
    }

    /** In whole milliseconds, as answers have times. */
    private Instant now() {
        return Instant.ofEpochMilli(engines.clock().instant().toEpochMilli());
    }
}

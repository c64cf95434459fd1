package dev.longshore.api;

import dev.longshore.job.Job;
import dev.longshore.job.key.ApiKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as a problem document (RFC 9457, "Problem Details for HTTP APIs"). Thrown wherever a request is wrong, and written
 * in one place, {@link ApiFunction}.
 */
final class Problem extends RuntimeException {
    private static final String TYPES = "https://longshore.dev/problems/";

    private static final int LONGEST_ECHO = 200;

    /** The largest number of mistakes reported for one request. */
    static final int MOST_ERRORS = 20;

    private final int status;
    private final String name;
    private final String title;
    private final String detail;
    private final Map<String, Object> more = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private List<FieldError> errors = List.of();
    private boolean retryable;

    /**
     * One mistake of several.
     *
     * @param field null when it is in no field of the body
     */
    private record FieldError(@Nullable String field, String detail) {
        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            if (field != null) {
                json.put("field", field);
            }
            json.put("detail", detail);
            return json;
        }
    }

    private Problem(int status, String name, String title, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.name = name;
        this.title = title;
        this.detail = detail;
    }

    // ---- 400: not well-formed

    static Problem malformed(String detail) {
        return new Problem(400, "malformed", "Malformed request", detail);
    }

    static Problem badParameter(String parameter, String detail) {
        String name = cut(parameter);
        return new Problem(400, "bad-parameter", "Bad query parameter", "The parameter '" + name + "' " + detail)
                .with("parameter", name);
    }

    // ---- 401, 403: who asks

    static Problem unauthenticated(String detail, boolean keyWasSent) {
        return new Problem(401, "unauthenticated", "No valid API key", detail)
                .header(
                        "WWW-Authenticate",
                        "Bearer realm=\"longshore\"" + (keyWasSent ? ", error=\"invalid_token\"" : ""));
    }

    static Problem forbidden(String scope) {
        return new Problem(
                        403,
                        "forbidden",
                        "Scope missing",
                        "This needs a key with the scope '" + scope + "', which this key does not have")
                .header(
                        "WWW-Authenticate",
                        "Bearer realm=\"longshore\", error=\"insufficient_scope\", scope=\"" + scope + "\"");
    }

    static Problem expired(ApiKey key) {
        return new Problem(
                        401,
                        "key-expired",
                        "API key expired",
                        "The key " + key.id() + " expired at " + key.expiresAt()
                                + "; a key with the scope 'admin' creates another one: POST /v1/keys")
                .header(
                        "WWW-Authenticate",
                        "Bearer realm=\"longshore\", error=\"invalid_token\", error_description=\"The key expired\"");
    }

    /** A request about other tasks, or all of them, by a key that is restricted to tasks. */
    static Problem restricted(ApiKey caller, String why) {
        return new Problem(
                403,
                "restricted",
                "Key restricted to tasks",
                "This key is restricted to the tasks "
                        + caller.tasks().stream().sorted().collect(Collectors.joining(", ")) + ": " + why);
    }

    // ---- 404 to 415: what is requested

    static Problem notFound(String detail) {
        return new Problem(404, "not-found", "Not found", detail);
    }

    static Problem methodNotAllowed(String method, String allowed) {
        return new Problem(
                        405,
                        "method-not-allowed",
                        "Method not allowed",
                        cut(method) + " is not for this path; it takes " + allowed)
                .header("Allow", allowed);
    }

    static Problem notAcceptable(long size, long limit) {
        return new Problem(
                406,
                "not-acceptable",
                "Too large to be sent uncompressed",
                "The answer has " + size + " bytes, and " + limit
                        + " is the most that Lambda answers; send 'Accept-Encoding: gzip' (curl: --compressed)");
    }

    static Problem conflict(String state, String detail) {
        return new Problem(409, "conflict", "The job's state forbids it", detail).with("state", state);
    }

    /** Another job has the unique key, which the request says is to be refused. */
    static Problem duplicate(Job holder) {
        return conflict(
                        holder.state().name(),
                        "The job " + holder.id()
                                + " of the same task has this uniqueKey and has not ended; wait for its"
                                + " end, cancel it, or send \"onDuplicate\": \"keep\" to be answered with it")
                .with("firstJob", holder.id().text());
    }

    /** A dead job is not redriven, since another has its unique key by now. */
    static Problem keyTaken(Job dead, Job holder) {
        return conflict(
                        dead.state().name(),
                        "The job " + holder.id() + " has the uniqueKey of this job by now, and is " + holder.state()
                                + "; wait for its end or cancel it, and then retry this one")
                .with("firstJob", holder.id().text());
    }

    static Problem declaredInCode(String schedule) {
        return new Problem(
                409,
                "declared-in-code",
                "Declared in code",
                "The schedule " + schedule + " is declared in code; change it there and deploy."
                        + " By the API it is paused, resumed and run");
    }

    static Problem keyConflict(String detail) {
        return new Problem(409, "key-conflict", "Not with this key", detail);
    }

    static Problem tooLarge(String what, long size, long limit, String remedy) {
        return new Problem(
                413,
                "too-large",
                "Too large",
                what + " has " + size + " bytes, and " + limit + " are allowed; " + remedy);
    }

    /** @param where the size is counted, where that is not in the thing itself */
    static Problem tooLarge(String what, String where, long size, long limit, String remedy) {
        return new Problem(
                413,
                "too-large",
                "Too large",
                what + " takes " + size + " bytes " + where + ", and " + limit + " are allowed; " + remedy);
    }

    static Problem unsupportedMediaType(String detail) {
        return new Problem(415, "unsupported-media-type", "Unsupported media type", detail)
                .header("Accept", "application/json");
    }

    /** Names the codings that are supported, by RFC 9110, section 15.5.16. */
    static Problem unsupportedContentCoding() {
        return new Problem(
                        415,
                        "unsupported-media-type",
                        "Unsupported media type",
                        "The body has a Content-Encoding; send it uncompressed, without that header")
                .header("Accept-Encoding", "identity");
    }

    // ---- 422: well-formed, but refused

    /** What is wrong with all of a request, and with no field of it. */
    static Problem refused(String detail) {
        return new Problem(422, "refused", "Request refused", detail);
    }

    /** @param field a JSON pointer into the body (RFC 6901) */
    static Problem refused(String field, String detail) {
        String place = cut(field);
        return refused(place + " " + detail).at(place);
    }

    /** One refusal for several: the first one's, with the errors of all, {@value #MOST_ERRORS} at most. */
    static Problem together(List<Problem> refusals) {
        Problem first = refusals.getFirst();
        first.errors = refusals.stream()
                .flatMap(refusal -> refusal.errors().stream())
                .limit(MOST_ERRORS)
                .toList();
        return first;
    }

    private List<FieldError> errors() {
        return errors.isEmpty() ? List.of(new FieldError((String) more.get("field"), detail)) : errors;
    }

    static Problem unknownTask(String detail) {
        return new Problem(422, "unknown-task", "Unknown task", detail);
    }

    /** @param firstJob null for a caller that may not see it */
    static Problem reused(String what, @Nullable String firstJob) {
        Problem problem = new Problem(
                422,
                "key-reused",
                "Key used for another request",
                "The " + what + " belongs to another request" + (firstJob == null ? "" : ", which made job " + firstJob)
                        + "; draw a new one for each job, and repeat it only with the same body");
        return firstJob == null ? problem : problem.with("firstJob", firstJob);
    }

    // ---- 500, 503: not the client's fault

    static Problem unavailable(String detail) {
        Problem problem = new Problem(503, "unavailable", "Not available right now", detail).header("Retry-After", "1");
        problem.retryable = true;
        return problem;
    }

    static Problem internal() {
        Problem problem = new Problem(
                500,
                "internal",
                "A mistake of ours",
                "Something went wrong here, and it is in the log under this requestId");
        problem.retryable = true;
        return problem;
    }

    /** Shortens a client's text for an error message, never within a character. */
    static String cut(String text) {
        if (text.length() <= LONGEST_ECHO) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST_ECHO - 1)) ? LONGEST_ECHO - 1 : LONGEST_ECHO;
        return text.substring(0, end) + "…";
    }

    /** @param field a JSON pointer into the body */
    Problem at(String field) {
        return with("field", field);
    }

    /** @param parameter of the query */
    Problem inParameter(String parameter) {
        return with("parameter", parameter);
    }

    private Problem with(String member, Object value) {
        more.put(member, value);
        return this;
    }

    private Problem header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** The same refusal, of one field deeper in the request: of a job in a batch. */
    Problem under(String pointer) {
        Object field = more.get("field");
        if (field != null) {
            more.put("field", pointer + field);
        }
        errors = errors.stream()
                .map(error -> new FieldError(error.field() == null ? null : pointer + error.field(), error.detail()))
                .toList();
        return this;
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    /** The members of the problem document. */
    Map<String, Object> body(@Nullable String requestId) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", TYPES + name);
        body.put("title", title);
        body.put("status", status);
        body.put("detail", detail);
        body.putAll(more);
        if (errors.size() > 1) {
            body.put("errors", errors.stream().map(FieldError::json).toList());
        }
        body.put("retryable", retryable);
        if (requestId != null) {
            body.put("requestId", requestId);
        }
        return body;
    }
}

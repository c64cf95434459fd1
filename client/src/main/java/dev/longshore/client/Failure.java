package dev.longshore.client;

import dev.longshore.client.LongshoreException.FieldError;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What is said of a failed call. Fields as in {@link LongshoreException}. */
record Failure(
        String type,
        String title,
        String detail,
        @Nullable Integer status,
        @Nullable String field,
        @Nullable String parameter,
        List<FieldError> errors,
        @Nullable JobState state,
        boolean retryable,
        @Nullable String requestId,
        @Nullable Duration retryAfter,
        @Nullable Throwable cause) {

    /** The client's own, without a problem of Longshore's. */
    static Failure own(
            String title, String detail, @Nullable Integer status, boolean retryable, @Nullable Throwable cause) {
        return new Failure(
                "about:blank", title, detail, status, null, null, List.of(), null, retryable, null, null, cause);
    }

    /** Whether an answer that does not say so may be followed by a better one. */
    static boolean maybeRetried(int status) {
        return status == 429 || status == 502 || status == 503 || status == 504;
    }

    /** Of problem+json. */
    static Failure of(int status, JsonNode problem, @Nullable Duration retryAfter) {
        Fields fields = Json.read(problem, Fields.class, "The problem");
        return new Failure(
                or(fields.type, "about:blank"),
                or(fields.title, "HTTP " + status),
                or(fields.detail, "The answer has no detail"),
                status,
                fields.field,
                fields.parameter,
                fields.errors == null ? List.of() : List.copyOf(fields.errors),
                fields.state,
                fields.retryable == null ? maybeRetried(status) : fields.retryable,
                fields.requestId,
                retryAfter,
                null);
    }

    /** With the pointers that it would have if the job were sent alone, and not at this place of a batch. */
    Failure ofTheJobAlone(int place) {
        String prefix = "/jobs/" + place;
        return new Failure(
                type,
                title,
                alone(detail, prefix),
                status,
                field == null ? null : alone(field, prefix),
                parameter,
                errors.stream()
                        .map(error -> new FieldError(
                                error.field() == null ? null : alone(error.field(), prefix),
                                alone(error.detail(), prefix)))
                        .toList(),
                state,
                retryable,
                requestId,
                retryAfter,
                cause);
    }

    String message() {
        return title + ": " + detail + (requestId == null ? "" : " (request " + requestId + ")");
    }

    private static String alone(String text, String prefix) {
        return text.replace(prefix + "/", "/");
    }

    private static String or(@Nullable String text, String other) {
        return text == null ? other : text;
    }

    private record Fields(
            @Nullable String type,
            @Nullable String title,
            @Nullable String detail,
            @Nullable String field,
            @Nullable String parameter,
            @Nullable List<FieldError> errors,
            @Nullable JobState state,
            @Nullable Boolean retryable,
            @Nullable String requestId) {}
}

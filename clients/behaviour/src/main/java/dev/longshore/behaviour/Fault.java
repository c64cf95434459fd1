package dev.longshore.behaviour;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What happens to a request in place of its answer.
 *
 * @param fault the kind
 * @param on method and path of the requests that it is for, such as {@code POST /v1/jobs}; every request when null. {@code *} in
 *     the path is one part of it
 * @param times how many requests it is injected into; one when null
 * @param status of {@code answer}: the HTTP status
 * @param headers of {@code answer}: its headers
 * @param body of {@code answer}: a string is sent as it is, as {@code text/html}; an object as JSON, {@code
 *     application/problem+json}; {@code headers} may have another Content-Type
 * @param after of {@code answer}: true to pass the request on first, so that it takes effect
 * @param millis of {@code slow}: how long the answer is held back
 * @param job of {@code partial}: the index of the job that the batch does not get
 */
record Fault(
        Kind fault,
        @Nullable String on,
        @Nullable Integer times,
        @Nullable Integer status,
        @Nullable Map<String, String> headers,
        @Nullable JsonNode body,
        @Nullable Boolean after,
        @Nullable Integer millis,
        @Nullable Integer job) {

    enum Kind {
        /** None: the request and its answer are passed on. */
        pass,
        /** The connection is closed; the request has no effect. */
        closed,
        /** The request takes effect, and the connection is closed in place of the answer. */
        lost,
        /** The request takes effect, and the connection is closed in the middle of the answer's body. */
        truncated,
        /** The request takes effect, and its answer comes after {@code millis}. */
        slow,
        /** The request is delivered twice; the answer is that to the second. */
        twice,
        /** Another answer: that of a gateway, or of Longshore when a call of DynamoDB failed. */
        answer,
        /** One job of a batch gets a 503 in its result and has no effect; the others take effect. */
        partial
    }

    Fault {
        require(fault == Kind.answer, status != null, "status");
        require(fault == Kind.slow, millis != null, "millis");
        require(fault == Kind.partial, job != null, "job");
    }

    private static void require(boolean wanted, boolean there, String field) {
        if (wanted != there) {
            throw new IllegalArgumentException(
                    "A fault " + (wanted ? "of this kind needs '" : "of another kind takes no '") + field + "'");
        }
    }

    int count() {
        return times == null ? 1 : times;
    }

    /** Whether it is for requests of this method and path. */
    boolean isFor(String method, String path) {
        if (on == null) {
            return true;
        }
        String[] wanted = on.split("[ /]", -1);
        String[] there = (method + " " + path).split("[ /]", -1);
        boolean fits = wanted.length == there.length;
        for (int i = 0; fits && i < wanted.length; i++) {
            fits = wanted[i].equals("*") || wanted[i].equals(there[i]);
        }
        return fits;
    }
}

package dev.longshore.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Sends requests, repeats those that failed, and makes exceptions of refusals. */
final class Transport implements AutoCloseable {
    private static final long FIRST_WAIT_MILLIS = 200;
    private static final long LONGEST_WAIT_MILLIS = 5_000;
    private static final String USER_AGENT = "longshore-java/" + version();

    private final Settings settings;
    private final Exchange exchange;

    /**
     * What a client was built with.
     *
     * @param tryTimeout of one request
     * @param totalTimeout of a call with its repeats
     */
    record Settings(
            URI url,
            String key,
            Duration tryTimeout,
            Duration totalTimeout,
            int maxTries,
            Supplier<@Nullable String> traceparent,
            Pacing pacing) {
        @Override
        public String toString() {
            return "Settings[url=" + url + "]";
        }
    }

    Transport(Settings settings, Exchange exchange) {
        this.settings = settings;
        this.exchange = exchange;
    }

    /** The same, with this trace context in place of the supplier's. */
    Transport withTraceparent(@Nullable String traceparent) {
        Settings same = settings;
        return new Transport(
                new Settings(
                        same.url(),
                        same.key(),
                        same.tryTimeout(),
                        same.totalTimeout(),
                        same.maxTries(),
                        () -> traceparent,
                        same.pacing()),
                exchange);
    }

    Settings settings() {
        return settings;
    }

    Pacing pacing() {
        return settings.pacing();
    }

    /** Answers what a 2xx has, as an object of this type. A repeated DELETE of what is not there has no such object, and fails. */
    <T> T send(Call call, Class<T> type) {
        return Json.read(send(call, false), type, "The answer to " + call.name());
    }

    /** Answers the JSON of a 2xx; a missing node for one without a body, and for a repeated DELETE of what is deleted already. */
    JsonNode send(Call call) {
        return send(call, call.method().equals("DELETE"));
    }

    /** @param goneIsDone whether 404 to a repeated request says that the one before has had its effect */
    private JsonNode send(Call call, boolean goneIsDone) {
        Duration atMost = call.atMost();
        Duration total =
                atMost != null && atMost.compareTo(settings.totalTimeout()) < 0 ? atMost : settings.totalTimeout();
        long end = pacing().elapsed() + total.toMillis();
        boolean unclear = false;
        for (int tries = 1; ; tries++) {
            try {
                return request(call, Math.max(1, Math.min(settings.tryTimeout().toMillis(), end - pacing().elapsed())));
            } catch (LongshoreException failed) {
                if (unclear && goneIsDone && failed instanceof NotFoundException) {
                    return MissingNode.getInstance();
                }
                failed.tries(tries);
                boolean throttled = failed instanceof RateLimitedException;
                unclear |= !throttled;
                Duration wait = wait(tries, failed);
                boolean repeated = failed.retryable()
                        && (call.repeatable() || throttled)
                        && !Thread.currentThread().isInterrupted();
                if (!repeated || tries >= settings.maxTries() || pacing().elapsed() + wait.toMillis() >= end) {
                    throw failed;
                }
                sleep(wait, call.name());
            }
        }
    }

    /** Time before the next try: what the answer says, else a random part of a time that doubles. */
    Duration wait(int tries, LongshoreException failed) {
        long longest = Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS << Math.min(tries - 1, 10));
        return failed.retryAfter().orElseGet(() -> Duration.ofMillis((long) (pacing().random() * longest)));
    }

    /** Waits; an interruption ends the call. */
    void sleep(Duration wait, String name) {
        try {
            pacing().sleep(wait);
        } catch (InterruptedException e) {
            throw interrupted(name, e);
        }
    }

    private JsonNode request(Call call, long millis) {
        String body = call.body();
        Exchange.Request request = new Exchange.Request(
                call.method(),
                call.uri(settings.url()),
                headers(call),
                body == null ? null : body.getBytes(StandardCharsets.UTF_8),
                Duration.ofMillis(millis));
        Exchange.Answer answer;
        try {
            answer = exchange.send(request);
        } catch (HttpTimeoutException e) {
            throw new CallTimeoutException(Failure.own(
                    "No answer in time",
                    call.name() + " was not answered within " + millis + " ms. It may have taken effect",
                    null,
                    true,
                    e));
        } catch (ConnectException e) {
            throw new ConnectionException(Failure.own(
                    "No connection",
                    call.name() + " could not connect to " + request.uri().resolve("/") + " (" + reason(e) + ")",
                    null,
                    true,
                    e));
        } catch (IOException e) {
            throw new ConnectionException(Failure.own(
                    "Connection failed",
                    call.name() + " got no whole answer (" + reason(e) + "). It may have taken effect",
                    null,
                    true,
                    e));
        } catch (InterruptedException e) {
            throw interrupted(call.name(), e);
        }
        if (answer.status() >= 200 && answer.status() < 300) {
            return success(call, answer);
        }
        throw failure(call, answer);
    }

    private static ConnectionException interrupted(String name, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ConnectionException(Failure.own(
                "Interrupted",
                "The thread was interrupted during " + name + ". It may have taken effect",
                null,
                false,
                e));
    }

    private Map<String, String> headers(Call call) {
        Map<String, String> headers = new HashMap<>(call.headers());
        headers.put("User-Agent", USER_AGENT);
        if (call.elsewhere() != null) {
            return headers;
        }
        headers.put("Authorization", "Bearer " + settings.key());
        headers.put("Accept", "application/json");
        headers.put("Accept-Encoding", "gzip");
        if (call.body() != null) {
            headers.put("Content-Type", "application/json");
        }
        String current = call.hasTraceparent() ? null : settings.traceparent().get();
        // tracing that is set up wrongly does not keep a job from being enqueued
        if (current != null && Call.isTraceparent(current)) {
            headers.put("traceparent", current);
        }
        return headers;
    }

    private static JsonNode success(Call call, Exchange.Answer answer) {
        if (answer.body().length == 0 || call.elsewhere() != null) {
            return MissingNode.getInstance();
        }
        return parsed(answer.body())
                .orElseThrow(() -> new ConnectionException(Failure.own(
                        "Unreadable answer",
                        call.name() + ": " + answer.status() + " with " + answer.body().length
                                + " bytes that are no JSON (Content-Type "
                                + answer.header("content-type").orElse("none") + "). Is the URL the API's?",
                        answer.status(),
                        false,
                        null)));
    }

    private static LongshoreException failure(Call call, Exchange.Answer answer) {
        int status = answer.status();
        if (status < 400) {
            return new ConnectionException(Failure.own(
                    "Redirected",
                    call.name()
                            + " is redirected, which is not followed, since that would make a GET of a POST. Set the URL that it leads to",
                    null,
                    false,
                    null));
        }
        Duration retryAfter =
                answer.header("retry-after").flatMap(Transport::retryAfter).orElse(null);
        Optional<JsonNode> problem = answer.header("content-type")
                .filter(type -> type.startsWith("application/problem+json"))
                .flatMap(type -> parsed(answer.body()))
                .filter(JsonNode::isObject);
        if (problem.isPresent()) {
            return LongshoreException.of(Failure.of(status, problem.get(), retryAfter));
        }
        String detail = call.name() + " was answered with " + status + " and no problem that Longshore makes";
        return LongshoreException.of(new Failure(
                "about:blank",
                "HTTP " + status,
                detail,
                status,
                null,
                null,
                List.of(),
                null,
                Failure.maybeRetried(status),
                null,
                retryAfter,
                null));
    }

    /** Empty for what is no JSON: its text is not shown, it may be a proxy's page or cut in the middle of a payload. */
    private static Optional<JsonNode> parsed(byte[] body) {
        try {
            return Optional.of(Json.MAPPER.readTree(body));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** Seconds, or a date (RFC 9110, section 10.2.3); empty for anything else. */
    private static Optional<Duration> retryAfter(String header) {
        if (header.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(header)));
        }
        try {
            Instant at = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration left = Duration.between(Instant.now(), at);
            return Optional.of(left.isNegative() ? Duration.ZERO : left);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static String version() {
        try (var resource = Transport.class.getResourceAsStream("version.txt")) {
            if (resource == null) {
                throw new IllegalStateException("version.txt is not in the client's jar");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("version.txt in the client's jar cannot be read", e);
        }
    }

    @Override
    public void close() {
        exchange.close();
    }

    @Override
    public String toString() {
        return "Transport[" + settings.url() + "]";
    }
}

package dev.longshore.examples;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.longshore.task.JobContext;
import dev.longshore.task.Json;
import dev.longshore.task.TaskHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * {@code call-api}: an HTTP call that is made until it is answered.
 *
 * <table>
 * <caption>What becomes of the job</caption>
 * <tr><th>answer</th><th>job</th></tr>
 * <tr><td>2xx</td><td>SUCCEEDED, with status and body</td></tr>
 * <tr><td>429 or 503 with {@code Retry-After}</td><td>tried again just then (in 30 days at the latest)</td></tr>
 * <tr><td>other 5xx, 429 without, no connection, no answer in time</td><td>tried again after the task's
 * backoff</td></tr>
 * <tr><td>other 4xx, 3xx</td><td>DEAD: the same call would get the same answer</td></tr>
 * </table>
 *
 * <p>Each call carries {@code Idempotency-Key: <job id>}, the same on every attempt. Of an answer's body the first
 * {@value #MOST_BODY} bytes are kept, as text.
 *
 * <p><b>Where it may go.</b> A payload comes from outside, this code runs inside: only http and https, no redirects, no
 * proxy, and no host of which any address is private, loopback, link-local or multicast, unless {@link
 * ExampleSettings.Reach} allows it. The addresses that were checked are those that are connected to: a name is looked up once
 * a call, by {@link ReachableNames}, so that no name server can change its mind in between ("DNS rebinding").
 */
public final class CallApi implements TaskHandler<CallApi.Request, CallApi.Result> {
    /** How much of an answer is kept: bytes of its body, and of the JSON string made of it. */
    public static final int MOST_BODY = 200_000;

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int LONGEST_URL = 2_000;
    private static final int MOST_CALLS_AT_ONCE = 1_000;
    private static final int MOST_HEADERS = 50;
    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\t\\x20-\\x7e]{0,4000}");
    private static final Pattern CHARSET = Pattern.compile("charset=\"?([A-Za-z0-9._:-]+)", Pattern.CASE_INSENSITIVE);
    private static final Set<String> OURS = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "idempotency-key",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "proxy-authorization",
            "proxy-connection");

    private final Duration answerWithin;
    private final InstantSource clock;
    private final CloseableHttpClient http;

    /** The methods that are called. */
    public enum Method {
        GET,
        HEAD,
        POST,
        PUT,
        PATCH,
        DELETE,
        OPTIONS
    }

    /**
     * The call.
     *
     * @param url http or https, at most 2000 characters, without user name
     * @param body a string is sent as it is (as text/plain unless the headers say otherwise), any other value as JSON
     * @param headers at most 50, ASCII; those of the connection itself cannot be set
     */
    public record Request(
            Method method,
            String url,
            @Nullable Json body,
            @Nullable Map<String, String> headers) {
        public Request {
            requireUrl(url);
            headers = headers == null ? null : Map.copyOf(headers);
            if (headers != null) {
                if (headers.size() > MOST_HEADERS) {
                    throw new IllegalArgumentException(
                            "headers takes at most " + MOST_HEADERS + ", and got " + headers.size());
                }
                headers.forEach(Request::requireHeader);
            }
        }

        private static void requireUrl(String url) {
            try {
                URI uri = URI.create(url);
                String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
                if ((scheme.equals("http") || scheme.equals("https"))
                        && uri.getHost() != null
                        && uri.getRawUserInfo() == null
                        && url.length() <= LONGEST_URL) {
                    return;
                }
            } catch (IllegalArgumentException e) {
                // the same sentence serves
            }
            throw new IllegalArgumentException("url takes an absolute http or https address of at most " + LONGEST_URL
                    + " characters with a host and without user name, as in https://api.example.com/v1/orders");
        }

        private static void requireHeader(String name, String value) {
            if (!HEADER_NAME.matcher(name).matches()
                    || !HEADER_VALUE.matcher(value).matches()) {
                throw new IllegalArgumentException(
                        "headers takes names of letters, digits and -, and values of one line of ASCII of at most"
                                + " 4000 characters");
            }
            if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("The header " + name + " is set by call-api itself; leave it out");
            }
        }
    }

    /**
     * The answer.
     *
     * @param status 200 to 299
     * @param body as text, in the charset that the answer names (UTF-8 when none)
     * @param truncated true when the body was longer than what is kept; else left out
     */
    public record Result(
            int status,
            String body,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Boolean truncated) {}

    /** What a server said, with no more of its body than is kept. */
    private record Answer(int status, String contentType, String retryAfter, ByteBuffer content, boolean truncated) {}

    /** An answer after which the call is worth another attempt. */
    static final class AnsweredWithError extends IOException {
        private static final long serialVersionUID = 1;

        AnsweredWithError(int status) {
            super("The server answered " + status + "; the call is tried again after the backoff");
        }
    }

    /** @param answerWithin how long a whole answer may take, from the request's first byte on */
    public CallApi(ExampleSettings.Reach reach, Duration answerWithin, InstantSource clock) {
        this(new ReachableNames(reach, InetAddress::getAllByName), answerWithin, clock);
    }

    CallApi(ReachableNames names, Duration answerWithin, InstantSource clock) {
        this.answerWithin = answerWithin;
        this.clock = clock;
        ConnectionConfig connections =
                ConnectionConfig.custom().setConnectTimeout(Timeout.of(CONNECT)).build();
        this.http = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(names)
                        .setDefaultConnectionConfig(connections)
                        .setMaxConnPerRoute(MOST_CALLS_AT_ONCE)
                        .setMaxConnTotal(MOST_CALLS_AT_ONCE)
                        .build())
                .setConnectionReuseStrategy((request, response, context) -> false)
                .setUserAgent("longshore-call-api")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableAuthCaching()
                .disableCookieManagement()
                .disableContentCompression() // a body that unpacks itself has no bounds
                .build();
    }

    @Override
    public Result handle(Request request, JobContext job) throws IOException, InterruptedException {
        Answer answer = exchange(toHttp(request, job), job);
        if (answer.status() >= 200 && answer.status() < 300) {
            return result(answer);
        }
        throw failure(answer, job);
    }

    private static HttpUriRequestBase toHttp(Request request, JobContext job) {
        HttpUriRequestBase call = new HttpUriRequestBase(request.method().name(), URI.create(request.url()));
        if (request.body() != null) {
            boolean text = request.body().tree().isString();
            byte[] body = text
                    ? request.body().as(String.class).getBytes(StandardCharsets.UTF_8)
                    : request.body().utf8();
            call.setEntity(new ByteArrayEntity(body, null));
            call.setHeader("Content-Type", text ? "text/plain; charset=utf-8" : "application/json");
        }
        if (request.headers() != null) {
            request.headers().forEach(call::setHeader);
        }
        call.setHeader("Idempotency-Key", job.id());
        return call;
    }

    /** On a thread of its own, since the time that a whole answer may take is not a time between two bytes. */
    private Answer exchange(HttpUriRequestBase call, JobContext job) throws IOException, InterruptedException {
        FutureTask<Answer> answer = new FutureTask<>(() -> answerTo(call));
        Thread.ofVirtual().start(answer);
        try {
            return answer.get(answerWithin.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("The server gave no whole answer within " + answerWithin.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ReachableNames.OutOfReach refusal) {
                throw job.discard(String.valueOf(refusal.getMessage()));
            }
            throw new IOException("The call failed: " + e.getCause(), e.getCause());
        } finally {
            call.cancel();
        }
    }

    /** Closed without being read to its end, which some bodies do not have. */
    private Answer answerTo(HttpUriRequestBase call) throws IOException {
        try (ClassicHttpResponse response = http.executeOpen(null, call, HttpClientContext.create())) {
            HttpEntity entity = response.getEntity();
            byte[] body = entity == null ? new byte[0] : entity.getContent().readNBytes(MOST_BODY + 1);
            call.cancel();
            return new Answer(
                    response.getCode(),
                    header(response, "Content-Type"),
                    header(response, "Retry-After"),
                    ByteBuffer.wrap(body, 0, Math.min(body.length, MOST_BODY)),
                    body.length > MOST_BODY);
        }
    }

    private static String header(ClassicHttpResponse response, String name) {
        Header header = response.getFirstHeader(name);
        return header == null || header.getValue() == null ? "" : header.getValue();
    }

    /** What to throw for an answer that is none of the 2xx. */
    private RuntimeException failure(Answer answer, JobContext job) throws AnsweredWithError {
        int status = answer.status();
        if (status == 429 || status == 503) {
            Duration wait = RetryAfter.parse(answer.retryAfter(), clock.instant())
                    .orElseThrow(() -> new AnsweredWithError(status));
            return job.retryIn(wait, "The server answered " + status + " and asks to wait " + wait.toSeconds() + " s");
        }
        if (status >= 500) {
            throw new AnsweredWithError(status);
        }
        String redirect = status < 400 ? " (a redirect, which is not followed: give the final address)" : "";
        return job.discard("The server answered " + status + redirect + "; the same call would get the same answer");
    }

    private static Result result(Answer answer) {
        String text = charset(answer.contentType()).decode(answer.content()).toString();
        String kept = text.substring(0, fitting(text));
        boolean truncated = answer.truncated() || kept.length() < text.length();
        return new Result(answer.status(), kept, truncated ? true : null);
    }

    private static Charset charset(String contentType) {
        Matcher named = CHARSET.matcher(contentType);
        try {
            return named.find() ? Charset.forName(named.group(1)) : StandardCharsets.UTF_8;
        } catch (IllegalArgumentException e) {
            return StandardCharsets.UTF_8;
        }
    }

    /** How many characters fit into a JSON string of {@link #MOST_BODY} bytes: control characters take six there. */
    private static int fitting(String text) {
        int bytes = 0;
        int end = 0;
        while (end < text.length()) {
            int letter = text.codePointAt(end);
            bytes += letter < 0x20
                    ? 6
                    : letter == '"' || letter == '\\'
                            ? 2
                            : letter < 0x80 ? 1 : letter < 0x800 ? 2 : letter < 0x10000 ? 3 : 4;
            if (bytes > MOST_BODY) {
                break;
            }
            end += Character.charCount(letter);
        }
        return end;
    }
}

package dev.longshore.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.longshore.task.JobContext;
import dev.longshore.task.Json;
import dev.longshore.task.TaskHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 * DemoSettings.Reach} allows it. The connection looks the host up again, in the JVM's cache (30 s unless the JVM is
 * told otherwise), so that what was checked is what is called; with that cache turned off a name server could change
 * its mind in between.
 */
public final class CallApi implements TaskHandler<CallApi.Request, CallApi.Result> {
    /** How much of an answer is kept: bytes of its body, and of the JSON string made of it. */
    public static final int MOST_BODY = 200_000;

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int LONGEST_URL = 2_000;
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

    private final DemoSettings.Reach reach;
    private final Duration answerWithin;
    private final InstantSource clock;
    private final HttpClient http;

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

    /** An answer after which the call is worth another attempt. */
    static final class AnsweredWithError extends IOException {
        private static final long serialVersionUID = 1;

        AnsweredWithError(int status) {
            super("The server answered " + status + "; the call is tried again after the backoff");
        }
    }

    /** @param answerWithin how long a whole answer may take, from the request's first byte on */
    public CallApi(DemoSettings.Reach reach, Duration answerWithin, InstantSource clock) {
        this.reach = reach;
        this.answerWithin = answerWithin;
        this.clock = clock;
        this.http = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    @Override
    public Result handle(Request request, JobContext job) throws IOException, InterruptedException {
        URI url = URI.create(request.url());
        requireReachable(url, job);
        HttpResponse<LimitedBody.Received> answer = exchange(toHttp(request, url, job));
        int status = answer.statusCode();
        if (status >= 200 && status < 300) {
            return result(answer);
        }
        throw failure(answer, job);
    }

    private void requireReachable(URI url, JobContext job) throws UnknownHostException {
        for (InetAddress address : InetAddress.getAllByName(url.getHost())) {
            if (!PublicAddresses.reachable(address, reach)) {
                throw job.discard("The host " + url.getHost() + " has an address that call-api may not call: private,"
                        + " loopback, link-local or multicast. LONGSHORE_CALL_API_ALLOW_PRIVATE=true allows them all");
            }
        }
    }

    private HttpRequest toHttp(Request request, URI url, JobContext job) {
        HttpRequest.Builder call = HttpRequest.newBuilder(url).timeout(answerWithin);
        HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.noBody();
        if (request.body() != null) {
            boolean text = request.body().tree().isString();
            body = HttpRequest.BodyPublishers.ofByteArray(
                    text
                            ? request.body().as(String.class).getBytes(StandardCharsets.UTF_8)
                            : request.body().utf8());
            call.setHeader("Content-Type", text ? "text/plain; charset=utf-8" : "application/json");
        }
        if (request.headers() != null) {
            request.headers().forEach(call::setHeader);
        }
        return call.setHeader("Idempotency-Key", job.id())
                .method(request.method().name(), body)
                .build();
    }

    private HttpResponse<LimitedBody.Received> exchange(HttpRequest call) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<LimitedBody.Received>> answer =
                http.sendAsync(call, headers -> new LimitedBody(MOST_BODY));
        try {
            return answer.get(answerWithin.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("The server gave no whole answer within " + answerWithin.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException("The call failed: " + e.getCause(), e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    /** What to throw for an answer that is none of the 2xx. */
    private RuntimeException failure(HttpResponse<?> answer, JobContext job) throws AnsweredWithError {
        int status = answer.statusCode();
        if (status == 429 || status == 503) {
            Duration wait = answer.headers()
                    .firstValue("Retry-After")
                    .flatMap(header -> RetryAfter.parse(header, clock.instant()))
                    .orElseThrow(() -> new AnsweredWithError(status));
            return job.retryIn(wait, "The server answered " + status + " and asks to wait " + wait.toSeconds() + " s");
        }
        if (status >= 500) {
            throw new AnsweredWithError(status);
        }
        String redirect = status < 400 ? " (a redirect, which is not followed: give the final address)" : "";
        return job.discard("The server answered " + status + redirect + "; the same call would get the same answer");
    }

    private static Result result(HttpResponse<LimitedBody.Received> answer) {
        LimitedBody.Received received = answer.body();
        String text = charset(answer).decode(received.content()).toString();
        String kept = text.substring(0, fitting(text));
        boolean truncated = received.truncated() || kept.length() < text.length();
        return new Result(answer.statusCode(), kept, truncated ? true : null);
    }

    private static Charset charset(HttpResponse<?> answer) {
        Matcher named =
                CHARSET.matcher(answer.headers().firstValue("Content-Type").orElse(""));
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

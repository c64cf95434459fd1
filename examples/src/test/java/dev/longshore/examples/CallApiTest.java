package dev.longshore.examples;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.longshore.task.Json;
import dev.longshore.testkit.HandlerEnd;
import dev.longshore.testkit.HandlerRun;
import dev.longshore.testkit.LongshoreTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallApiTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));

    private final CallApi handler = new CallApi(ExampleSettings.Reach.LOOPBACK, Duration.ofSeconds(10), NOON);
    private final List<Received> received = new ArrayList<>();
    private final CountDownLatch testOver = new CountDownLatch(1);
    private HttpServer server;

    private record Received(String method, Headers headers, String body) {}

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stopServer() {
        testOver.countDown();
        server.stop(0);
    }

    @Test
    void aCallCarriesItsBodyItsHeadersAndTheJobsIdAndBringsTheAnswerBack() throws Exception {
        answer(201, "{\"id\":7}", Map.of());

        HandlerRun<CallApi.Request, CallApi.Result> run = HandlerRun.of(handler);

        assertThat(run.run(new CallApi.Request(
                        CallApi.Method.POST, url(), Json.parse("{\"n\":1.50}"), Map.of("X-Team", "quay"))))
                .returned(new CallApi.Result(201, "{\"id\":7}", null));
        Received call = received.getFirst();
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.body()).isEqualTo("{\"n\":1.50}");
        assertThat(call.headers().getFirst("Idempotency-Key")).isEqualTo(run.id());
        assertThat(call.headers().getFirst("Content-Type")).isEqualTo("application/json");
        assertThat(call.headers().getFirst("X-Team")).isEqualTo("quay");
    }

    /** The called API drops what it has seen under the same Idempotency-Key. */
    @Test
    void aCrashAtAnyPlaceMakesOneCallUnderOneKey() {
        answer(201, "", Map.of());
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> tasks.add("call-api", CallApi.Request.class, handler));

        jobs.crashEverywhere(
                "call-api",
                new CallApi.Request(CallApi.Method.POST, url(), Json.parse("{\"n\":1.50}"), null),
                this::takeCalls);
    }

    private Set<String> takeCalls() {
        Set<String> calls = received.stream()
                .map(call -> call.headers().getFirst("Idempotency-Key") + " " + call.body())
                .collect(Collectors.toSet());
        received.clear();
        return calls;
    }

    @Test
    void aStringIsSentAsItIs() throws Exception {
        answer(204, "", Map.of());

        end(handler, new CallApi.Request(CallApi.Method.PUT, url(), Json.of("a \"b\"\n"), null))
                .result();

        assertThat(received.getFirst().body()).isEqualTo("a \"b\"\n");
        assertThat(received.getFirst().headers().getFirst("Content-Type")).startsWith("text/plain");
    }

    @Test
    void retryAfterInSecondsIsHonoured() {
        for (int status : new int[] {429, 503}) {
            restartAnswering(status, Map.of("Retry-After", "120"));
            assertRetriedIn(Duration.ofMinutes(2));
        }
    }

    @Test
    void retryAfterAsADateIsHonoured() {
        answer(503, "", Map.of("Retry-After", "Sun, 01 Mar 2026 12:05:30 GMT"));
        assertRetriedIn(Duration.ofSeconds(330));

        restartAnswering(503, Map.of("Retry-After", "Sun, 01 Mar 2026 11:00:00 GMT"));
        assertRetriedIn(Duration.ZERO);
    }

    @Test
    void anAbsurdRetryAfterIsCappedAndAnUnreadableOneLeftToTheBackoff() {
        answer(429, "", Map.of("Retry-After", "99999999999999999999"));
        assertRetriedIn(Duration.ofDays(30));

        restartAnswering(429, Map.of("Retry-After", "soon"));
        assertThat(get()).failedWith(CallApi.AnsweredWithError.class).withErrorContaining("429");
    }

    @Test
    void serverErrorsAreWorthAnotherAttempt() {
        for (int status : new int[] {500, 502, 503, 504}) {
            restartAnswering(status, Map.of());
            assertThat(get()).failedWith(CallApi.AnsweredWithError.class).withErrorContaining("answered " + status);
        }
    }

    @Test
    void otherClientErrorsAreNot() {
        for (int status : new int[] {400, 401, 404, 422}) {
            restartAnswering(status, Map.of());
            assertThat(get()).discardedBecause("answered " + status);
        }
    }

    @Test
    void aRedirectIsNotFollowed() {
        answer(302, "", Map.of("Location", "http://169.254.169.254/latest/meta-data/"));

        assertThat(get()).discardedBecause("redirect");
        assertThat(received).hasSize(1);
    }

    @Test
    void aSlowServerIsGivenUpOn() {
        server.createContext("/", exchange -> await(testOver));
        CallApi hasty = new CallApi(ExampleSettings.Reach.LOOPBACK, Duration.ofMillis(100), NOON);

        assertThat(end(hasty, getRequest())).failedWith(IOException.class);
    }

    @Test
    void aBodyThatNeverEndsIsGivenUpOn() {
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('a');
            exchange.getResponseBody().flush();
            await(testOver);
        });
        CallApi hasty = new CallApi(ExampleSettings.Reach.LOOPBACK, Duration.ofMillis(300), NOON);

        assertThat(end(hasty, getRequest())).failedWith(IOException.class).withErrorContaining("300 ms");
    }

    @Test
    void aLongAnswerIsCutAndSaysSo() throws Exception {
        answer(200, "x".repeat(CallApi.MOST_BODY + 1), Map.of());

        CallApi.Result result = get().result();

        assertThat(result.body()).hasSize(CallApi.MOST_BODY);
        assertThat(result.truncated()).isTrue();
    }

    @Test
    void anAnswerOfControlCharactersStillFitsAResult() throws Exception {
        answer(200, "\u0001".repeat(150_000), Map.of());

        CallApi.Result result = get().result();

        assertThat(Json.of(result).utf8Length()).isLessThan(256 * 1024);
        assertThat(result.truncated()).isTrue();
    }

    @Test
    void theAnswersCharsetIsHeeded() throws Exception {
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=ISO-8859-1");
            byte[] body = "Käpt'n".getBytes(StandardCharsets.ISO_8859_1);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });

        assertThat(get().result().body()).isEqualTo("Käpt'n");
    }

    @Test
    void aClosedPortIsWorthAnotherAttempt() {
        server.stop(0);

        assertThat(get()).failedWith(IOException.class);
    }

    @Test
    void anInterruptedCallEndsAtOnce() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        server.createContext("/", exchange -> {
            called.countDown();
            await(testOver);
        });
        CompletableFuture<HandlerEnd<CallApi.Result>> end = new CompletableFuture<>();
        Thread attempt = Thread.startVirtualThread(() -> end.complete(get()));

        called.await();
        attempt.interrupt();

        assertThat(end.get(10, TimeUnit.SECONDS)).failedWith(InterruptedException.class);
    }

    @Test
    void insideAddressesAreRefused() {
        CallApi outward = new CallApi(ExampleSettings.Reach.PUBLIC, Duration.ofSeconds(1), NOON);
        for (String host : List.of(
                "127.0.0.1",
                "10.1.2.3",
                "192.168.0.1",
                "172.16.0.1",
                "169.254.169.254",
                "0.0.0.0",
                "100.64.0.1",
                "224.0.0.1",
                "[::1]",
                "[fd00:ec2::254]",
                "[fe80::1]",
                "[::ffff:10.0.0.1]",
                "[::ffff:a9fe:a9fe]",
                "[64:ff9b::a9fe:a9fe]",
                "[2002:a9fe:a9fe::1]",
                "[::127.0.0.1]",
                "[::]",
                "2852039166",
                "localhost")) {
            assertThat(end(outward, new CallApi.Request(CallApi.Method.GET, "http://" + host + "/", null, null)))
                    .as(host)
                    .discardedBecause("LONGSHORE_CALL_API_ALLOW_PRIVATE");
        }
        assertThat(end(handler, new CallApi.Request(CallApi.Method.GET, "http://10.1.2.3/", null, null)))
                .as("loopback allowed is not private allowed")
                .discardedBecause("LONGSHORE_CALL_API_ALLOW_PRIVATE");
    }

    @Test
    void aNameIsAsFarAsTheFarthestOfItsAddresses() {
        for (String inside : List.of("169.254.169.254", "10.0.0.1", "fd00:ec2::254", "::ffff:127.0.0.1")) {
            CallApi outward = calling(ExampleSettings.Reach.PUBLIC, "8.8.8.8", inside);

            assertThat(end(outward, rebinding()))
                    .as(inside)
                    .discardedBecause("rebinding.example has an address that call-api may not call");
        }
    }

    /** The first answer is fit to be checked, the next ones lead inside: a second lookup gets those. */
    @Test
    void aNameThatLeadsElsewhereAfterItWasCheckedIsCalledWhereItWasChecked() throws Exception {
        answer(200, "where it was checked", Map.of());
        AtomicInteger lookups = new AtomicInteger();
        InetAddress here = InetAddress.getLoopbackAddress();
        InetAddress inside = InetAddress.getByName("169.254.169.254");
        CallApi call = new CallApi(
                new ReachableNames(ExampleSettings.Reach.LOOPBACK, host ->
                        new InetAddress[] {lookups.getAndIncrement() == 0 ? here : inside}),
                Duration.ofSeconds(10),
                NOON);

        assertThat(end(call, rebinding()).result().body()).isEqualTo("where it was checked");
        assertThat(lookups).hasValue(1);
        assertThat(received.getFirst().headers().getFirst("Host")).startsWith("rebinding.example:");
        assertThat(end(call, rebinding()))
                .as("and a second call is checked again")
                .discardedBecause("rebinding.example has an address that call-api may not call");
    }

    @Test
    void anAnswerThatUnpacksItselfIsTakenAsItCame() throws Exception {
        answer(200, "packed", Map.of("Content-Encoding", "gzip"));

        assertThat(get().result().body()).isEqualTo("packed");
        assertThat(received.getFirst().headers()).doesNotContainKey("Accept-encoding");
    }

    @Test
    void noProxyOfTheMachineIsAsked() throws Exception {
        answer(200, "direct", Map.of());
        System.setProperty("http.proxyHost", "127.0.0.1");
        System.setProperty("http.proxyPort", "1");
        System.setProperty("http.nonProxyHosts", "");
        try {
            assertThat(get().result().body()).isEqualTo("direct");
        } finally {
            List.of("http.proxyHost", "http.proxyPort", "http.nonProxyHosts").forEach(System::clearProperty);
        }
    }

    private CallApi.Request rebinding() {
        return new CallApi.Request(
                CallApi.Method.GET,
                "http://rebinding.example:" + server.getAddress().getPort() + "/",
                null,
                null);
    }

    private CallApi calling(ExampleSettings.Reach reach, String... addresses) {
        ReachableNames names = new ReachableNames(reach, host -> {
            InetAddress[] found = new InetAddress[addresses.length];
            for (int i = 0; i < addresses.length; i++) {
                found[i] = InetAddress.getByName(addresses[i]);
            }
            return found;
        });
        return new CallApi(names, Duration.ofSeconds(10), NOON);
    }

    @Test
    void aPayloadSaysWhatItTakes() {
        for (String url : List.of(
                "ftp://example.com/",
                "file:///etc/passwd",
                "/path",
                "http://u:p@example.com/",
                "http://",
                "http://127.1/",
                "http://0x7f.1/")) {
            assertThatThrownBy(() -> new CallApi.Request(CallApi.Method.GET, url, null, null))
                    .as(url)
                    .hasMessageContaining("url takes an absolute http or https address");
        }
        assertThatThrownBy(() -> new CallApi.Request(CallApi.Method.GET, url(), null, Map.of("A", "b\r\nC: d")))
                .hasMessageContaining("one line of ASCII");
        assertThatThrownBy(() -> new CallApi.Request(CallApi.Method.GET, url(), null, Map.of("Host", "b")))
                .hasMessageContaining("set by call-api itself");
    }

    private void assertRetriedIn(Duration wait) {
        assertThat(get()).retriesIn(wait);
    }

    private HandlerEnd<CallApi.Result> get() {
        return end(handler, getRequest());
    }

    private static HandlerEnd<CallApi.Result> end(CallApi call, CallApi.Request request) {
        return HandlerRun.of(call).run(request);
    }

    private CallApi.Request getRequest() {
        return new CallApi.Request(CallApi.Method.GET, url(), null, null);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private void restartAnswering(int status, Map<String, String> headers) {
        try {
            server.removeContext("/");
        } catch (IllegalArgumentException e) {
            // none yet
        }
        answer(status, "", headers);
    }

    private void answer(int status, String body, Map<String, String> headers) {
        server.createContext("/", exchange -> {
            received.add(new Received(
                    exchange.getRequestMethod(),
                    exchange.getRequestHeaders(),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            headers.forEach(exchange.getResponseHeaders()::set);
            byte[] content = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

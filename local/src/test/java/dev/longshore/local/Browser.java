package dev.longshore.local;

import dev.longshore.task.Json;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A real browser with one page, over the Chrome DevTools Protocol. */
final class Browser implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final WebSocket socket;
    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();
    private String session = "";
    private int calls;

    private Browser(Process process, String url) {
        this.process = process;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(url), new Listener())
                .join();
    }

    private final class Listener implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            part.append(text);
            if (last) {
                received.add(Json.parse(part.toString()).tree());
                part.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }
    }

    /** The browser of this machine; empty where there is none. */
    static Optional<Path> installed() {
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts it with a profile of its own in {@code folder}. */
    static Browser start(Path executable, Path folder) throws IOException {
        Process process = new ProcessBuilder(
                        executable.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-background-networking",
                        "--user-data-dir=" + folder,
                        "--remote-debugging-port=0",
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                Browser browser = new Browser(process, listening.group(1));
                browser.openPage();
                return browser;
            }
        }
        throw new IllegalStateException("The browser " + executable + " ended and listened nowhere");
    }

    private void openPage() {
        String target = call("Target.createTarget", Map.of("url", "about:blank"))
                .get("targetId")
                .asString();
        session = call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId")
                .asString();
    }

    void size(int width, int height) {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    void open(URI url) {
        call("Page.navigate", Map.of("url", url.toString()));
    }

    /** What an expression of JavaScript is worth, as text. */
    String evaluate(String expression) {
        JsonNode answer =
                call("Runtime.evaluate", Map.of("expression", "String(" + expression + ")", "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + " failed: " + answer.get("exceptionDetails"));
        }
        return answer.get("result").get("value").asString();
    }

    /** Looks until an expression is true. */
    void await(String condition) {
        Instant giveUp = Instant.now().plus(PATIENCE);
        while (!evaluate("Boolean(" + condition + ")").equals("true")) {
            if (Instant.now().isAfter(giveUp)) {
                throw new AssertionError("After " + PATIENCE + " it is still not so that " + condition
                        + "; the page says: " + evaluate("document.body.innerText"));
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos()); // a browser's clock cannot be set
        }
    }

    private JsonNode call(String method, Map<String, Object> parameters) {
        int id = ++calls;
        Map<String, Object> message = session.isEmpty()
                ? Map.of("id", id, "method", method, "params", parameters)
                : Map.of("id", id, "method", method, "params", parameters, "sessionId", session);
        socket.sendText(Json.of(message).text(), true).join();
        try {
            JsonNode answer = received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            while (answer != null && answer.path("id").asInt(0) != id) { // an event
                answer = received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            if (answer == null || answer.has("error")) {
                throw new AssertionError(method + " was answered " + answer);
            }
            return answer.get("result");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** All of it, for {@link #evaluate}. */
    static String quoted(String text) {
        return Json.of(List.of(text)).text() + "[0]";
    }
}

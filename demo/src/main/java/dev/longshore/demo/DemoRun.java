package dev.longshore.demo;

import dev.longshore.local.LocalRuntime;
import dev.longshore.local.LocalSettings;
import dev.longshore.task.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Sends one job of each example task through HTTP, and prints how each one ended. */
final class DemoRun {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final int SHOWN = 160;

    private final URI url;
    private final String key;
    private final HttpClient http = HttpClient.newHttpClient();

    private DemoRun(URI url, String key) {
        this.url = url;
        this.key = key;
    }

    /** @return the process's exit status: 0 when every job has succeeded */
    static int run(LocalSettings settings) throws InterruptedException {
        LocalSettings anyPort = new LocalSettings(0, settings.data(), settings.key());
        try (Mailbox mailbox = Mailbox.start();
                LocalRuntime runtime = LocalRuntime.start(anyPort, LaptopWorker.mailingThrough(mailbox))) {
            System.out.println("Longshore is up on " + runtime.url() + ". One job of each example task:\n");
            int unsuccessful = new DemoRun(runtime.url(), runtime.key()).run();
            System.out.println("Mails received: " + mailbox.received());
            System.out.println("Files are in " + runtime.files());
            return unsuccessful == 0 ? 0 : 1;
        } catch (IOException e) {
            System.err.println("The demo could not speak to its own API: " + e.getMessage());
            return 1;
        }
    }

    private int run() throws IOException, InterruptedException {
        Map<String, String> jobs = new LinkedHashMap<>();
        for (JsonNode task : get("/v1/tasks").get("tasks")) {
            String name = task.get("name").asString();
            jobs.put(name, enqueue(name, payload(name, task)));
        }
        List<String> unsuccessful = new ArrayList<>();
        for (Map.Entry<String, String> job : jobs.entrySet()) {
            JsonNode end = awaitEnd(job.getValue());
            print(job.getKey(), end);
            if (!end.get("state").asString().equals("SUCCEEDED")) {
                unsuccessful.add(job.getKey());
            }
        }
        System.out.println(
                unsuccessful.isEmpty()
                        ? "All " + jobs.size() + " jobs have succeeded."
                        : "These did not succeed: " + String.join(", ", unsuccessful));
        return unsuccessful.size();
    }

    private Json payload(String task, JsonNode description) {
        return switch (task) {
            case "rehearse" -> Json.of(Map.of("failAttempts", 1, "runMs", 300, "progressSteps", 3, "value", "done"));
            case "call-api" -> Json.of(Map.of("method", "GET", "url", url + "/v1/health"));
            default ->
                Json.of(Optional.ofNullable(description.get("example"))
                        .orElseThrow(() ->
                                new IllegalStateException("The example task " + task + " has no example payload")));
        };
    }

    private String enqueue(String task, Json payload) throws IOException, InterruptedException {
        String body = Json.of(Map.of("task", task, "payload", payload)).text();
        HttpRequest request = request("/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        long start = System.nanoTime();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 202) {
            throw new IOException(
                    "POST /v1/jobs for " + task + " was answered " + answer.statusCode() + ": " + answer.body());
        }
        System.out.printf(
                "%-16s 202 in %d ms%n",
                task, Duration.ofNanos(System.nanoTime() - start).toMillis());
        return Json.parse(answer.body()).tree().get("id").asString();
    }

    private JsonNode awaitEnd(String id) throws IOException, InterruptedException {
        Instant giveUp = Instant.now().plus(PATIENCE);
        JsonNode job = get("/v1/jobs/" + id);
        while (!job.has("finishedAt") && Instant.now().isBefore(giveUp)) {
            Thread.sleep(BETWEEN_LOOKS);
            job = get("/v1/jobs/" + id);
        }
        return job;
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("GET " + path + " was answered " + answer.statusCode() + ": " + answer.body());
        }
        return Json.parse(answer.body()).tree();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url.resolve(path)).header("Authorization", "Bearer " + key);
    }

    private static void print(String task, JsonNode job) {
        System.out.println("\n" + task + "  " + job.get("id").asString());
        Instant start = Instant.parse(job.get("createdAt").asString());
        for (JsonNode step : job.get("history")) {
            Duration after =
                    Duration.between(start, Instant.parse(step.get("at").asString()));
            String attempt = step.has("attempt") && step.get("attempt").asInt() > 0
                    ? "  attempt " + step.get("attempt").asInt()
                    : "";
            String error = step.has("error") ? "  " + cut(step.get("error").asString()) : "";
            System.out.printf(
                    "  +%6d ms  %-9s%s%s%n", after.toMillis(), step.get("state").asString(), attempt, error);
        }
        if (job.has("result")) {
            System.out.println("  result      " + cut(Json.of(job.get("result")).text()));
        }
    }

    private static String cut(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "… (" + text.length() + " characters)";
    }
}

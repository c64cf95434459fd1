package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.suites.e2e.Api;
import dev.longshore.task.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The snippets of {@code docs/writing-handlers.md}, as they are there, do what the page says of them. */
class HandlersPageTest {
    private static final Path PAGE = Path.of("..", "docs", "writing-handlers.md");
    private static final Pattern JAVA = Pattern.compile("(?ms)^```java\\n(.*?)^```");
    private static final String IMPORTS = """
            package com.example;

            import dev.longshore.task.*;
            import dev.longshore.worker.WorkerFunction;
            import java.time.Duration;
            import java.util.*;
            import java.util.concurrent.atomic.AtomicInteger;

            """;

    @TempDir
    static Path folder;

    private static PastedWorker compiled;
    private static LocalRuntime runtime;
    private static Api api;

    @BeforeAll
    static void compileAndStart() throws Exception {
        compiled = PastedWorker.compile(folder, "ShopWorker", IMPORTS + snippets());
        System.setProperty("longshore.secret.carrier", "swordfish");
        runtime = LocalRuntime.start(
                new LocalSettings(0, folder.resolve("data"), Optional.empty()), compiled.construct());
        api = new Api(runtime.url(), runtime.key(), Duration.ofSeconds(60));
    }

    @AfterAll
    static void stop() throws IOException {
        System.clearProperty("longshore.secret.carrier");
        if (runtime != null) {
            runtime.close();
        }
        compiled.close();
    }

    private static String snippets() throws IOException {
        return JAVA.matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .collect(Collectors.joining("\n"));
    }

    private static String enqueue(String task, String payload) {
        return api.enqueue(Map.of("task", task, "payload", Json.parse(payload)));
    }

    private static JsonNode succeeded(String task, String payload) {
        return api.await(enqueue(task, payload), "SUCCEEDED");
    }

    @Test
    void returnedValueIsTheResult() {
        JsonNode job = succeeded("ship-order", "{\"number\": \"7\", \"customer\": \"Ada\"}");

        assertThat(job.get("result").asString()).isEqualTo("order 7 is shipped to Ada");
    }

    @Test
    void handlerThatRequestsARetryGetsItAndOneThatDiscardsIsDead() {
        JsonNode booked = succeeded("book-carrier", "{\"number\": \"7\", \"customer\": \"Ada\"}");
        JsonNode dead = api.await(enqueue("book-carrier", "{\"number\": \" \", \"customer\": \"Ada\"}"), "DEAD");

        assertThat(booked.get("attempt").asInt()).isEqualTo(2);
        assertThat(booked.get("result").asString()).startsWith("booked with 9 characters");
        assertThat(dead.get("deadReason").asString()).isEqualTo("discarded");
    }

    @Test
    void snoozeUsesUpNoAttempt() {
        JsonNode job = succeeded("thank", "{\"number\": \"7\", \"customer\": \"Ada\"}");

        assertThat(job.get("attempt").asInt()).isEqualTo(1);
        assertThat(job.get("result").asString()).isEqualTo("thanks, Ada");
    }

    @Test
    void importCountsItsLines() {
        assertThat(succeeded("import-orders", "{\"lines\": [\"a\", \"b\", \"c\"]}")
                        .get("result")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void workThatContinuesEndsWithoutAnotherAttempt() {
        JsonNode job = succeeded("count-stock", "{\"count\": 250}");

        assertThat(job.get("result").asInt()).isEqualTo(250 * 12);
        assertThat(job.get("attempt").asInt()).isEqualTo(1);
        assertThat(Api.states(job))
                .filteredOn("RUNNING"::equals)
                .as("invocations")
                .hasSize(3);
    }

    @Test
    void fencedEffectHappens() {
        assertThat(succeeded("take-from-stock", "{\"number\": \"8\", \"customer\": \"Ada\"}")
                        .get("result")
                        .asString())
                .isEqualTo("taken");
    }

    @Test
    void enqueuedJobsRun() {
        JsonNode day = succeeded(
                "close-day",
                "{\"orders\": [{\"number\": \"1\", \"customer\": \"Ada\"}, {\"number\": \"2\", \"customer\": \"Bea\"}]}");

        List<String> results = day.get("result")
                .valueStream()
                .map(id -> api.await(id.asString(), "SUCCEEDED").get("result").asString())
                .toList();
        assertThat(results).containsExactly("order 1 is shipped to Ada", "order 2 is shipped to Bea");
    }
}

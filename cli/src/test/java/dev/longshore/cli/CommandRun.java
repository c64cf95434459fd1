package dev.longshore.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs commands in this process, with streams, variables and a clock of the test's own. */
final class CommandRun {
    static final String KEY = "ls_test_a-secret-of-the-key";
    static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    private final Map<String, String> variables = new HashMap<>();
    private final Path home;
    private final Deque<String> typed = new ArrayDeque<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> questions = new ArrayList<>();
    private String input = "";
    private String terminal = "";
    private int columns = 120;

    CommandRun(Path home) {
        this.home = home;
    }

    static CommandRun against(FakeApi api, Path home) {
        return new CommandRun(home).with("LONGSHORE_URL", api.url()).with("LONGSHORE_KEY", KEY);
    }

    CommandRun with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    CommandRun without(String variable) {
        variables.remove(variable);
        return this;
    }

    CommandRun input(String text) {
        input = text;
        return this;
    }

    /** @param streams digits of those that are a terminal */
    CommandRun terminal(String streams, int width) {
        terminal = streams;
        columns = width;
        return this;
    }

    CommandRun types(String... lines) {
        typed.addAll(Arrays.asList(lines));
        return this;
    }

    int run(String... arguments) {
        out.reset();
        err.reset();
        return Main.run(shell(), arguments);
    }

    Shell shell() {
        return new Shell(
                variables,
                home,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                columns,
                Clock.fixed(NOW, ZoneOffset.UTC),
                (Duration time) -> {},
                (question, secret) -> {
                    questions.add(question);
                    return typed.poll();
                });
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    List<String> questions() {
        return questions;
    }
}

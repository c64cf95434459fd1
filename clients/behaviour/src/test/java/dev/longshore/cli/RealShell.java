package dev.longshore.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs commands in this process, with the system's clock, an environment of its own and what is typed in a terminal. */
final class RealShell {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final Map<String, String> variables = new HashMap<>();
    private final Path home;

    RealShell(Path home) {
        this.home = home;
    }

    /** How a command ended. */
    record Ended(int exit, String out, String err) {
        /** The last line of data. */
        String last() {
            List<String> lines = out.lines().toList();
            return lines.isEmpty() ? "" : lines.getLast();
        }

        /** Of a list with --json. */
        List<JsonNode> jsonLines() {
            return out.lines().map(JSON::readTree).toList();
        }

        @Override
        public String toString() {
            return "exit " + exit + "\n" + out + "\nstandard error:\n" + err;
        }
    }

    RealShell with(String variable, String value) {
        RealShell other = new RealShell(home);
        other.variables.putAll(variables);
        other.variables.put(variable, value);
        return other;
    }

    Ended run(String... arguments) {
        return run("", List.of(), arguments);
    }

    /** In a terminal, in which these lines are typed. */
    Ended inTerminal(List<String> typed, String... arguments) {
        return run("02", typed, arguments);
    }

    private Ended run(String terminal, List<String> typed, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Deque<String> lines = new ArrayDeque<>(typed);
        int exit = Main.run(
                new Shell(
                        variables,
                        home,
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        terminal,
                        200,
                        Clock.systemUTC(),
                        time -> Thread.sleep(time.toMillis()),
                        (question, secret) -> lines.poll()),
                arguments);
        return new Ended(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Runs a command again until it ends so: the runtime has the system's clock. */
    Ended until(int exit, String... arguments) {
        Instant giveUp = Instant.now().plus(LONGEST_WAIT);
        Ended ended = run(arguments);
        while (ended.exit() != exit) {
            if (Instant.now().isAfter(giveUp)) {
                throw new AssertionError("Not exit " + exit + " after " + LONGEST_WAIT.toSeconds() + " s: " + ended);
            }
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            ended = run(arguments);
        }
        return ended;
    }
}

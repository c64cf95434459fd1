package dev.longshore.cli;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The process's variables, streams, terminal and time, which tests replace.
 *
 * @param variables of the environment
 * @param home the user's home folder
 * @param terminal digits of the streams that are a terminal: 0 input, 1 output, 2 error
 * @param columns width of the terminal
 */
record Shell(
        Map<String, String> variables,
        Path home,
        InputStream in,
        PrintStream out,
        PrintStream err,
        String terminal,
        int columns,
        Clock clock,
        Sleep sleep,
        Prompt prompt) {
    private static final int COLUMNS = 120;

    /** Waits. */
    interface Sleep {
        void sleep(Duration time) throws InterruptedException;
    }

    /** Reads a line from the terminal; null at its end. */
    interface Prompt {
        @Nullable
        String read(String question, boolean secret);
    }

    /** That of this process. The script {@code longshore} says in properties what is a terminal. */
    static Shell ofProcess() {
        return new Shell(
                System.getenv(),
                Path.of(System.getProperty("user.home")),
                System.in,
                new PrintStream(System.out, false, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                System.getProperty("longshore.terminal", ""),
                columns(System.getProperty("longshore.columns", "")),
                Clock.systemUTC(),
                time -> Thread.sleep(time.toMillis()),
                Shell::fromConsole);
    }

    boolean inputIsTerminal() {
        return terminal.contains("0");
    }

    boolean outputIsTerminal() {
        return terminal.contains("1");
    }

    boolean errorIsTerminal() {
        return terminal.contains("2");
    }

    /** Null when it is not set or empty. */
    @Nullable
    String variable(String name) {
        String value = variables.get(name);
        return value == null || value.isBlank() ? null : value;
    }

    /** The first of these programs that the PATH has. */
    Optional<Path> onPath(String... programs) {
        String path = variable("PATH");
        return path == null
                ? Optional.empty()
                : Stream.of(programs)
                        .flatMap(program -> Stream.of(path.split(":", -1)).map(folder -> Path.of(folder, program)))
                        .filter(Files::isExecutable)
                        .findFirst();
    }

    /** To start another program, which gets this environment without the API key. */
    ProcessBuilder program(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(variables);
        builder.environment().remove("LONGSHORE_KEY");
        return builder;
    }

    private static int columns(String text) {
        return text.matches("\\d{1,4}") ? Math.max(40, Integer.parseInt(text)) : COLUMNS;
    }

    @SuppressWarnings("SystemConsoleNull") // it is null on JDK 17 where input or output is no terminal
    private static @Nullable String fromConsole(String question, boolean secret) {
        Console console = System.console();
        if (console == null) {
            return null;
        }
        if (!secret) {
            return console.readLine("%s", question);
        }
        char[] typed = console.readPassword("%s", question);
        return typed == null ? null : new String(typed);
    }
}

package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The script and the runnable jar, as processes. */
class StartIT {
    private record Ended(int exit, String out) {}

    private static Ended run(String input, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("LONGSHORE_KEY", "LONGSHORE_URL", "LONGSHORE_JAR"));
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out);
    }

    @Test
    void scriptRunsTheJar() throws IOException, InterruptedException {
        Ended version = run("", "./longshore", "--version");

        assertThat(version.exit()).as(version.out()).isZero();
        assertThat(version.out()).matches("longshore \\d+\\.\\d+\\.\\d+\\S*\\n");
        assertThat(run("", "./longshore", "enqueue").exit()).isEqualTo(Exit.USAGE);
    }

    @Test
    void completionIsAScriptThatBashReads() throws IOException, InterruptedException {
        Ended script = run("", "./longshore", "completion", "bash");

        assertThat(script.out()).contains("redrive").contains("--canary");
        Ended read = run(script.out(), "bash", "-n");
        assertThat(read.exit()).as(read.out()).isZero();
    }
}

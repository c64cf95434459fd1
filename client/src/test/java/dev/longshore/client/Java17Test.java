package dev.longshore.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The client on the oldest JDK that it is for. */
class Java17Test {
    @Test
    void aJobIsEnqueuedAndAwaitedOnJava17() throws Exception {
        Optional<Path> java = java17();
        assumeTrue(java.isPresent(), "Skipped: there is no JDK 17 in JAVA_HOME_17_X64 or /usr/lib/jvm");
        try (ScriptedApi api = new ScriptedApi()) {
            api.then(202, ScriptedApi.JOB.formatted("QUEUED"))
                    .then(
                            200,
                            ScriptedApi.JOB
                                    .formatted("SUCCEEDED")
                                    .replace("\"history\"", "\"result\":{\"amount\":42},\"history\""));

            Process process = new ProcessBuilder(
                            java.get().toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            OnJava17.class.getName(),
                            api.url())
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor()).as(printed).isZero();
            assertThat(printed).contains("17 01a20daa-53cb-7379-8fde-b2d1272cc745 Receipt[amount=42]");
            assertThat(api.requests()).hasSize(2);
        }
    }

    private static Optional<Path> java17() throws IOException {
        String home = System.getenv("JAVA_HOME_17_X64");
        if (home != null) {
            return Optional.of(Path.of(home, "bin/java"));
        }
        Path folder = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> homes = Files.list(folder)) {
            return homes.filter(one -> one.getFileName().toString().matches(".*(java|jdk|temurin)-(1\\.)?17\\b.*"))
                    .map(one -> one.resolve("bin/java"))
                    .filter(Files::isExecutable)
                    .findFirst();
        }
    }
}

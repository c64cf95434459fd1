package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The dashboard's script, run by Node. Tests are skipped where there is no Node. */
final class DashboardScript {
    private static final String NO_NODE = "No Node: the dashboard's script is not looked at here";

    private DashboardScript() {}

    /**
     * Answers what a module prints.
     *
     * @param module imports the script by the name in {@code process.argv[1]}
     */
    static String run(String module, byte[] input) throws IOException, InterruptedException {
        boolean hasNode = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "node")));
        if (!hasNode) {
            System.out.println(NO_NODE); // Maven does not print why a test was skipped
        }
        assumeTrue(hasNode, NO_NODE);
        // a .js file is a module for Node only where a package.json says so
        Path script = Files.createTempFile("dashboard", ".mjs");
        script.toFile().deleteOnExit();
        Files.copy(Path.of("src/main/resources/dashboard/dashboard.js"), script, StandardCopyOption.REPLACE_EXISTING);
        Process node = new ProcessBuilder(
                        "node",
                        "--input-type=module",
                        "--eval",
                        module,
                        script.toUri().toString())
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = node.getOutputStream()) {
            in.write(input);
        }
        String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}

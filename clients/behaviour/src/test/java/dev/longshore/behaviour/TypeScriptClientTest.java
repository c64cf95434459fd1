package dev.longshore.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The TypeScript client's own tests, the shared table among them, against a runtime of this process. */
class TypeScriptClientTest {
    private static final Path CLIENT = Path.of("../typescript");
    private static final Pattern NUMBER = Pattern.compile("(?m)^\\S+ (pass|fail|skipped) (\\d+)$");

    @TempDir
    Path folder;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void allTestsPassAndNoneIsSkipped() throws Exception {
        assumeTrue(
                isThere("node") && isThere("npm"),
                "Skipped: the TypeScript client needs Node 20 or newer, and there is none");
        try (FaultyRuntime faulty = FaultyRuntime.start(folder.resolve("data"))) {
            Map<String, String> environment = Map.of(
                    "LONGSHORE_FAULTY_URL", faulty.url().toString(),
                    "LONGSHORE_URL", faulty.runtimeUrl().toString(),
                    "LONGSHORE_KEY", faulty.key());

            run(environment, "npm", "ci", "--no-audit", "--no-fund", "--prefer-offline");
            String tests = run(environment, "npm", "test");

            assertThat(count(tests, "pass")).as(tests).isGreaterThan(80);
            assertThat(count(tests, "fail") + count(tests, "skipped")).as(tests).isZero();
        }
    }

    private static boolean isThere(String program) {
        return List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Runs a program of the package to its end; answers what it printed. */
    private String run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        ProcessBuilder process = new ProcessBuilder(command)
                .directory(CLIENT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        process.environment().putAll(environment);
        int status = process.start().waitFor();
        String printed = Files.readString(output);
        assertThat(status).as("%s: %s", String.join(" ", command), printed).isZero();
        return printed;
    }

    /** What node's test runner says at its end. */
    private static int count(String printed, String what) {
        Matcher lines = NUMBER.matcher(printed);
        int count = 0;
        while (lines.find()) {
            count += lines.group(1).equals(what) ? Integer.parseInt(lines.group(2)) : 0;
        }
        return count;
    }
}

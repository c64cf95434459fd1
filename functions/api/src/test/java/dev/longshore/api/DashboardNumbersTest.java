package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.task.Json;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The dashboard's own reading of JSON, run by Node: what it shows of a number is what was written. Skipped where there is no
 * Node; {@code DashboardInBrowserTest} looks at the whole page in a browser.
 */
class DashboardNumbersTest {
    private static final String NO_NODE = "No Node: the dashboard's numbers are not looked at here";

    /** Loads the page's script without a page, and answers what it shows of each of the texts that come in. */
    private static final String SHOW = """
            const nothing = new Proxy(function () {}, {
              get: (_, name) => name === 'then' ? undefined : nothing,
              set: () => true,
              apply: () => nothing,
            });
            globalThis.document = nothing;
            globalThis.location = {pathname: '/'};
            globalThis.sessionStorage = {getItem: () => null};
            globalThis.setInterval = () => {};
            globalThis.fetch = async () => ({ok: true});
            const {parse, pretty} = await import(process.argv[1]);
            let texts = '';
            for await (const part of process.stdin) texts += part;
            console.log(JSON.stringify(JSON.parse(texts).map(text => pretty(parse(text)))));
            """;

    @Test
    void numbersAreShownAsTheyWereWritten() throws Exception {
        List<String> texts = List.of(
                "9007199254740993",
                "-9007199254740993",
                "1e400",
                "-1E+400",
                "1.0",
                "-0",
                "0.1",
                "123456789.123456789123456789",
                "1e-400",
                "\"9007199254740993\"",
                "\"a \\\" 1e400\"",
                "\"\\\\\"",
                "[1,9007199254740993,[1e400,\"x\"],{\"1e400\":1e400}]",
                "{\"a\":null,\"b\":true,\"c\":-1.50,\"d\":{}}",
                "\"exact-1-2-3-4:7\"");

        assertThat(shown(texts)).isEqualTo(texts);
    }

    @Test
    void textThatIsNoJsonIsRefusedAsBefore() throws Exception {
        for (String text : List.of("{", "01", "1e", "[1,]", "NaN")) {
            assertThat(run(List.of(text))).as(text).contains("SyntaxError");
        }
    }

    private static List<String> shown(List<String> texts) throws IOException, InterruptedException {
        return Stream.of(Json.parse(run(texts)).as(String[].class))
                .map(text -> text.replaceAll("\\n *", "").replace("\": ", "\":"))
                .toList();
    }

    private static String run(List<String> texts) throws IOException, InterruptedException {
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
                        SHOW,
                        script.toUri().toString())
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = node.getOutputStream()) {
            in.write(Json.of(texts).utf8());
        }
        String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}

package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.task.Json;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The dashboard's own reading of JSON, run by Node: what it shows of a number is what was written. Skipped where there is no
 * Node; {@code DashboardInBrowserTest} looks at the whole page in a browser.
 */
class DashboardNumbersTest {
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
        return DashboardScript.run(SHOW, Json.of(texts).utf8());
    }
}

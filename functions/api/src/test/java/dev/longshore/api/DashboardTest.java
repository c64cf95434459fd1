package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The dashboard shows what jobs say, and jobs may say anything: nothing of it may become markup or script. */
class DashboardTest {
    private final ApiStage stage = new ApiStage();

    @Test
    void theScriptMakesNoMarkupAndNoCodeOfStrings() {
        String script = get("/dashboard.js").body();

        assertThat(script).contains("textContent");
        for (String call : List.of(
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document\\.write",
                "createContextualFragment",
                "parseFromString",
                "setHTMLUnsafe",
                "srcdoc",
                "\\beval\\s*\\(",
                "new Function",
                "set(Timeout|Interval)\\s*\\(\\s*['\"`]",
                "javascript:",
                "setAttribute\\s*\\(",
                "\\.on[a-z]+\\s*=",
                "\\.(href|src|action)\\s*=",
                "localStorage",
                "document\\.cookie")) {
            assertThat(script).as(call).doesNotContainPattern(call);
        }
    }

    @Test
    void thePageHasNoScriptNoStyleAndNoHandlerOfItsOwn() {
        String page = get("/").body();

        assertThat(Pattern.compile("<script[^>]*>([^<]*)</script>")
                        .matcher(page)
                        .results())
                .singleElement()
                .satisfies(script -> {
                    assertThat(script.group()).contains("src=\"dashboard.js\"");
                    assertThat(script.group(1)).isEmpty();
                });
        assertThat(page).doesNotContain("<style", "style=", "http:", "https:").doesNotContainPattern("\\son[a-z]+=");
    }

    @Test
    void thePolicyForbidsInlineScriptsOtherOriginsFramesAndMarkupOutOfStrings() {
        for (String path : List.of("/", "/dashboard.js", "/dashboard.css")) {
            assertThat(get(path).header("Content-Security-Policy").split("; ?", -1))
                    .as(path)
                    .containsExactlyInAnyOrder(
                            "default-src 'none'",
                            "script-src 'self'",
                            "style-src 'self'",
                            "connect-src 'self'",
                            "img-src data:",
                            "base-uri 'none'",
                            "form-action 'self'",
                            "frame-ancestors 'none'",
                            "require-trusted-types-for 'script'",
                            "trusted-types 'none'");
        }
    }

    private Answer get(String path) {
        Answer answer = stage.send("GET", path, Map.of(), new byte[0]);
        assertThat(answer.status()).isEqualTo(200);
        return answer;
    }
}

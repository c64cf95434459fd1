package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page {@code docs/payloads.md} lists the formats that there are, each with an example that is one. */
class PayloadPageTest {
    private static final Pattern FORMAT =
            Pattern.compile("^\\| `([A-Z_0-9]+)` \\| `[^`]+` \\| `([^`]+)`", Pattern.MULTILINE);

    @Test
    void everyFormatIsOnThePageWithAnExampleThatIsTaken() throws IOException {
        Matcher formats = FORMAT.matcher(Files.readString(Path.of("..", "..", "docs", "payloads.md")));

        assertThat(formats.results())
                .extracting(line -> line.group(1))
                .containsExactlyElementsOf(
                        Arrays.stream(PayloadFormat.values()).map(Enum::name).toList());
        assertThat(formats.reset().results())
                .allSatisfy(line -> assertThat(PayloadFormat.valueOf(line.group(1))
                                .reads(Json.of(line.group(2)).tree()))
                        .as(line.group())
                        .isTrue());
    }
}

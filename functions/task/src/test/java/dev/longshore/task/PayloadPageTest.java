package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page {@code docs/payloads.md} lists the formats that there are, each with an example that is one. */
class PayloadPageTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| `([A-Z_0-9]+)` \\| (?:`([^`]+)`)? *\\| `[^`]+` \\| `([^`]+)`", Pattern.MULTILINE);

    @Test
    void everyFormatIsOnThePageWithAnExampleThatIsTaken() {
        assertThat(rows())
                .extracting(row -> row.group(1))
                .containsExactlyElementsOf(
                        Arrays.stream(PayloadFormat.values()).map(Enum::name).toList());
        assertThat(examples())
                .allSatisfy((format, example) -> assertThat(
                                format.reads(Json.of(example).tree()))
                        .as("%s: %s", format, example)
                        .isTrue());
    }

    @Test
    void theStandardFormatOfEachIsOnThePage() {
        assertThat(rows())
                .allSatisfy(row -> assertThat(Optional.ofNullable(row.group(2)))
                        .as(row.group())
                        .isEqualTo(PayloadFormat.valueOf(row.group(1)).standard()));
    }

    /** The page's example of each format. */
    static Map<PayloadFormat, String> examples() {
        return rows().stream()
                .collect(Collectors.toMap(row -> PayloadFormat.valueOf(row.group(1)), row -> row.group(3)));
    }

    private static List<MatchResult> rows() {
        try {
            return ROW.matcher(Files.readString(Path.of("..", "..", "docs", "payloads.md")))
                    .results()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
    private static final List<String> NAMES = List.of("payload", "task", "delaySeconds");

    @Test
    void aSlipOfTheFingerFindsTheNameThatWasMeant() {
        assertThat(Spelling.nearest("paylod", NAMES)).contains("payload");
        assertThat(Spelling.nearest("DELAYSECONDS", NAMES)).contains("delaySeconds");
        assertThat(Spelling.nearest("taks", NAMES)).as("two neighbours swapped").contains("task");
        assertThat(Spelling.nearest("tasks", NAMES)).contains("task");
    }

    @Test
    void whatIsNearToNothingFindsNothing() {
        assertThat(Spelling.nearest("colour", NAMES)).isEmpty();
        assertThat(Spelling.nearest("", NAMES)).isEmpty();
        assertThat(Spelling.nearest("x", List.of())).isEmpty();
        assertThat(Spelling.nearest("payload".repeat(100), NAMES)).isEmpty();
    }

    @Test
    void aSentenceAboutAnUnknownNameEndsWithTheNearestOrWithAFullStop() {
        assertThat(Spelling.end("paylod", NAMES)).isEqualTo("; did you mean 'payload'?");
        assertThat(Spelling.end("colour", NAMES)).isEqualTo(".");
    }
}

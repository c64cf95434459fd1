package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
    private static final List<String> KNOWN = List.of("payload", "task", "delaySeconds");

    @Test
    void aSlipOfTheFingerFindsTheNameThatWasMeant() {
        assertThat(Spelling.nearest("paylod", KNOWN)).contains("payload");
        assertThat(Spelling.nearest("DELAYSECONDS", KNOWN)).contains("delaySeconds");
        assertThat(Spelling.nearest("taks", KNOWN)).as("two neighbours swapped").contains("task");
        assertThat(Spelling.nearest("tasks", KNOWN)).contains("task");
    }

    @Test
    void whatIsNearToNothingFindsNothing() {
        assertThat(Spelling.nearest("colour", KNOWN)).isEmpty();
        assertThat(Spelling.nearest("", KNOWN)).isEmpty();
        assertThat(Spelling.nearest("x", List.of())).isEmpty();
        assertThat(Spelling.nearest("payload".repeat(100), KNOWN)).isEmpty();
    }

    @Test
    void aSentenceAboutAnUnknownNameEndsWithTheNearestOrWithAFullStop() {
        assertThat(Spelling.end("paylod", KNOWN)).isEqualTo("; did you mean 'payload'?");
        assertThat(Spelling.end("colour", KNOWN)).isEqualTo(".");
    }
}

package dev.longshore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/long-work.md} are those that {@link ContainerCosts} prints. */
class ContainerCostsTest {
    private static final PageTables PAGE = new PageTables(Path.of("..", "docs", "long-work.md"), "ContainerCosts");

    @Test
    void tablesOfThePageAreThePrintedOnes() throws IOException {
        String printed = ContainerCosts.print();

        assertThat(PAGE.read(printed))
                .as("prices have changed; run ContainerCostsTest with -Dcosts.write=true")
                .isEqualTo(printed);
    }
}

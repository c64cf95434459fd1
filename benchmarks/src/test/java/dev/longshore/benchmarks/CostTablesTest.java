package dev.longshore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tables of {@code docs/deploying.md} are those that {@link CostTables} prints; {@code -Dcosts.write=true} writes them anew. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class CostTablesTest {
    private static final PageTables PAGE = new PageTables(Path.of("..", "docs", "deploying.md"), "CostTables");
    private static final Path TEMPLATE =
            Path.of("..", "infra-cdk", "src", "test", "snapshots", "longshore.template.json");
    private static final Pattern AMOUNT = Pattern.compile("\\d+\\.\\d\\d");

    @Test
    void tablesOfThePageAreTheCountedOnes(@TempDir Path data) throws IOException {
        String counted = CostTables.print(data, TEMPLATE);
        String page = PAGE.read(counted);

        assertThat(withoutAmounts(page))
                .as("the tables have changed; run CostTablesTest with -Dcosts.write=true and read the difference")
                .isEqualTo(withoutAmounts(counted));
        List<Double> written = amounts(page);
        List<Double> now = amounts(counted);
        for (int i = 0; i < now.size(); i++) {
            // ids are random, and with them how many pages a query reads
            assertThat(written.get(i))
                    .as("amount " + (i + 1) + " of\n" + counted)
                    .isCloseTo(now.get(i), within(0.02 + 0.03 * now.get(i)));
        }
    }

    private static String withoutAmounts(String tables) {
        return AMOUNT.matcher(tables).replaceAll("#");
    }

    private static List<Double> amounts(String tables) {
        return AMOUNT.matcher(tables)
                .results()
                .map(amount -> Double.valueOf(amount.group()))
                .toList();
    }
}

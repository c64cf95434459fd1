package ${package};

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.testkit.LongshoreTest;
import dev.longshore.testkit.TestJob;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The worker's jobs in memory, by a clock that only the test moves. */
class ShopWorkerTest {
    private static final WriteReport.Request NOVEMBER = new WriteReport.Request(
            "November", List.of(new WriteReport.Line("rope", 3, new BigDecimal("19.90"))));

    private final Map<String, String> reports = new HashMap<>();
    private int failures;

    @RegisterExtension
    final LongshoreTest jobs = LongshoreTest.of(new ShopWorker(() -> this::write));

    @Test
    void greetingNamesTheCustomer() {
        TestJob job = jobs.runToEnd(jobs.enqueue("greet", new Greet.Request("Ada")));

        assertThat(job).succeeded().withResult("Hello Ada");
    }

    @Test
    void reportHasTheNameOfItsJobAndASignature() {
        TestJob job = jobs.runToEnd(jobs.enqueue("write-report", NOVEMBER));

        String file = "reports/" + job.id() + ".csv";
        assertThat(reports).containsExactly(Map.entry(file, "article,pieces,price,sum\nrope,3,19.90,59.70\n"));
        WriteReport.Result result = job.result(WriteReport.Result.class).orElseThrow();
        assertThat(result.file()).isEqualTo(file);
        assertThat(result.signature()).hasSize(64);
    }

    @Test
    void reportIsWrittenByTheNextAttemptWhenTheStoreHasFailed() {
        failures = 1;
        TestJob job = jobs.enqueue("write-report", NOVEMBER);

        jobs.drain();
        assertThat(job).isRetrying().withErrorContaining("no room");
        assertThat(reports).isEmpty();

        assertThat(jobs.runToEnd(job)).succeeded().afterAttempts(2);
        assertThat(reports).hasSize(1);
    }

    @Test
    void reportWithoutLinesIsDeadAtOnce() {
        TestJob job = jobs.runToEnd(jobs.enqueue("write-report", new WriteReport.Request("Nothing", List.of())));

        assertThat(job).isDead().becauseOf("discarded").afterAttempts(1);
    }

    @Test
    void reportIsThereOnceWhereverAnAttemptCrashes() {
        jobs.crashEverywhere("write-report", NOVEMBER, this::takeReports);
    }

    private void write(String name, byte[] content) throws IOException {
        if (failures-- > 0) {
            throw new IOException("the store has no room");
        }
        reports.put(name, new String(content, StandardCharsets.UTF_8));
    }

    /** What the store got since the last call; removed from it. */
    private List<String> takeReports() {
        List<String> taken = List.copyOf(reports.values());
        reports.clear();
        return taken;
    }
}

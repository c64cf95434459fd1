package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.task.JobContext;
import dev.longshore.task.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The text beside a handler's progress. */
class ProgressTest {
    private final WorkerStage stage = new WorkerStage();
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    @Test
    void textIsWrittenWithThePercentageAndStaysUntilAnotherIsGiven() {
        stage.task("walk", (payload, job) -> {
            report(job, 10, "page 1 of 10");
            stage.memory.clock().advance(Duration.ofSeconds(1));
            job.progress(20);
            look(job);
            stage.memory.clock().advance(Duration.ofSeconds(1));
            report(job, 30, "");
            return "done";
        });
        JobId id = stage.enqueue("walk");

        stage.workUntilQuiet();

        assertThat(seen).containsExactly("10 page 1 of 10", "20 page 1 of 10", "30 null");
        assertThat(stage.job(id).progress()).isEqualTo(30);
        assertThat(stage.job(id).progressText()).isNull();
    }

    @Test
    void lastTextIsKeptWithTheResultAlthoughItCameWithinTheSecond() {
        stage.task("quick", (payload, job) -> {
            job.progress(10, "page 1 of 10");
            job.progress(100, "all pages");
            return "done";
        });
        JobId id = stage.enqueue("quick");

        stage.workUntilQuiet();

        assertThat(stage.job(id).progress()).isEqualTo(100);
        assertThat(stage.job(id).progressText()).isEqualTo("all pages");
    }

    @Test
    void textStaysOverAContinuationAndANewAttemptStartsWithoutOne() {
        stage.task("walk", (payload, job) -> {
            look(job);
            switch (seen.size()) {
                case 1 -> {
                    job.progress(50, "half done");
                    throw job.continueWith(1);
                }
                case 2 -> throw job.snooze(Duration.ofSeconds(5));
                default -> {
                    return "done";
                }
            }
        });
        stage.enqueue("walk");

        stage.workUntilQuiet();

        assertThat(seen).containsExactly("null null", "50 half done", "null null");
    }

    @Test
    void lengthCountsCodePointsAndALongerTextIsRefusedWithTheNumbers() {
        String ships = "\ud83d\udea2".repeat(JobContext.LONGEST_PROGRESS_TEXT);
        stage.task("walk", (payload, job) -> {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> job.progress(1, ships + "!"))
                    .withMessageContaining("at most 200 characters (code points), and got 201");
            assertThatIllegalArgumentException().isThrownBy(() -> job.progress(101, "too far"));
            assertThatIllegalArgumentException().isThrownBy(() -> job.progress(-1));
            report(job, 1, ships);
            return "done";
        });
        JobId id = stage.enqueue("walk");

        stage.workUntilQuiet();

        assertThat(stage.result(id)).isEqualTo(Json.of("done").text());
        assertThat(seen).containsExactly("1 " + ships);
    }

    @Test
    void halfOfASurrogatePairDoesNotFailTheJob() {
        stage.task("walk", (payload, job) -> {
            job.progress(1, "a\ud83d");
            return "done";
        });
        JobId id = stage.enqueue("walk");

        stage.workUntilQuiet();

        assertThat(stage.job(id).progressText()).isEqualTo("a?");
    }

    private void report(JobContext job, int percent, String text) {
        job.progress(percent, text);
        look(job);
    }

    private void look(JobContext job) {
        Job row = stage.job(JobId.parse(job.id()).orElseThrow());
        seen.add(row.progress() + " " + row.progressText());
    }
}

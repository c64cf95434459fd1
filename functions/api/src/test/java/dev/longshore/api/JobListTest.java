package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@code GET /v1/jobs}: filters, times, pages. */
class JobListTest {
    private final ApiStage stage = new ApiStage();

    @Test
    void jobsAreListedNewestFirstInPagesByACursor() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            stage.memory.clock().advance(Duration.ofSeconds(1));
            ids.add(stage.enqueued("{\"task\":\"echo\"}").text());
        }

        List<String> listed = new ArrayList<>();
        String cursor = "";
        do {
            Answer page = stage.get("/v1/jobs?limit=3" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            assertThat(page.status()).as(page.body()).isEqualTo(200);
            page.json().get("jobs").forEach(job -> listed.add(job.get("id").asString()));
            cursor = page.text("cursor");
        } while (!cursor.isEmpty());

        assertThat(listed)
                .isEqualTo(ids.stream().sorted(Comparator.reverseOrder()).toList());
    }

    @Test
    void aListIsByTaskByTagByStateAndByTime() {
        JobId echo = stage.enqueued("{\"task\":\"echo\",\"tags\":[\"a\",\"b\"]}");
        JobId image = stage.enqueued("{\"task\":\"process-image\",\"payload\":{\"file\":\"a\",\"width\":1}}");
        JobId later = stage.enqueued("{\"task\":\"echo\",\"delaySeconds\":60}");
        JobId dead = stage.dead("echo", "no route");

        assertThat(list("task=process-image")).containsExactly(image.text());
        assertThat(list("tag=b")).containsExactly(echo.text());
        assertThat(list("state=dead")).containsExactly(dead.text());
        assertThat(list("state=SCHEDULED")).containsExactly(later.text());
        assertThat(list("state=QUEUED&task=echo")).containsExactly(echo.text());
        assertThat(list("from=2026-03-10T12:00:01Z")).isEmpty();
        assertThat(list("to=2026-03-10T13:00:00%2B01:00")).hasSize(4);
        stage.memory.clock().advance(Duration.ofSeconds(60));
        assertThat(list("state=SCHEDULED")).as("its time has come").isEmpty();
        assertThat(list("state=QUEUED&task=echo")).contains(later.text());
    }

    @Test
    void listIsByTheTimeOfCreationAndNotByTheTimeInAClientsOwnId() {
        Instant noon = now();
        JobId ahead = ofAClient(noon.plus(Duration.ofHours(23)));
        JobId behind = ofAClient(noon.minus(Duration.ofHours(23)));
        stage.memory.clock().advance(Duration.ofHours(1));
        JobId later = stage.enqueued("{\"task\":\"echo\"}");

        assertThat(list("")).containsExactly(ahead.text(), later.text(), behind.text());
        assertThat(list("to=2026-03-10T12:30:00Z")).containsExactly(ahead.text(), behind.text());
        assertThat(list("from=2026-03-10T12:00:00Z&to=2026-03-10T12:00:00Z"))
                .containsExactly(ahead.text(), behind.text());
        assertThat(list("from=2026-03-10T12:00:00.0001Z")).containsExactly(later.text());
        assertThat(list("from=1970-01-01T00:00:00Z")).hasSize(3);
        assertThat(list("from=2026-03-10T14:00:00Z")).as("not yet").isEmpty();
    }

    private JobId ofAClient(Instant time) {
        JobId id = JobId.next(time, stage.memory.random());
        return stage.enqueued("{\"task\":\"echo\",\"id\":\"" + id + "\"}");
    }

    @Test
    void listUpToATimeLongAgoGoesBackSevenDaysFromThere() {
        JobId old = stage.enqueued("{\"task\":\"echo\"}");
        stage.memory.clock().advance(Duration.ofDays(20));

        assertThat(list("")).isEmpty();
        assertThat(list("to=2026-03-16T00:00:00Z")).containsExactly(old.text());
    }

    @Test
    void cursorIsGoodForAsLongAsTheListAndEndsItWhenItsWindowHasMovedOn() {
        for (int i = 0; i < 2; i++) {
            stage.enqueued("{\"task\":\"echo\"}");
        }
        String cursor = stage.get("/v1/jobs?limit=1").text("cursor");
        stage.memory.clock().advance(Duration.ofDays(30));

        Answer answer = stage.get("/v1/jobs?limit=1&cursor=" + cursor);

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"jobs\":[]}");
    }

    @Test
    void taskThatNeitherTheCatalogueNorAJobHasIs422WithTheNearestName() {
        JobId lost = stage.deadIn("heavy", "task-that-is-gone");
        for (int i = 0; i < 2; i++) {
            stage.deadIn("heavy", "task-that-is-gone");
        }

        Answer refused = problem(stage.get("/v1/jobs?task=ecko"), 422, "no task 'ecko'", "did you mean 'echo'?");
        assertThat(refused.text("type")).endsWith("/unknown-task");
        assertThat(refused.text("parameter")).isEqualTo("task");
        assertThat(refused.json().has("field")).isFalse();
        assertThat(list("task=task-that-is-gone")).contains(lost.text()).hasSize(3);
        assertThat(list("task=process-image")).as("a task without jobs").isEmpty();
        assertThat(list("task=longshore-purge")).isEmpty();
        Answer first = stage.get("/v1/jobs?task=task-that-is-gone&limit=2");
        stage.memory.clock().advance(Duration.ofDays(30));
        assertThat(stage.get("/v1/jobs?task=task-that-is-gone&limit=2&cursor=" + first.text("cursor"))
                        .status())
                .as("the list was begun")
                .isEqualTo(200);
    }

    @Test
    void aParameterThatCannotBeReadIs400AndIsNamed() {
        for (String query : List.of(
                "limit=0",
                "limit=101",
                "limit=ten",
                "state=LOST",
                "from=yesterday",
                "from=2026-03-11T00:00:00Z&to=2026-03-10T00:00:00Z",
                "tag=",
                "page=2",
                "limit=1&limit=2",
                "cursor=xyz",
                "from=%2B999999999-01-01T00:00:00Z")) {
            Answer answer = problem(stage.get("/v1/jobs?" + query), 400);
            assertThat(answer.text("parameter")).as(query).isEqualTo(query.replaceAll("=.*", ""));
        }
        problem(stage.get("/v1/jobs?limit=%zz"), 400, "hexadecimal");
        problem(stage.get("/v1/jobs?statee=DEAD"), 400, "did you mean 'state'?");
    }

    @Test
    void aCursorOfAnotherListOrOfAnotherHandIsRefused() {
        for (int i = 0; i < 3; i++) {
            stage.enqueued("{\"task\":\"echo\"}");
        }
        String cursor = stage.get("/v1/jobs?limit=1").text("cursor");

        assertThat(stage.get("/v1/jobs?limit=2&cursor=" + cursor).status()).isEqualTo(200);
        problem(stage.get("/v1/jobs?task=echo&cursor=" + cursor), 400, "belongs to a list with other filters");
        Random random = new Random(9);
        for (int i = 0; i < 500; i++) {
            char[] forged = cursor.toCharArray();
            int at = random.nextInt(forged.length - 1); // the last character has bits that Base64 does not use
            forged[at] = forged[at] == 'A' ? 'B' : 'A';
            problem(stage.get("/v1/jobs?cursor=" + new String(forged)), 400, "not one of ours");
        }
    }

    @Test
    void noValueOfOneFilterPassesForTwoFilters() {
        for (int i = 0; i < 2; i++) {
            stage.enqueued("{\"task\":\"echo\",\"tags\":[\"a, task=echo\",\"a\"]}");
        }
        String cursor = stage.get("/v1/jobs?limit=1&tag=a,%20task%3Decho").text("cursor");

        assertThat(stage.get("/v1/jobs?tag=a,%20task%3Decho&cursor=" + cursor).status())
                .isEqualTo(200);
        problem(stage.get("/v1/jobs?tag=a&task=echo&cursor=" + cursor), 400, "belongs to a list with other filters");
    }

    private List<String> list(String query) {
        Answer answer = stage.get("/v1/jobs?" + query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json()
                .get("jobs")
                .valueStream()
                .map(job -> job.get("id").asString())
                .toList();
    }

    private Instant now() {
        return stage.memory.clock().instant();
    }
}

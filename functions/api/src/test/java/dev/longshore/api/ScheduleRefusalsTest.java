package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a schedule may not be: each mistake is told with its place and with what the field takes. */
class ScheduleRefusalsTest {
    private static final String DAILY = "{\"task\":\"echo\",\"cron\":\"0 3 * * *\"}";

    private final ApiStage stage = new ApiStage();

    @Test
    void aBadCronIs422AndNamesTheFieldAndWhatItTakes() {
        refused("{\"task\":\"echo\",\"cron\":\"0 25 * * *\"}", "/cron", "has the hour '25', and it takes 0 to 23");
        refused("{\"task\":\"echo\",\"cron\":\"* * * *\"}", "/cron", "has 4 fields");
        refused("{\"task\":\"echo\",\"cron\":\"@dayly\"}", "/cron", "did you mean '@daily'?");
        refused("{\"task\":\"echo\",\"cron\":\"0 0 30 2 *\"}", "/cron", "never fires");
        refused("{\"task\":\"echo\",\"cron\":7}", "/cron", "takes a string");
        refused("{\"task\":\"echo\"}", "/cron", "is missing");
    }

    @Test
    void aBadIntervalIs422AndSaysWhatItTakes() {
        for (String every : List.of("PT30S", "P367D", "90m", "P1M", "PT90.5S", "-PT90M", "+PT90M", "PT1M0.001S")) {
            refused(
                    "{\"task\":\"echo\",\"every\":\"" + every + "\"}",
                    "/every",
                    "takes a duration of ISO 8601 from PT1M to P366D in days, hours, minutes and whole seconds, such as PT90M");
        }
        refused("{\"task\":\"echo\",\"every\":90}", "/every", "takes a string");
        refused("{\"task\":\"echo\",\"every\":\"PT90M\",\"cron\":\"@daily\"}", "/cron", "give one of cron and every");
        refused("{\"task\":\"echo\",\"every\":\"PT90M\",\"zone\":\"UTC\"}", "/zone", "does not go with every");
        refused("{\"task\":\"echo\",\"every\":\"PT90M\",\"anchor\":\"noon\"}", "/anchor", "ISO 8601");
        refused(
                "{\"task\":\"echo\",\"every\":\"PT90M\",\"anchor\":\"2026-03-10T12:00:00.5Z\"}",
                "/anchor",
                "takes whole seconds");
        refused(
                "{\"task\":\"echo\",\"cron\":\"@daily\",\"anchor\":\"2026-03-10T12:00:00Z\"}",
                "/anchor",
                "belongs to every");
        refused("{\"task\":\"echo\",\"cron\":\"R/1970-01-01T00:00:00Z/PT1M\"}", "/cron", "has 1 fields");
    }

    @Test
    void otherBadFieldsAre422WithTheirPlace() {
        String daily = "\"task\":\"echo\",\"cron\":\"@daily\"";
        refused("{" + daily + ",\"zone\":\"Europe/Berlim\"}", "/zone", "did you mean 'Europe/Berlin'?");
        refused("{" + daily + ",\"zone\":\"+02:00\"}", "/zone", "IANA name");
        refused("{" + daily + ",\"zone\":\"SystemV/EST5EDT\"}", "/zone", "did you mean 'America/New_York'?");
        refused("{" + daily + ",\"zone\":\"EST\"}", "/zone", "did you mean 'America/New_York'?");
        refused("{\"task\":\"echo\",\"cron\":\"\u0663 * * * *\"}", "/cron", "has the minute '\u0663'");
        refused("{" + daily + ",\"overlap\":\"skp\"}", "/overlap", "one of allow, skip, cancel; did you mean 'skip'?");
        refused("{" + daily + ",\"catchUp\":\"ALL\"}", "/catchUp", "one of none, latest, all");
        refused("{" + daily + ",\"catchUpLimit\":1001}", "/catchUpLimit", "from 1 to 1000");
        refused("{" + daily + ",\"jitterSeconds\":-1}", "/jitterSeconds", "from 0 to 86400");
        refused("{" + daily + ",\"paused\":\"yes\"}", "/paused", "true or false");
        refused("{" + daily + ",\"maxAttempts\":0}", "/maxAttempts", "from 1 to 100");
        refused("{" + daily + ",\"jitter\":1}", "/jitter", "Known: task, payload, cron");
        refused("{" + daily + ",\"timezone\":\"UTC\"}", "/timezone", "unknown field");
        refused("{\"task\":\"ecko\",\"cron\":\"@daily\"}", "/task", "did you mean 'echo'?");
        refused(
                "{\"task\":\"process-image\",\"cron\":\"@daily\",\"payload\":{\"file\":\"a\",\"widht\":1}}",
                "/payload/widht",
                "did you mean 'width'?");
        problem(put("Nightly", DAILY), 422, "A schedule's name takes 1 to 64 of a-z");
        problem(put("s", "{" + daily + ",\"payload\":\"" + "x".repeat(70_000) + "\"}"), 413, "70002", "65536");
        problem(put("s", "{"), 400);
        problem(put("s", ""), 400, "empty");
        assertThat(stage.memory.schedules().list(10, null).items()).isEmpty();
    }

    private Answer put(String name, String body) {
        return stage.put("/v1/schedules/" + name, body);
    }

    private void refused(String body, String field, String detail) {
        Answer answer = problem(put("s", body), 422, detail);
        assertThat(answer.text("field")).isEqualTo(field);
    }
}

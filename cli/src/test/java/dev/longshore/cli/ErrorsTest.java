package dev.longshore.cli;

import static dev.longshore.cli.Answers.ID;
import static dev.longshore.cli.Answers.problem;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a failed command prints, and how it exits. */
class ErrorsTest extends CommandTest {
    @Test
    void refusalHasDetailFieldsAndRequestAndNoStackTrace() {
        api.answers(
                "POST /v1/jobs",
                422,
                "{\"type\":\"https://longshore.dev/problems/refused\",\"title\":\"Request refused\",\"status\":422,"
                        + "\"detail\":\"/payload/a takes a number\",\"field\":\"/payload/a\",\"errors\":["
                        + "{\"field\":\"/payload/a\",\"detail\":\"/payload/a takes a number\"},"
                        + "{\"field\":\"/delaySeconds\",\"detail\":\"/delaySeconds takes 0 to 5\"}],"
                        + "\"retryable\":false,\"requestId\":\"4f1c7f1e\"}");

        assertThat(run.run("enqueue", "rehearse", "{}")).isEqualTo(3);

        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("""
                        longshore: Request refused: /payload/a takes a number
                          /payload/a takes a number
                          /delaySeconds takes 0 to 5
                          request 4f1c7f1e in Longshore's log
                        """);
    }

    @Test
    void exitCodeSaysWhoHasToAct() {
        api.answers("GET /v1/jobs/" + ID, 401, problem(401, "unauthenticated", "no such key"))
                .answers("GET /v1/queues", 403, problem(403, "forbidden", "needs read"))
                .answers("GET /v1/tasks", 500, problem(500, "internal", "a mistake of ours"))
                .answers("POST /v1/jobs/" + ID + "/cancel", 409, problem(409, "conflict", "is SUCCEEDED already"));

        assertThat(run.run("job", ID)).isEqualTo(5);
        assertThat(run.run("queues")).isEqualTo(5);
        assertThat(run.run("tasks")).isEqualTo(4);
        assertThat(run.run("cancel", ID)).isEqualTo(3);
        assertThat(run.run("schedules", "show", "none")).isEqualTo(3);
    }

    @Test
    void connectionThatIsRefusedIsFour() {
        api.close();

        assertThat(run.run("job", ID)).isEqualTo(4);

        assertThat(run.err()).contains("after 5 requests").contains("longshore doctor");
    }

    @Test
    void wrongUsageIsTwoAndSendsNothing() {
        assertThat(run.run("enqueue")).isEqualTo(2);
        assertThat(run.err()).contains("<task>").contains("'longshore enqueue --help'");
        assertThat(run.run("jbos")).isEqualTo(2);
        assertThat(run.run()).isEqualTo(2);
        assertThat(run.run("schedules")).isEqualTo(2);
        assertThat(run.err()).contains("list, show, put");
        assertThat(run.run("jobs", "--from", "yesterday")).isEqualTo(2);
        assertThat(run.err()).contains("2026-11-24T13:06:36Z");
        assertThat(run.run("pause")).isEqualTo(2);
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void keyOnTheCommandLineIsRefusedAndNotPrinted() {
        assertThat(run.run("jobs", "--key", CommandRun.KEY)).isEqualTo(2);
        assertThat(run.err()).contains("LONGSHORE_KEY").doesNotContain(CommandRun.KEY);

        assertThat(run.run("jobs", "--key=" + CommandRun.KEY)).isEqualTo(2);
        assertThat(run.err()).doesNotContain(CommandRun.KEY);
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void debugPrintsWhereAnErrorWasThrown() {
        run.run("job", ID);
        assertThat(run.err()).doesNotContain("\tat ");

        run.run("job", ID, "--debug");
        assertThat(run.err()).contains("\tat dev.longshore.client");
    }
}

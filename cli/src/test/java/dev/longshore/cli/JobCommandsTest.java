package dev.longshore.cli;

import static dev.longshore.cli.Answers.ID;
import static dev.longshore.cli.Answers.job;
import static dev.longshore.cli.Answers.problem;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class JobCommandsTest extends CommandTest {
    @Test
    void enqueuePrintsTheIdAloneOnStandardOutput() {
        api.answers("POST /v1/jobs", 202, job("QUEUED", ""));

        int exit = run.run(
                "enqueue",
                "rehearse",
                "{\"price\": 1.10}",
                "--delay",
                "95s",
                "--tag",
                "a",
                "--tag",
                "b",
                "--meta",
                "by=me",
                "--limit-key",
                "acme");

        assertThat(exit).isZero();
        assertThat(run.out()).isEqualTo(ID + "\n");
        assertThat(run.err()).contains("rehearse is QUEUED");
        assertThat(api.requests().get(0).body())
                .contains("\"payload\":{\"price\":1.1")
                .contains("\"delaySeconds\":95")
                .contains("\"tags\":[\"a\",\"b\"]")
                .contains("\"meta\":{\"by\":\"me\"}")
                .contains("\"limitKey\":\"acme\"");
        assertThat(api.requests().get(0).authorization()).isEqualTo("Bearer " + CommandRun.KEY);
    }

    @Test
    void payloadComesFromAFileOrFromStandardInput() throws IOException {
        api.answers("POST /v1/jobs", 202, job("QUEUED", ""));
        Path file = Files.writeString(home.resolve("payload.json"), "{\"from\": \"file\"}");

        assertThat(run.run("enqueue", "rehearse", "@" + file)).isZero();
        assertThat(run.input("{\"from\": \"input\"}").run("enqueue", "rehearse", "-"))
                .isZero();

        assertThat(api.requests().get(0).body()).contains("{\"from\":\"file\"}");
        assertThat(api.requests().get(1).body()).contains("{\"from\":\"input\"}");
    }

    @Test
    void payloadThatIsNoJsonIsRefusedByItsPlaceAndNotQuoted() {
        assertThat(run.run("enqueue", "rehearse", "{secret: 1}")).isEqualTo(2);

        assertThat(run.err()).contains("line 1, column 2").doesNotContain("secret");
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void waitEndsWithTheResultOrWithOne() {
        api.answers("POST /v1/jobs", 202, job("QUEUED", ""))
                .answers("GET /v1/jobs/" + ID, 200, job("SUCCEEDED", ",\"result\":{\"pages\":3}"));

        assertThat(run.run("enqueue", "rehearse", "--wait")).isZero();
        assertThat(run.out()).isEqualTo(ID + "\n{\n  \"pages\" : 3\n}\n");

        api.answers("GET /v1/jobs/" + ID, 200, job("DEAD", ""));
        run.run("job", ID); // the answer before
        assertThat(run.run("enqueue", "rehearse", "--wait")).isEqualTo(1);
        assertThat(run.err()).contains("The job is DEAD after attempt 2");
    }

    @Test
    void jobIsShownWithItsHistoryAsATimeLine() {
        api.answers("GET /v1/jobs/" + ID, 200, job("RETRYING", ",\"waitReason\":\"backoff\",\"tags\":[\"try\"]"));

        assertThat(run.run("job", ID)).isZero();

        assertThat(run.out()).isEqualTo("""
                        id            01a20daa-53cb-7379-8fde-b2d1272cc745
                        task          rehearse
                        pool          default
                        state         RETRYING (backoff), attempt 2 of 3
                        created       2026-11-24 12:00:00Z (3 d 23 h ago)
                        tags          try

                        2026-11-24 12:00:00.107Z                QUEUED
                        2026-11-24 12:00:01.567Z  +1.5 s        RUNNING    attempt 1
                        2026-11-24 12:00:01.645Z  +78 ms        RETRYING   attempt 1  Failure: the first one does
                        """);
    }

    @Test
    void heldJobSaysWhatHoldsItAndItsLimitKey() {
        api.answers(
                "GET /v1/jobs/" + ID,
                200,
                job(
                        "QUEUED",
                        ",\"waitReason\":\"limit\",\"limitKey\":\"acme\","
                                + "\"held\":\"limit crm-api, key acme, 12 before it\""));

        assertThat(run.run("job", ID)).isZero();

        assertThat(run.out())
                .contains("state         QUEUED (limit), attempt 2 of 3\n")
                .contains("held by       limit crm-api, key acme, 12 before it\n")
                .contains("limit key     acme\n");
    }

    @Test
    void jsonIsTheApisOwn() {
        api.answers("GET /v1/jobs/" + ID, 200, job("RETRYING", ",\"waitReason\":\"backoff\""));

        assertThat(run.run("job", ID, "--json")).isZero();

        assertThat(run.out().lines()).hasSize(1);
        assertThat(run.out())
                .contains("\"createdAt\":\"2026-11-24T12:00:00.107Z\"")
                .contains("\"waitReason\":\"backoff\"")
                .doesNotContain("null");
    }

    @Test
    void controlCharactersOfAJobDoNotReachTheTerminal() {
        api.answers(
                "GET /v1/jobs/" + ID,
                200,
                job("DEAD", ",\"error\":{\"type\":\"Oops\",\"message\":\"\\u001b[2J\\u0007 cleared\\nlines\"}"));

        assertThat(run.run("job", ID)).isZero();

        assertThat(run.out()).contains("Oops: ?[2J? cleared lines").doesNotContain("\u001b");
    }

    @Test
    void jobsAreATableThatIsCutToTheTerminal() {
        String listed = "{\"jobs\":["
                + job("DEAD", ",\"error\":{\"type\":\"Oops\",\"message\":\"" + "x".repeat(200) + "\"}") + "]}";
        api.answers("GET /v1/jobs", 200, listed);

        assertThat(run.terminal("1", 100).with("NO_COLOR", "1").run("jobs", "--state", "dead", "--from", "2h"))
                .isZero();

        assertThat(run.out().lines().toList().get(0))
                .isEqualTo("ID                                    TASK      STATE  ATTEMPT  CREATED       ERROR");
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
        assertThat(run.out()).contains("3 d 23 h ago").contains("xxx…").doesNotContain("\u001b");
        assertThat(api.requests().get(0).query()).contains("state=DEAD").contains("from=2026-11-28T10:00:00Z");
    }

    @Test
    void colorsAreOnATerminalAlone() {
        api.answers("GET /v1/jobs", 200, "{\"jobs\":[" + job("DEAD", "") + "]}");

        run.run("jobs");
        assertThat(run.out()).doesNotContain("\u001b");
        run.terminal("1", 100).run("jobs");
        assertThat(run.out()).contains("\u001b[31mDEAD\u001b[0m");
        run.run("jobs", "--no-color");
        assertThat(run.out()).doesNotContain("\u001b");
    }

    @Test
    void allPagesAreReadOneObjectPerLine() {
        api.answers("GET /v1/jobs", 200, "{\"jobs\":[" + job("DEAD", "") + "],\"cursor\":\"more\"}")
                .answers("GET /v1/jobs", 200, "{\"jobs\":[" + job("QUEUED", "") + "]}");

        assertThat(run.run("jobs", "--all", "--json")).isZero();

        assertThat(run.out().lines()).hasSize(2).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        assertThat(api.requests().get(1).query()).contains("cursor=more");
    }

    @Test
    void limitSaysThatThereAreMore() {
        api.answers("GET /v1/jobs", 200, "{\"jobs\":[" + job("DEAD", "") + "," + job("QUEUED", "") + "]}");

        assertThat(run.run("jobs", "--limit", "1")).isZero();

        assertThat(run.out().lines()).hasSize(2);
        assertThat(run.err()).contains("more than 1");
    }

    @Test
    void followPrintsEachStepOnceAndEndsAsTheJobDoes() {
        api.answers("GET /v1/jobs/" + ID, 200, job("RETRYING", ""))
                .answers(
                        "GET /v1/jobs/" + ID,
                        503,
                        problem(503, "unavailable", "DynamoDB failed").replace("false", "true"))
                .answers("GET /v1/jobs/" + ID, 200, job("RUNNING", ""))
                .answers(
                        "GET /v1/jobs/" + ID,
                        200,
                        job("DEAD", "")
                                .replace(
                                        "]}",
                                        ",{\"state\":\"DEAD\",\"at\":\"2026-11-24T12:00:09.000Z\",\"attempt\":2}]}"));

        assertThat(run.run("follow", ID)).isEqualTo(1);

        assertThat(run.out().lines()).hasSize(4);
        assertThat(run.out()).endsWith("+7.4 s        DEAD       attempt 2\n");
    }

    @Test
    void changesPrintTheJobAsItIsAfter() {
        api.answers("POST /v1/jobs/" + ID + "/cancel", 200, job("CANCELLED", ""))
                .answers("POST /v1/jobs/" + ID + "/retry", 200, job("QUEUED", ""))
                .answers("POST /v1/jobs/" + ID + "/run-now", 200, job("QUEUED", ""))
                .answers("POST /v1/jobs/" + ID + "/rerun", 202, job("QUEUED", ""));

        assertThat(run.run("cancel", ID)).isZero();
        assertThat(run.out()).isEqualTo(ID + "  CANCELLED\n");
        assertThat(run.run("retry", ID, "--payload", "{\"a\":1}", "--as", "other", "--keep-checkpoint"))
                .isZero();
        assertThat(run.run("run-now", ID)).isZero();
        assertThat(run.run("rerun", ID)).isZero();

        assertThat(api.requests().get(1).body())
                .isEqualTo("{\"payload\":{\"a\":1},\"task\":\"other\",\"keepCheckpoint\":true}");
    }
}

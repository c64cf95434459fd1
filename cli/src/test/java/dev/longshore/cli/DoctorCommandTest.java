package dev.longshore.cli;

import static dev.longshore.cli.Answers.problem;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

class DoctorCommandTest extends CommandTest {
    private static final String LEDGER =
            "{\"balanced\":%s,\"explanation\":\"%s\",\"auditedAt\":\"%s\",\"tickedAt\":\"%s\",\"totals\":{},\"hours\":[]}";

    private void deployment(String queue, String groups, String ledger) {
        deployment(queue, groups, 0, ledger);
    }

    private void deployment(String queue, String groups, int otherGroups, String ledger) {
        api.answers("GET /v1/keys/test", 403, problem(403, "forbidden", "needs admin"))
                .answers("GET /v1/queues", 200, "{\"queues\":[" + queue + "]}")
                .answers(
                        "GET /v1/dead-letters",
                        200,
                        "{\"groups\":[" + groups + "],\"otherGroups\":" + otherGroups + ",\"complete\":true}")
                .answers("GET /v1/ledger", 200, ledger)
                .answers("GET /v1/schedules", 200, "{\"schedules\":[]}");
    }

    /** The Date of the answer is that of the real clock, from which the command's fixed clock differs by far. */
    private void health() {
        api.answers("GET /v1/health", 200, "{\"status\":\"ok\"}")
                .answers("GET /openapi.json", 200, "{\"info\":{\"version\":\"1\"}}");
    }

    private static String queue(String more) {
        return "{\"pool\":\"default\",\"visible\":1,\"inFlight\":0,\"delayed\":0,\"deadLetters\":0" + more + "}";
    }

    @Test
    void healthyDeploymentHasNoProblem() {
        health();
        deployment(
                queue(""),
                "",
                LEDGER.formatted("true", "All are accounted for", "2026-11-28T11:30:00Z", "2026-11-28T11:59:30Z"));

        assertThat(run.run("doctor")).isZero();

        assertThat(run.out())
                .contains("ok        health")
                .contains("ok        version")
                .contains("ok        pool default  1 waiting, 0 in flight")
                .contains("ok        dead jobs")
                .contains("ok        ledger        All are accounted for")
                .contains("ok        dispatcher    Its last tick ended 30 s ago")
                .contains("ok        audit         The last one ended 30 min ago")
                .doesNotContain("problem");
    }

    @Test
    void contractOfAnotherVersionIsAWarningAndOneThatCannotBeReadIsNone() {
        api.answers("GET /v1/health", 200, "{\"status\":\"ok\"}")
                .answers("GET /openapi.json", 200, "{\"info\":{\"version\":\"2\"}}")
                .answers("GET /openapi.json", 200, "not JSON")
                .answers("GET /openapi.json", 502, "");
        deployment(queue(""), "", LEDGER.formatted("true", "All", "2026-11-28T11:30:00Z", "2026-11-28T11:59:30Z"));

        assertThat(run.run("doctor")).isZero();
        assertThat(run.out())
                .contains("warning   version       The API's contract has version 2, and this command calls 1");

        assertThat(run.run("doctor")).isZero();
        assertThat(run.out()).contains("unknown   version       The answer of GET /openapi.json is no JSON");

        assertThat(run.run("doctor")).isZero();
        assertThat(run.out()).contains("unknown   version       GET /openapi.json is answered with 502");
    }

    @Test
    void plantedProblemsAreFoundWithWhatToDo() {
        health();
        deployment(
                queue(",\"paused\":{\"since\":\"2026-11-28T11:00:00Z\",\"by\":\"me\"},\"setAside\":4"),
                "{\"fingerprint\":\"3f2a9c41d07b\",\"task\":\"rehearse\",\"count\":2,\"first\":\"2026-11-28T11:00:00Z\","
                        + "\"last\":\"2026-11-28T11:00:00Z\",\"job\":\"1\"}",
                LEDGER.formatted("false", "1 job is missing", "2026-11-28T10:20:00Z", "2026-11-28T11:54:00Z"));

        assertThat(run.run("doctor")).isEqualTo(1);

        assertThat(run.out())
                .contains("warning   clock         This machine's clock is")
                .contains("warning   pool default  Paused 1 h ago by me; 4 jobs are held")
                .contains("longshore resume --pool default")
                .contains("warning   dead jobs     2 jobs of rehearse died of 3f2a9c41d07b")
                .contains("longshore redrive --error 3f2a9c41d07b")
                .contains("problem   ledger        1 job is missing")
                .contains(
                        "problem   dispatcher    Its last tick ended 6 min ago; jobs that are due later and schedules wait for it")
                .contains("warning   audit         The last one ended 1 h 40 min ago");
    }

    @Test
    void whatIsThereOnceIsSingular() {
        health();
        deployment(
                "{\"pool\":\"default\",\"visible\":1,\"inFlight\":0,\"delayed\":0,\"deadLetters\":1,"
                        + "\"paused\":{\"since\":\"2026-11-28T11:00:00Z\",\"by\":\"me\"},\"setAside\":1}",
                "{\"fingerprint\":\"3f2a9c41d07b\",\"task\":\"rehearse\",\"count\":1,\"first\":\"2026-11-28T11:00:00Z\","
                        + "\"last\":\"2026-11-28T11:00:00Z\",\"job\":\"1\"}",
                1,
                LEDGER.formatted("true", "All are accounted for", "2026-11-28T11:30:00Z", "2026-11-28T11:59:30Z"));

        assertThat(run.run("doctor")).isZero();

        assertThat(run.out())
                .contains("by me; 1 job is held")
                .contains("1 message is in its dead-letter queue")
                .contains("1 job of rehearse died of 3f2a9c41d07b; 1 more group")
                .contains("0 schedules, 0 of them paused");
    }

    @Test
    void alarmsThatRingAreProblemsAndThoseThatCannotBeReadAreNone() throws IOException {
        health();
        deployment(
                queue(""),
                "",
                LEDGER.formatted("true", "All are accounted for", "2026-11-28T11:30:00Z", "2026-11-28T11:59:30Z"));
        assertThat(run.run("doctor")).isZero();
        assertThat(run.out()).contains("unknown   alarms        skipped: a runtime on this machine has none");

        run = run.with("LONGSHORE_URL", api.url().replace("127.0.0.1", "[::ffff:127.0.0.1]"))
                .with("PATH", home.toString());
        assertThat(run.run("doctor")).isZero();
        assertThat(run.out()).contains("unknown   alarms        skipped: the program aws is not on the PATH");

        Path aws = Files.writeString(
                home.resolve("aws"),
                "#!/bin/sh\necho '{\"MetricAlarms\": [{\"AlarmName\": \"Shop-MissingTick\","
                        + " \"AlarmDescription\": \"Longshore: no tick\", \"AlarmActions\": []}]}'\n");
        Files.setPosixFilePermissions(aws, PosixFilePermissions.fromString("rwx------"));
        assertThat(run.run("doctor")).isEqualTo(1);
        assertThat(run.out()).contains("problem   alarms        Shop-MissingTick rings: no tick");
    }

    @Test
    void keyThatIsRefusedIsFound() {
        health();
        api.answers("GET /v1/keys/test", 401, problem(401, "key-expired", "The key expired"));

        assertThat(run.run("doctor")).isEqualTo(1);

        assertThat(run.out()).contains("problem   key           Key test is refused: The key expired");
        assertThat(api.calls()).doesNotContain("GET /v1/queues");
        assertThat(run.out()).doesNotContain("a-secret");
    }

    @Test
    void keyThatIsMissingAndApiThatIsNotThereAreFound() {
        health();
        assertThat(run.without("LONGSHORE_KEY").run("doctor")).isEqualTo(1);
        assertThat(run.out()).contains("problem   key           No API key for");

        api.close();
        assertThat(run.run("doctor")).isEqualTo(1);
        assertThat(run.out()).contains("problem   connection").contains("does not answer");
    }

    @Test
    void whatTheKeyMayNotReadIsUnknownAndNoProblem() {
        health();
        api.answers("GET /v1/keys/test", 403, problem(403, "forbidden", "needs admin"));
        for (String path : new String[] {"queues", "dead-letters", "ledger", "schedules"}) {
            api.answers("GET /v1/" + path, 403, problem(403, "restricted", "The key is for rehearse alone"));
        }

        assertThat(run.run("doctor", "--json")).isZero();

        assertThat(run.out().lines().filter(line -> line.contains("\"result\":\"unknown\"")))
                .hasSize(5); // the alarms, too
    }
}

package dev.longshore.cli;

import static dev.longshore.cli.Answers.ID;
import static dev.longshore.cli.Answers.job;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OperateCommandsTest extends CommandTest {
    /** The dry run, the maintenance job, and its end. */
    private void deadJobs(String call, int count, String result) {
        api.answers("POST /v1/jobs/" + call, 200, "{\"count\":" + count + ",\"complete\":true}")
                .answers("POST /v1/jobs/" + call, 202, job("QUEUED", ""))
                .answers("GET /v1/jobs/" + ID, 200, job("RUNNING", ",\"progress\":40,\"progressText\":\"164 sent\""))
                .answers("GET /v1/jobs/" + ID, 200, job("SUCCEEDED", ",\"result\":" + result));
    }

    @Test
    void redriveCountsConfirmsAndFollowsTheMaintenanceJob() {
        deadJobs("retry", 412, "{\"sent\":410,\"skipped\":2}");

        int exit = run.terminal("012", 100)
                .types("y")
                .run("redrive", "--task", "rehearse", "--from", "2h", "--rate", "50", "--canary", "--no-color");

        assertThat(exit).isZero();
        assertThat(run.questions()).containsExactly("This will redrive 412 dead jobs. Continue? [y/N] ");
        assertThat(run.out()).isEqualTo("Job " + ID + " is SUCCEEDED: 410 sent, 2 skipped\n");
        assertThat(run.err()).contains("[########            ] 40 % 164 sent");
        assertThat(api.requests().get(0).body())
                .contains("\"dryRun\":true")
                .contains("\"from\":\"2026-11-28T10:00:00Z\"");
        assertThat(api.requests().get(1).body())
                .contains("\"ratePerSecond\":50")
                .contains("\"canary\":true")
                .contains("\"limit\":412")
                .doesNotContain("dryRun");
    }

    @Test
    void redriveThatTheCanaryStoppedExitsWithOne() {
        deadJobs("retry", 5, "{\"sent\":1,\"skipped\":0,\"stopped\":true,\"because\":\"the first is DEAD again\"}");

        assertThat(run.run("redrive", "--all", "--canary", "--yes")).isEqualTo(1);

        assertThat(run.out()).contains("the canary stopped it: the first is DEAD again");
        assertThat(run.err()).doesNotContain("\r");
    }

    @Test
    void purgeWantsTheNumberTyped() {
        deadJobs("purge", 7, "{\"purged\":7,\"skipped\":0}");

        assertThat(run.terminal("0", 100).types("y").run("purge", "--error", "3f2a9c41d07b"))
                .isEqualTo(1);
        assertThat(api.calls()).containsExactly("POST /v1/jobs/purge");
    }

    @Test
    void purgeStartsWithTheNumberTyped() {
        deadJobs("purge", 7, "{\"purged\":7,\"skipped\":0}");

        assertThat(run.terminal("0", 100).types("7").run("purge", "--error", "3f2a9c41d07b"))
                .isZero();
        assertThat(run.out()).contains("7 purged, 0 skipped");
    }

    @Test
    void withoutATerminalYesIsNeeded() {
        deadJobs("retry", 412, "{}");

        assertThat(run.run("redrive", "--task", "rehearse")).isEqualTo(2);

        assertThat(run.err()).contains("412 dead jobs").contains("--yes");
        assertThat(api.calls()).hasSize(1);
    }

    @Test
    void dryRunCountsAndNoFilterIsRefused() {
        deadJobs("retry", 412, "{}");

        assertThat(run.run("redrive", "--task", "rehearse", "--dry-run")).isZero();
        assertThat(run.out()).isEqualTo("It would redrive 412 dead jobs\n");
        assertThat(run.run("redrive", "--yes")).isEqualTo(2);
        assertThat(run.run("redrive", "--yes", "--all", "--task", "rehearse")).isEqualTo(2);
        assertThat(api.calls()).hasSize(1);
    }

    @Test
    void deadJobsAreCountedByTheirError() {
        api.answers(
                "GET /v1/dead-letters",
                200,
                "{\"groups\":[{\"fingerprint\":\"3f2a9c41d07b\",\"task\":\"rehearse\",\"reason\":\"discarded\","
                        + "\"errorType\":\"Discarded\",\"errorMessage\":\"as its payload requires\",\"count\":2,"
                        + "\"first\":\"2026-11-28T11:00:00.000Z\",\"last\":\"2026-11-28T11:50:00.000Z\",\"job\":\"" + ID
                        + "\"}],\"otherGroups\":3,\"complete\":true}");

        assertThat(run.run("dead")).isZero();

        assertThat(run.out()).isEqualTo("""
                        ERROR         TASK      COUNT  REASON     LAST        EXAMPLE                               MESSAGE
                        3f2a9c41d07b  rehearse      2  discarded  10 min ago  01a20daa-53cb-7379-8fde-b2d1272cc745  Discarded: as its payload requires
                        """);
        assertThat(run.err()).contains("3 more groups");
    }

    @Test
    void oneDeadJobAndOneMoreGroupAreSingular() {
        api.answers("POST /v1/jobs/retry", 200, "{\"count\":1,\"complete\":true}")
                .answers("POST /v1/jobs/purge", 200, "{\"count\":1,\"complete\":true}");
        assertThat(run.run("redrive", "--task", "rehearse", "--dry-run")).isZero();
        assertThat(run.out()).isEqualTo("It would redrive 1 dead job\n");
        assertThat(run.run("redrive", "--task", "rehearse")).isEqualTo(2);
        assertThat(run.err()).contains("It would redrive 1 dead job, and standard input is no terminal");
        assertThat(run.terminal("0", 100).types("n").run("redrive", "--task", "rehearse"))
                .isEqualTo(1);
        assertThat(run.types("n").run("purge", "--task", "rehearse")).isEqualTo(1);
        assertThat(run.questions())
                .containsExactly(
                        "This will redrive 1 dead job. Continue? [y/N] ",
                        "This will purge 1 dead job for good. Type 1 to confirm: ");

        api.answers("GET /v1/dead-letters", 200, "{\"groups\":[],\"otherGroups\":1,\"complete\":true}");
        assertThat(run.run("dead")).isZero();
        assertThat(run.err()).contains("1 more group;");
    }

    @Test
    void queuesSayWhatIsPaused() {
        api.answers(
                "GET /v1/queues",
                200,
                "{\"queues\":[{\"pool\":\"default\",\"visible\":12,\"inFlight\":3,\"delayed\":0,\"deadLetters\":0,"
                        + "\"oldestAgeSeconds\":75,\"paused\":{\"since\":\"2026-11-28T11:55:00Z\",\"by\":\"me\"},\"setAside\":12},"
                        + "{\"pool\":\"heavy\",\"depthUnknown\":true}]}");

        assertThat(run.run("queues")).isZero();

        assertThat(run.out()).isEqualTo("""
                        POOL     WAITING  IN FLIGHT  DELAYED  OLDEST      DEAD LETTERS  STATE
                        default  12       3          0        1 min 15 s  0             paused 5 min ago by me, 12 held
                        heavy    unknown  unknown    unknown  -           unknown       active
                        """);
    }

    @Test
    void pauseAndResumeOfAPoolOrATask() {
        api.answers(
                        "POST /v1/tasks/rehearse/pause",
                        200,
                        "{\"task\":\"rehearse\",\"paused\":{\"since\":\"2026-11-28T12:00:00Z\",\"by\":\"me\"},\"setAside\":0}")
                .answers("POST /v1/queues/default/resume", 200, "{\"pool\":\"default\",\"setAside\":3}");

        assertThat(run.run("pause", "--task", "rehearse")).isZero();
        assertThat(run.out()).isEqualTo("task rehearse is paused now by me\n");
        assertThat(run.run("resume", "--pool", "default")).isZero();
        assertThat(run.out()).isEqualTo("pool default is active, 3 held\n");
    }

    @Test
    void ledgerThatIsNotBalancedExitsWithOne() {
        String counts =
                "\"accepted\":3,\"succeeded\":1,\"dead\":1,\"cancelled\":0,\"waiting\":0,\"running\":0,\"missing\":1,\"mended\":0";
        String ledger = "{\"balanced\":%s,\"explanation\":\"1 job is missing\",\"from\":\"2026-11-27T12:00:00Z\","
                + "\"to\":\"2026-11-28T12:00:00Z\",\"auditedAt\":\"2026-11-28T11:59:00Z\",\"totals\":{" + counts + "},"
                + "\"hours\":[{\"hour\":\"2026-11-28T10:00:00.000Z\"," + counts + ",\"closed\":false}]}";
        api.answers("GET /v1/ledger", 200, ledger.formatted("false"))
                .answers("GET /v1/ledger", 200, ledger.formatted("true"));

        assertThat(run.run("ledger")).isEqualTo(1);
        assertThat(run.out()).contains("problem: 1 job is missing").contains("2026-11-28T10:00:00Z         3");
        assertThat(run.run("ledger", "--json")).isZero();
    }

    @Test
    void createdKeyIsAloneOnStandardOutput() {
        api.answers(
                "POST /v1/keys",
                201,
                "{\"id\":\"9f2c\",\"name\":\"shop\",\"scopes\":[\"enqueue\"],\"createdAt\":\"2026-11-28T04:40:12.301Z\","
                        + "\"key\":\"ls_9f2c_secret\"}");

        assertThat(run.run("keys", "create", "shop", "--scope", "enqueue,read", "--task", "rehearse"))
                .isZero();

        assertThat(run.out()).isEqualTo("ls_9f2c_secret\n");
        assertThat(api.requests().get(0).body())
                .isEqualTo("{\"name\":\"shop\",\"scopes\":[\"enqueue\",\"read\"],\"tasks\":[\"rehearse\"]}");
    }

    @Test
    void schedulesAreListedPutAndRun() {
        String schedule =
                "{\"name\":\"nightly\",\"task\":\"rehearse\",\"cron\":\"30 2 * * *\",\"zone\":\"Europe/Berlin\","
                        + "\"overlap\":\"allow\",\"catchUp\":\"latest\",\"catchUpLimit\":100,\"jitterSeconds\":0,\"paused\":true,"
                        + "\"declared\":false,\"next\":[\"2026-11-29T01:30:00.000Z\"],\"skipped\":0}";
        api.answers("GET /v1/schedules", 200, "{\"schedules\":[" + schedule + "]}")
                .answers("PUT /v1/schedules/nightly", 200, schedule)
                .answers("POST /v1/schedules/nightly/run", 202, job("QUEUED", ""));

        assertThat(run.run("schedules", "list")).isZero();
        assertThat(run.out()).isEqualTo("""
                        NAME     TASK      TIMES                     STATE   NEXT            LAST  SKIPPED
                        nightly  rehearse  30 2 * * * Europe/Berlin  paused  in 13 h 30 min     -        0
                        """);
        assertThat(run.run(
                        "schedules",
                        "put",
                        "nightly",
                        "--task",
                        "rehearse",
                        "--cron",
                        "30 2 * * *",
                        "--zone",
                        "Europe/Berlin"))
                .isZero();
        assertThat(api.requests().get(1).body())
                .isEqualTo("{\"task\":\"rehearse\",\"cron\":\"30 2 * * *\",\"zone\":\"Europe/Berlin\"}");
        assertThat(run.run("schedules", "put", "nightly", "--task", "rehearse")).isEqualTo(2);
        assertThat(run.run("schedules", "run", "nightly")).isZero();
        assertThat(run.out()).isEqualTo(ID + "\n");
    }
}

package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.cli.RealShell.Ended;
import dev.longshore.local.LocalRuntime;
import dev.longshore.local.LocalSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line against a real local runtime, where its module's own tests have made-up answers. */
class CommandLineOnRuntimeTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    static Path folder;

    private static LocalRuntime runtime;
    private static RealShell shell;
    private static Path jar;

    @BeforeAll
    static void start() throws IOException {
        runtime =
                LocalRuntime.start(new LocalSettings(0, folder.resolve("data"), Optional.empty()), new Shop.Deployed());
        shell = new RealShell(Files.createDirectories(folder.resolve("home")))
                .with("LONGSHORE_URL", runtime.url().toString())
                .with("LONGSHORE_KEY", runtime.key())
                .with("JAVA_HOME", System.getProperty("java.home"))
                .with("PATH", System.getenv("PATH"));
        jar = TestJar.ofThisClassPath(folder.resolve("worker.jar"));
        shell.until(0, "ledger"); // the dispatcher's first tick has made the first audit
    }

    @AfterAll
    static void stop() {
        runtime.close();
    }

    @AfterEach
    void leaveNothingThatADoctorSees() {
        Shop.CARRIER_IS_DOWN.set(false);
        shell.run("resume", "--pool", "default");
        shell.run("resume", "--task", "remind");
        done("purge", "--all", "--yes");
    }

    private static Ended done(String... arguments) {
        Ended ended = shell.run(arguments);
        assertThat(ended.exit())
                .as("%s: %s", String.join(" ", arguments), ended)
                .isZero();
        return ended;
    }

    private static Ended answeredNo(String... arguments) {
        Ended ended = shell.run(arguments);
        assertThat(ended.exit())
                .as("%s: %s", String.join(" ", arguments), ended)
                .isEqualTo(1);
        return ended;
    }

    private static String enqueued(String task, String payload, String... options) {
        List<String> arguments = new ArrayList<>(List.of("enqueue", task, payload));
        arguments.addAll(List.of(options));
        return done(arguments.toArray(String[]::new)).last();
    }

    private static String order(String number) {
        return "{\"number\": \"" + number + "\", \"amount\": 3}";
    }

    private static List<String> deadOrders(int count) {
        Shop.CARRIER_IS_DOWN.set(true);
        List<String> ids = IntStream.range(0, count)
                .mapToObj(i -> enqueued("ship-order", order("lost-" + i), "--max-attempts", "1"))
                .toList();
        ids.forEach(id -> answeredNo("follow", id));
        return ids;
    }

    @Test
    void jobIsEnqueuedAwaitedShownAndListed() {
        Ended enqueued = done("enqueue", "ship-order", order("7"), "--wait", "--tag", "first", "--meta", "by=test");

        assertThat(enqueued.last()).isEqualTo("\"shipped 7\"");
        assertThat(enqueued.err()).contains("The job is SUCCEEDED after attempt 1");
        String id = enqueued.out().lines().findFirst().orElseThrow();
        assertThat(done("job", id).out())
                .contains("task          ship-order", "SUCCEEDED, attempt 1 of 3", "tags          first")
                .containsSubsequence("QUEUED", "RUNNING    attempt 1", "SUCCEEDED");
        assertThat(JSON.readTree(done("job", id, "--payload").out()))
                .isEqualTo(JSON.readTree("{\"number\": \"7\", \"amount\": 3}"));
        assertThat(done("job", id, "--result").out().strip()).isEqualTo("\"shipped 7\"");
        assertThat(done("jobs", "--tag", "first", "--json").jsonLines())
                .singleElement()
                .satisfies(job -> {
                    assertThat(job.get("id").asString()).isEqualTo(id);
                    assertThat(job.get("state").asString()).isEqualTo("SUCCEEDED");
                });
        String again = done("rerun", id).out().split(" ", 2)[0];
        assertThat(done("follow", again).out()).contains("SUCCEEDED");
        assertThat(done("jobs", "--task", "ship-order", "--state", "succeeded", "--limit", "1")
                        .err())
                .contains("There are more than 1");
    }

    @Test
    void jobIsFollowedThroughItsRetryToItsEnd() {
        String id = enqueued("ship-order", order("late-1"));

        assertThat(done("follow", id).out())
                .containsSubsequence(
                        "QUEUED",
                        "RUNNING    attempt 1",
                        "RETRYING   attempt 1  java.lang.IllegalStateException: The carrier is late",
                        "RUNNING    attempt 2",
                        "SUCCEEDED");
    }

    @Test
    void jobThatDiesEndsCommandsWithOne() {
        Shop.CARRIER_IS_DOWN.set(true);

        Ended waited = answeredNo("enqueue", "ship-order", order("8"), "--max-attempts", "1", "--wait");

        assertThat(waited.err()).contains("The job is DEAD after attempt 1");
        String id = waited.out().lines().findFirst().orElseThrow();
        assertThat(answeredNo("follow", id).out()).contains("DEAD");
        assertThat(done("job", id, "--stack").out())
                .contains("dead because  exhausted", "IllegalStateException: The carrier is down", "Shop.ship");
        assertThat(answeredNo("job", id, "--result").err()).contains("has no result");
    }

    @Test
    void waitingJobsAreCancelledAndMadeDue() {
        String cancelled = enqueued("remind", "{\"customer\": \"Ada\"}", "--delay", "1h");
        String hurried = enqueued("remind", "{\"customer\": \"Bea\"}", "--delay", "1h");

        assertThat(done("cancel", cancelled).out()).isEqualTo(cancelled + "  CANCELLED\n");
        assertThat(answeredNo("follow", cancelled).out()).contains("SCHEDULED", "CANCELLED");
        done("run-now", hurried);
        assertThat(done("follow", hurried).out()).contains("SUCCEEDED");
    }

    @Test
    void deadJobsAreCountedAndRedrivenByACanary() {
        List<String> ids = deadOrders(3);
        JsonNode group = done("dead", "--json").jsonLines().getFirst();
        assertThat(group.get("count").asInt()).isEqualTo(3);
        String error = group.get("fingerprint").asString();
        assertThat(done("dead", "--task", "ship-order").out()).contains(error, "The carrier is down");

        Ended stopped = answeredNo("redrive", "--error", error, "--canary", "--yes");

        assertThat(stopped.out()).contains("1 sent, 0 skipped; the canary stopped it", "is dead again");
        Shop.CARRIER_IS_DOWN.set(false);
        Ended redriven = shell.inTerminal(List.of("y"), "redrive", "--error", error, "--rate", "50", "--canary");
        assertThat(redriven.exit()).as(redriven.toString()).isZero();
        assertThat(redriven.out()).contains("is SUCCEEDED: 3 sent, 0 skipped");
        assertThat(redriven.err()).contains("watching how the jobs that were redriven first end");
        ids.forEach(id -> done("follow", id));
        assertThat(done("dead").err()).contains("No job is dead");
    }

    @Test
    void deadJobIsRetriedByItsId() {
        String id = deadOrders(1).getFirst();
        Shop.CARRIER_IS_DOWN.set(false);

        done("retry", id, "--payload", order("9"));

        assertThat(done("follow", id).out()).containsSubsequence("DEAD", "payload replaced", "SUCCEEDED");
        assertThat(done("job", id, "--result").out().strip()).isEqualTo("\"shipped 9\"");
    }

    @Test
    void deadJobsArePurgedAfterTheirNumberIsTyped() {
        List<String> ids = deadOrders(2);

        assertThat(shell.inTerminal(List.of("y"), "purge", "--task", "ship-order")
                        .exit())
                .isEqualTo(1);
        assertThat(done("purge", "--task", "ship-order", "--dry-run").out()).isEqualTo("It would purge 2 dead jobs\n");
        Ended purged = shell.inTerminal(List.of("2"), "purge", "--task", "ship-order");

        assertThat(purged.exit()).as(purged.toString()).isZero();
        assertThat(purged.out()).contains("is SUCCEEDED: 2 purged, 0 skipped");
        ids.forEach(id -> assertThat(shell.run("job", id).exit()).isEqualTo(3));
    }

    @Test
    void pausesAreSeenAndEnd() {
        assertThat(done("pause", "--task", "remind").out()).startsWith("task remind is paused ");
        assertThat(done("tasks").out()).containsPattern("remind +default .* paused \\S+.* by ");
        String id = enqueued("remind", "{\"customer\": \"Ada\"}");
        assertThat(done("pause", "--pool", "default").out()).startsWith("pool default is paused ");
        assertThat(done("queues").out()).containsPattern("default .* paused \\S+.* by ");

        assertThat(done("resume", "--pool", "default").out()).startsWith("pool default is active");
        assertThat(done("resume", "--task", "remind").out()).startsWith("task remind is active");

        done("follow", id);
        assertThat(done("queues").out()).containsPattern("default .* active");
        assertThat(done("log", "--limit", "100").out())
                .containsPattern("POST /v1/tasks/\\{task}/pause +remind\n")
                .containsPattern("POST /v1/queues/\\{pool}/resume +default\n");
    }

    @Test
    void schedulesAreMadeRunAndDeleted() {
        done(
                "schedules",
                "put",
                "nightly",
                "--task",
                "remind",
                "--cron",
                "0 3 * * *",
                "--zone",
                "Europe/Berlin",
                "--payload",
                "{\"customer\": \"Ada\"}");

        assertThat(done("schedules", "list").out()).contains("nightly", "0 3 * * * Europe/Berlin", "active");
        assertThat(done("schedules", "show", "nightly").out())
                .contains("{\"customer\":\"Ada\"}")
                .contains("next");
        assertThat(done("schedules", "pause", "nightly").out()).contains("paused");
        String id = done("schedules", "run", "nightly").last();
        assertThat(done("follow", id).out()).contains("SUCCEEDED");
        assertThat(done("schedules", "resume", "nightly").out()).contains("active");
        done("schedules", "delete", "nightly");
        assertThat(done("schedules", "list").err()).contains("There is no schedule");
        assertThat(shell.run("schedules", "put", "odd", "--task", "remind", "--cron", "99 * * * *"))
                .satisfies(refused -> assertThat(refused.exit()).isEqualTo(3));
    }

    @Test
    void statsAndLedgerCountTheJobs() {
        done("enqueue", "ship-order", order("10"), "--wait");

        assertThat(done("stats").out()).containsPattern("ship-order +\\d+").contains("total");
        assertThat(done("stats", "--task", "ship-order", "--json")
                        .jsonLines()
                        .getFirst()
                        .get("jobs")
                        .asInt())
                .isPositive();
        assertThat(done("ledger").out()).contains("ok: Every job that was accepted is accounted for", "total");
        assertThat(done("ledger", "--audit").out()).contains("another audit is requested");
        assertThat(done("quarantine", "list").err()).contains("quarantine");
    }

    @Test
    void keysAreCreatedRotatedAndRevoked() {
        Ended created = done("keys", "create", "shop", "--scope", "enqueue,read", "--task", "remind");
        RealShell shop = shell.with("LONGSHORE_KEY", created.last());
        String id = created.last().split("_", 3)[1];

        assertThat(created.out().lines()).singleElement().asString().startsWith("ls_" + id + "_");
        assertThat(shop.run("enqueue", "remind", "{\"customer\": \"Ada\"}", "--wait")
                        .exit())
                .isZero();
        assertThat(shop.run("enqueue", "ship-order", order("11")).exit()).isEqualTo(Exit.KEY);
        assertThat(shop.run("pause", "--task", "remind").exit()).isEqualTo(Exit.KEY);
        assertThat(done("keys", "list").out()).containsPattern(id + " +shop +enqueue,read +remind +");

        Ended rotated = done("keys", "rotate", id, "--overlap", "0s");

        assertThat(shop.run("tasks").exit()).isEqualTo(Exit.KEY);
        RealShell after = shell.with("LONGSHORE_KEY", rotated.last());
        assertThat(after.run("tasks").exit()).isZero();
        done("keys", "revoke", id);
        assertThat(after.run("tasks").err()).contains("revoked");
        assertThat(after.run("tasks").exit()).isEqualTo(Exit.KEY);
        assertThat(done("log").out()).containsPattern("POST /v1/keys/\\{id}/rotate +" + id + "\n");
        assertThat(done("keys", "list").out()).doesNotContain(created.last()).doesNotContain(rotated.last());
    }

    @Test
    void refusalsHaveTheirExitCodes() {
        assertThat(shell.run("enqueue", "ship-odrer", "{}"))
                .satisfies(refused -> assertThat(refused.exit()).isEqualTo(Exit.REFUSED))
                .satisfies(refused -> assertThat(refused.err()).contains("did you mean 'ship-order'?"));
        assertThat(shell.run("enqueue", "ship-order", "{\"number\": \"1\"}").err())
                .contains("/amount");
        assertThat(shell.run("job", "01a20daa-0000-7000-8000-000000000000").exit())
                .isEqualTo(Exit.REFUSED);
        assertThat(shell.with("LONGSHORE_URL", "http://127.0.0.1:1")
                        .run("tasks")
                        .exit())
                .isEqualTo(Exit.UNREACHABLE);
    }

    @Test
    void doctorFindsNothingInADeploymentThatIsWell() {
        done("enqueue", "ship-order", order("12"), "--wait");

        assertThat(shell.until(0, "doctor").out())
                .contains("ok        health", "ok        clock", "ok        pool default", "ok        dead jobs")
                .contains("ok        ledger", "ok        dispatcher", "ok        schedules")
                .doesNotContain("problem", "warning");
    }

    @Test
    void doctorFindsWhatWasPlanted() {
        deadOrders(2);
        done("pause", "--pool", "default");

        Ended found = done("doctor"); // warnings alone

        assertThat(found.out())
                .containsPattern("warning   pool default  Paused \\S+.* by ")
                .contains("longshore resume --pool default")
                .contains("warning   dead jobs     2 jobs of ship-order died of ", "longshore redrive --error ");
        Ended refused = shell.with("LONGSHORE_KEY", "ls_none_of-these-keys").run("doctor");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out()).contains("problem   key           Key none is refused");
    }

    @Test
    void checkStopsAWorkerThatWouldEndWaitingJobsDead() {
        List<String> ids = new ArrayList<>();
        ids.add(enqueued("ship-order", order("20"), "--delay", "1d"));
        ids.add(enqueued(
                "ship-order",
                "{\"number\": \"21\", \"amount\": 1, \"note\": \"" + "n".repeat(300_000) + "\"}",
                "--delay",
                "1d"));
        ids.add(enqueued("remind", "{\"customer\": \"Ada\"}", "--delay", "1d"));
        done("schedules", "put", "weekly", "--task", "ship-order", "--every", "7d", "--payload", order("22"));

        Ended same = check(Shop.Deployed.class);
        Ended strict = check(Shop.WithCurrency.class);
        Ended tolerant = check(Shop.WithCurrencyAndOrdersOfBefore.class);
        Ended gone = check(Shop.WithoutReminders.class);

        assertThat(same.exit()).as(same.toString()).isZero();
        assertThat(same.err()).contains("Checked 3 jobs", "and 1 schedule;", "all of them. 0 would not run");
        assertThat(strict.exit()).as(strict.toString()).isEqualTo(1);
        assertThat(strict.out()).containsPattern("ship-order +3 .*schedule:weekly.* +/currency is missing\n");
        assertThat(strict.err()).contains("3 would not run");
        assertThat(tolerant.exit()).as(tolerant.toString()).isZero();
        assertThat(gone.exit()).as(gone.toString()).isEqualTo(1);
        assertThat(gone.out()).containsPattern("remind +1  " + ids.get(2) + "  This worker has no task 'remind'");
        done("schedules", "delete", "weekly");
        ids.forEach(id -> done("cancel", id));
    }

    @Test
    void checkOfAWorkerThatCannotBeReadSaysWhy() {
        Ended broken = check(Shop.WithoutItsLibrary.class);

        assertThat(broken.exit()).isEqualTo(Exit.USAGE);
        assertThat(broken.err())
                .contains("com/carrier/Client")
                .contains("Is a dependency missing from the jar?")
                .doesNotContain("\tat ");
    }

    @Test
    void checkNeedsTheJavaOfTheWorkerAndItsJar() throws IOException {
        Path older = Path.of("/usr/lib/jvm/java-17-openjdk-amd64");
        assumeTrue(Files.isExecutable(older.resolve("bin/java")), "Skipped: there is no " + older);

        Ended old = shell.with("JAVA_HOME", older.toString()).run("check", "--jar", jar.toString(), "--worker", "Any");
        Ended empty = shell.run(
                "check", "--jar", Files.createTempFile(folder, "empty", ".jar").toString(), "--worker", "Any");
        Ended missing = shell.run("check", "--jar", folder.resolve("gone.jar").toString(), "--worker", "Any");
        Ended unknown = shell.run("check", "--jar", jar.toString(), "--worker", "com.example.Gone");

        assertThat(List.of(old.exit(), empty.exit(), missing.exit(), unknown.exit()))
                .containsOnly(Exit.USAGE);
        assertThat(old.err()).contains("set JAVA_HOME to a JDK 25");
        assertThat(empty.err()).contains("--jar takes the worker's shaded jar");
        assertThat(missing.err()).contains("gone.jar is not there");
        assertThat(unknown.err()).contains("com.example.Gone that the argument names is not in the worker's jar");
    }

    private static Ended check(Class<?> worker) {
        return shell.run("check", "--jar", jar.toString(), "--worker", worker.getName());
    }
}

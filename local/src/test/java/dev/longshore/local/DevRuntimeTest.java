package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.suites.e2e.Api;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The worker is replaced when the team's classes change, and no job suffers from it. */
class DevRuntimeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HELLO =
            "tasks.add(\"greet\", Customer.class, (customer, job) -> \"Hello \" + customer.name());";
    private static final String GOOD_MORNING = """
            tasks.add("greet", TitledCustomer.class, (customer, job) -> "Good morning " + customer.title() + " " + customer.name())
                    .alsoReads(Customer.class, customer -> new TitledCustomer("dear", customer.name()))
                    .every("greet-daily", ScheduleSpec.cron("0 6 * * *", ZoneId.of("UTC")).payload(new TitledCustomer("Dr", "Ada")));
            tasks.add("part", Customer.class, (customer, job) -> "Bye " + customer.name()).pool("farewells");""";

    @TempDir
    Path folder;

    private final PrintStream terminal = System.out;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private TeamProject project;
    private DevRuntime runtime;
    private Api api;

    @BeforeEach
    void listen() throws IOException {
        project = new TeamProject(folder);
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        System.setOut(terminal);
        if (runtime != null) {
            runtime.close();
        }
    }

    private void start(String tasks) throws IOException {
        project.compile(tasks);
        runtime = DevRuntime.start(
                new LocalSettings(0, folder.resolve("data"), Optional.empty()),
                TeamProject.WORKER,
                project.classPath(),
                Map.of());
        api = new Api(runtime.url(), runtime.key(), PATIENCE);
    }

    private String greet(Map<String, ?> payload) {
        return api.enqueue(Map.of("task", "greet", "payload", payload));
    }

    private String resultOf(String id) {
        return api.await(id, "SUCCEEDED").get("result").asString();
    }

    private void awaitPrinted(String text) {
        api.await(
                "line with '" + text + "'",
                PATIENCE,
                () -> Optional.of(printed.toString(StandardCharsets.UTF_8)).filter(all -> all.contains(text)));
    }

    @Test
    void editedHandlerTakesTheJobsThatWait() throws Exception {
        start(HELLO);
        assertThat(resultOf(greet(Map.of("name", "Ada")))).isEqualTo("Hello Ada");
        String later = api.enqueue(Map.of("task", "greet", "payload", Map.of("name", "Bea"), "delaySeconds", 900));

        project.compile(GOOD_MORNING);
        awaitPrinted("New classes are live: generation 2");

        List<String> atOnce = IntStream.range(0, 20)
                .mapToObj(i -> greet(Map.of("title", "Dr", "name", "Ada " + i)))
                .toList();
        assertThat(atOnce)
                .as("none is received by the process that has ended")
                .allSatisfy(id -> assertThat(resultOf(id)).startsWith("Good morning Dr Ada"));
        assertThat(api.post("/v1/jobs/" + later + "/run-now", Map.of()).status())
                .isEqualTo(200);
        assertThat(resultOf(later)).isEqualTo("Good morning dear Bea");
    }

    @Test
    void apiPoolsAndSchedulesFollowTheEditedTasks() throws Exception {
        start(HELLO);
        assertThat(api.post("/v1/jobs", Map.of("task", "part", "payload", Map.of("name", "Ada")))
                        .status())
                .isEqualTo(422);

        project.compile(GOOD_MORNING);
        awaitPrinted("New classes are live: generation 2");

        String parting = api.enqueue(Map.of("task", "part", "payload", Map.of("name", "Ada")));
        assertThat(resultOf(parting)).as("of a pool that is new").isEqualTo("Bye Ada");
        assertThat(api.post("/v1/jobs", Map.of("task", "greet", "payload", Map.of("title", "Dr")))
                        .status())
                .as("without a name")
                .isEqualTo(422);
        api.awaitAnswer(
                "/v1/schedules",
                "schedule greet-daily",
                schedules -> schedules.toString().contains("greet-daily"));

        project.compile(HELLO);
        awaitPrinted("New classes are live: generation 3");

        assertThat(api.post("/v1/jobs", Map.of("task", "part", "payload", Map.of("name", "Ada")))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void runningJobEndsInItsOwnClassesWhileTheNewOnesWork() throws Exception {
        Path gate = folder.resolve("continue");
        String waiting = """
                class Old {
                    String greeting() {
                        return "Hello ";
                    }
                }
                tasks.add("greet", Customer.class, (customer, job) -> {
                    while (!Files.exists(Path.of("%s"))) {
                        Thread.sleep(20); // no clock of a handler can be set
                    }
                    return new Old().greeting() + customer.name();
                });""".formatted(gate);
        start(waiting);
        String running = greet(Map.of("name", "Ada"));
        api.await(running, "RUNNING");

        project.compile(HELLO.replace("Hello", "Good morning"));
        awaitPrinted("New classes are live: generation 2");
        String id = greet(Map.of("name", "Bea"));

        assertThat(resultOf(id)).isEqualTo("Good morning Bea");
        assertThat(api.job(running).get("state").asString()).isEqualTo("RUNNING");
        ClassFolders.delete(project.classes());
        Files.createFile(gate);
        assertThat(resultOf(running))
                .as("by a class that was first loaded after a build had deleted its file")
                .isEqualTo("Hello Ada");
        assertThat(api.job(running).get("attempt").asInt()).isEqualTo(1);
    }

    @Test
    void runningJobThatOutlivesTheDrainRunsInTheNewClassesAndHasUsedNoAttempt() throws Exception {
        start("""
                tasks.add("greet", Customer.class, (customer, job) -> {
                    Thread.sleep(Duration.ofMinutes(5));
                    return "never";
                }).timeout(Duration.ofMinutes(10));""");
        String running = greet(Map.of("name", "Ada"));
        api.await(running, "RUNNING");

        project.compile(HELLO);

        assertThat(resultOf(running)).isEqualTo("Hello Ada");
        assertThat(api.job(running).get("attempt").asInt()).isEqualTo(1);
    }

    @Test
    void refusedClassesLeaveTheOldOnesRunningAndSayWhy() throws Exception {
        start(HELLO);

        project.compile(HELLO + HELLO);
        awaitPrinted("New classes are not taken, and generation 1 keeps running. The tasks of " + TeamProject.WORKER
                + " are refused: There is a task greet already");
        assertThat(resultOf(greet(Map.of("name", "Ada")))).isEqualTo("Hello Ada");

        project.compile(HELLO.replace("Hello", "Good morning"));
        awaitPrinted("New classes are live: generation 3");
        assertThat(resultOf(greet(Map.of("name", "Ada")))).isEqualTo("Good morning Ada");
    }

    @Test
    void classesThatAFailedBuildDeletedStayInUse() throws Exception {
        start(HELLO);

        ClassFolders.delete(project.classes());
        awaitPrinted("New classes are not taken, and generation 1 keeps running. The class " + TeamProject.WORKER
                + " is not on the class path");

        assertThat(resultOf(greet(Map.of("name", "Ada")))).isEqualTo("Hello Ada");
    }

    @Test
    void workerWhoseHandlerEndsTheProcessIsStartedAgainAndTheJobRunsAgainAfterItsLease() throws Exception {
        start("""
                tasks.add("greet", Customer.class, (customer, job) -> {
                    if (job.attempt() == 1) {
                        Runtime.getRuntime().halt(3);
                    }
                    return "Hello " + customer.name();
                }).timeout(Duration.ofSeconds(1));""");

        JsonNode survivor = api.await(greet(Map.of("name", "Ada")), "SUCCEEDED");

        assertThat(survivor.get("attempt").asInt()).isEqualTo(2);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("The worker's process ended with status 3");
    }

    @Test
    void workersProcessEndsWithARuntimeThatIsKilled() throws Exception {
        project.compile(HELLO);
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-classpath",
                project.classPath(),
                Main.class.getName(),
                "dev",
                TeamProject.WORKER);
        int port = Ports.free();
        builder.environment()
                .putAll(Map.of(
                        "LONGSHORE_PORT",
                        Integer.toString(port),
                        "LONGSHORE_DATA",
                        folder.resolve("data").toString()));
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(new File(folder.toFile(), "log"))
                .start();
        try {
            new Api(URI.create("http://127.0.0.1:" + port), "none", PATIENCE).awaitUp();
            List<ProcessHandle> workers = process.descendants().toList();
            assertThat(workers).hasSize(1);

            process.destroyForcibly().waitFor();

            assertThat(workers.getFirst().onExit().get(60, TimeUnit.SECONDS).isAlive())
                    .isFalse();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}

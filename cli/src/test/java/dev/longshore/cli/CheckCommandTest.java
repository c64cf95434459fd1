package dev.longshore.cli;

import static dev.longshore.cli.Answers.ID;
import static dev.longshore.cli.Answers.job;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The deploy gate, with a script in place of the java that runs the worker's DeploymentCheck. */
class CheckCommandTest extends CommandTest {
    private static final String FINDING =
            "{\"id\":\"%s\",\"task\":\"rehearse\",\"reason\":\"undecodable\",\"mistakes\":"
                    + "[{\"pointer\":\"/currency\",\"message\":\"is missing\"}],\"detail\":\"payload/currency is missing\"}";

    @BeforeEach
    void putTheJar() throws IOException {
        run = run.with("JAVA_HOME", home.toString());
        Files.writeString(home.resolve("worker.jar"), "");
    }

    /** @param script what it does after it has read the jobs */
    private void java(String script) throws IOException {
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(
                java,
                "#!/bin/sh\necho \"$@\" >'" + home + "/arguments'\necho \"${LONGSHORE_KEY:-none}\" >'" + home
                        + "/key'\n" + "cat >'" + home + "/jobs'\n" + script + "\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    }

    /** The same jobs in each state: a job that changes its state during the check is read twice. */
    private void waitingJobs() {
        String other = job("QUEUED", "").replace(ID, "01a20daa-0000-7000-8000-000000000002");
        api.answers("GET /v1/jobs", 200, "{\"jobs\":[" + job("QUEUED", ",\"payload\":{\"id\":7}") + "," + other + "]}")
                .answers("GET /v1/jobs/01a20daa-0000-7000-8000-000000000002/payload", 200, "{\"large\":true}")
                .answers(
                        "GET /v1/schedules",
                        200,
                        "{\"schedules\":[{\"name\":\"nightly\",\"task\":\"rehearse\",\"overlap\":\"allow\",\"catchUp\":\"all\"}]}")
                .answers(
                        "GET /v1/schedules/nightly",
                        200,
                        "{\"name\":\"nightly\",\"task\":\"rehearse\",\"overlap\":\"allow\",\"catchUp\":\"all\",\"payload\":{\"s\":1}}");
    }

    private int check(String... more) {
        String[] arguments = new String[more.length + 5];
        arguments[0] = "check";
        arguments[1] = "--jar";
        arguments[2] = home.resolve("worker.jar").toString();
        arguments[3] = "--worker";
        arguments[4] = "com.example.ShopWorker";
        System.arraycopy(more, 0, arguments, 5, more.length);
        return run.run(arguments);
    }

    @Test
    void payloadsOfJobsAndSchedulesAreCheckedOnceEach() throws IOException {
        waitingJobs();
        java("exit 0");

        int exit = check();
        assertThat(exit).as(run.err()).isZero();

        assertThat(Files.readAllLines(home.resolve("jobs")))
                .containsExactly(
                        "{\"id\":\"" + ID + "\",\"task\":\"rehearse\",\"payload\":{\"id\":7}}",
                        "{\"id\":\"01a20daa-0000-7000-8000-000000000002\",\"task\":\"rehearse\",\"payload\":{\"large\":true}}",
                        "{\"id\":\"schedule:nightly\",\"task\":\"rehearse\",\"payload\":{\"s\":1}}");
        assertThat(Files.readString(home.resolve("arguments")))
                .isEqualTo("-cp " + home + "/worker.jar dev.longshore.worker.DeploymentCheck com.example.ShopWorker\n");
        assertThat(Files.readString(home.resolve("key"))).isEqualTo("none\n");
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("Checked 2 jobs that have not ended", "and 1 schedule;", "all of them. 0 would not run");
        assertThat(api.requests().stream().map(FakeApi.Received::query).toList())
                .anyMatch(query -> query.contains("state=SCHEDULED"))
                .anyMatch(query -> query.contains("state=QUEUED"))
                .anyMatch(query -> query.contains("state=RETRYING"))
                .anyMatch(query -> query.contains("state=RUNNING"));
    }

    @Test
    void findingsAreGroupedByTheirMistakeAndStopTheDeployment() throws IOException {
        waitingJobs();
        java("cat <<'E'\n" + FINDING.formatted("1") + "\n" + FINDING.formatted("2") + "\n"
                + "{\"id\":\"schedule:nightly\",\"task\":\"gone\",\"reason\":\"unknown_task\",\"mistakes\":[],"
                + "\"detail\":\"This worker has no task 'gone'\"}\nE");

        assertThat(check()).isEqualTo(1);

        assertThat(run.out()).isEqualTo("""
                        TASK      JOBS  EXAMPLES          MISTAKE
                        rehearse     2  1 2               /currency is missing
                        gone         1  schedule:nightly  This worker has no task 'gone'
                        """);
        assertThat(check("--json")).isEqualTo(1);
        assertThat(run.out().lines()).hasSize(3).allMatch(line -> line.startsWith("{\"id\":"));
    }

    @Test
    void limitThatIsReachedIsSaid() throws IOException {
        waitingJobs();
        java("exit 0");

        assertThat(check("--limit", "1")).isZero();

        assertThat(run.err()).contains("Checked 1 job that has not ended", "not all of them");
    }

    @Test
    void workerThatCannotBeReadIsAnErrorAndNoFinding() throws IOException {
        waitingJobs();
        java("echo 'The worker`s tasks cannot be read: no such class' >&2; exit 2");
        assertThat(check()).isEqualTo(2);
        assertThat(run.err()).contains("exit 2").contains("no such class");

        java("echo 'java.lang.UnsupportedClassVersionError: dev/longshore/worker/DeploymentCheck' >&2; exit 1");
        assertThat(check()).isEqualTo(2);
        assertThat(run.err()).contains("JDK 25");

        java("echo 'Error: Could not find or load main class dev.longshore.worker.DeploymentCheck' >&2; exit 1");
        assertThat(check()).isEqualTo(2);
        assertThat(run.err()).contains("shaded jar");

        java("echo 'Exception in thread \"main\" java.lang.NoClassDefFoundError: com/carrier/Client' >&2;"
                + " printf '\\tat dev.longshore.worker.DeploymentCheck.run(DeploymentCheck.java:73)\\n' >&2; exit 1");
        assertThat(check()).isEqualTo(2);
        assertThat(run.err()).contains("(exit 1)", "com/carrier/Client").doesNotContain("shaded jar", "at dev.");

        Files.delete(home.resolve("worker.jar"));
        assertThat(check()).isEqualTo(2);
        assertThat(run.err()).contains("is not there");
    }
}

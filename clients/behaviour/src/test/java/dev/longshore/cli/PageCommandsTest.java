package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.examples.ExampleSettings;
import dev.longshore.examples.ExampleWorker;
import dev.longshore.local.LocalRuntime;
import dev.longshore.local.LocalSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of the pages that call a runtime, run by bash as they are there; of an answer that a page shows, the status and every
 * field's name are in the real one. The port, and ids of jobs that were on another machine, are replaced.
 */
class PageCommandsTest {
    private static final Path PROJECT = Path.of("..", "..");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```");
    private static final Pattern FIELD = Pattern.compile("\"(\\w+)\":");
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");
    private static final String LAPTOP = "http://127.0.0.1:8787";
    private static final String JOB_OF_THE_PAGE = "01a20daa-53cb-7379-8fde-b2d1272cc745";

    /** Needs a message that no function could read. */
    private static final String QUARANTINE = "curl -s $URL/v1/quarantine/$ID ";

    @TempDir
    static Path folder;

    private static LocalRuntime runtime;

    /** Commands and the answer that the page shows below them; empty when it shows none. */
    private record Block(String commands, String answer) {
        static Block of(String text) {
            String[] parts = text.split("\n\n", 2);
            return new Block(parts[0], parts.length == 1 ? "" : parts[1]);
        }
    }

    @BeforeAll
    static void start() throws IOException {
        runtime = LocalRuntime.start(
                new LocalSettings(0, folder.resolve("data"), Optional.of("ls_me_dev-only-secret")),
                new ExampleWorker(ExampleSettings.none()));
        Path program = Files.createDirectories(folder.resolve("bin")).resolve("longshore");
        Files.writeString(
                program,
                "#!/bin/sh\nexec '" + Path.of(System.getProperty("java.home"), "bin", "java")
                        + "' -XX:TieredStopAtLevel=1" + " -classpath '" + System.getProperty("java.class.path")
                        + "' dev.longshore.cli.Main \"$@\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    @AfterAll
    static void stop() {
        runtime.close();
    }

    @Test
    void answersOfTheApisPageAreThoseOfTheRuntime() throws Exception {
        List<String> blocks = blocks("docs/api.md", "curl ");
        String variables = blocks("docs/api.md", "URL=").getFirst();
        assertThat(blocks).hasSizeGreaterThan(15);
        Files.writeString(folder.resolve("payload.json"), "{\"value\": 7}");
        bash("longshore enqueue rehearse '{\"failAttempts\": 3, \"failWith\": \"discard\"}' --wait || [ $? = 1 ]");
        String job = JOB_OF_THE_PAGE;

        for (String text : blocks) {
            if (text.startsWith(QUARANTINE)) {
                continue;
            }
            if (text.contains("/v1/uploads")) {
                upload(variables, text);
                continue;
            }
            Block block = Block.of(text);
            String answer = bash(variables + block.commands().replace(JOB_OF_THE_PAGE, job));
            assertSame(block, answer);
            if (job.equals(JOB_OF_THE_PAGE)) { // the first block enqueues the job that later ones are about
                job = ID.matcher(answer).results().findFirst().orElseThrow().group(1);
                bash("longshore follow " + job);
            }
        }
    }

    /** It has parts that the reader fills in. */
    private static void upload(String variables, String text) throws Exception {
        String[] parts = text.split("\n\n", -1);
        assertThat(parts).hasSize(3);
        String opened = bash(variables + parts[0]);
        assertSame(new Block(parts[0], parts[1]), opened);
        String url = found(opened, "\"url\":\"([^\"]+)\"");
        String reference = found(opened, "\"payloadRef\":\"([^\"]+)\"");
        String enqueued = bash(variables + parts[2].replace("<url>", url).replaceAll("01a20daa-\\u2026", reference));
        bash("longshore follow " + found(enqueued, ID.pattern()));
    }

    @Test
    void firstCommandsOfTheReadmeRun() throws Exception {
        List<String> blocks = blocks("README.md", "curl ");
        assertThat(blocks).hasSize(1);

        String answers = bash(blocks.getFirst());

        assertThat(answers).contains("HTTP/1.1 202", "Location: /v1/jobs/", "{\"jobs\":[");
        bash("longshore follow " + found(answers, ID.pattern()));
    }

    @Test
    void pausesOfAPageRun() throws Exception {
        String variables = blocks("docs/api.md", "URL=").getFirst();

        List<String> blocks = blocks("docs/operating.md", "curl ");
        assertThat(blocks).isNotEmpty();
        for (String block : blocks) {
            assertThat(bash(variables + block)).contains("\"paused\":{\"since\":", "\"setAside\":0");
        }
        assertThat(bash("longshore resume --pool heavy")).startsWith("pool heavy is active");
    }

    @Test
    void firstKeyOfAPageMakesAnother() throws Exception {
        List<String> blocks = blocks("docs/deploying.md", "curl ");
        assertThat(blocks).hasSize(2);

        for (String block : blocks) {
            String calls = block.lines()
                    .dropWhile(line -> !line.startsWith("curl ")) // before them is a call of aws
                    .collect(Collectors.joining("\n"))
                    .replace("<Url>", LAPTOP)
                    .replace("ls_admin_\u2026", runtime.key());
            assertThat(bash(calls)).containsAnyOf("{\"tasks\":[", "\"key\":\"ls_");
        }
    }

    /** Against no AWS: a call with a name or an option that the program aws does not have ends with 252. */
    @Test
    void callsOfAwsAreOnesThatItHas() throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":", -1))
                        .anyMatch(bin -> Files.isExecutable(Path.of(bin, "aws"))),
                "Skipped: the program aws is not on the PATH");
        Files.writeString(folder.resolve("batch.json"), "{}");
        List<String> calls = new ArrayList<>();
        for (String page : List.of("docs/deploying.md", "docs/construct.md")) {
            for (String block : blocks(page, "aws ")) {
                Stream.of(block.replace("\\\n", " ").split("\n|&&|; ", -1))
                        .map(String::strip)
                        .filter(call -> call.startsWith("aws "))
                        .map(call ->
                                call.replaceAll("s3://<[^>]*>", "s3://name").replaceAll("<[^>]*>", "1"))
                        .forEach(calls::add);
            }
        }
        assertThat(calls).hasSizeGreaterThan(10);

        for (String call : calls) {
            String ended = bash("export AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none AWS_REGION=eu-central-1"
                    + " AWS_DEFAULT_REGION=eu-central-1 AWS_MAX_ATTEMPTS=1 AWS_ENDPOINT_URL=http://127.0.0.1:1\n"
                    + call + " 2>&1 || echo ended with $?");
            assertThat(ended)
                    .as(call)
                    .contains("Could not connect to the endpoint URL")
                    .doesNotContain("ended with 252");
        }
    }

    @Test
    void commandLineOfThePageRuns() throws Exception {
        String page = Files.readString(PROJECT.resolve("docs/command-line.md"));
        String first = blocks("docs/command-line.md", "longshore follow ").getFirst();
        String profile = blocks("docs/command-line.md", "config set ").getFirst();
        String completion = blocks("docs/command-line.md", "completion ").getFirst();

        assertThat(bash(first)).contains("QUEUED", "SUCCEEDED");
        String[] lines = profile.split("\n", -1);
        bash(lines[0]);
        assertThat(bash("longshore config show")).contains("production", "https://jobs.example.com", "pass show");
        String another =
                "longshore config set production --url " + LAPTOP + " --key-command 'echo ls_me_dev-only-secret'";
        assertThat(bash("unset LONGSHORE_KEY; " + another + "; " + lines[1])).startsWith("ID ");
        assertThat(bash(completion + "\ncomplete -p longshore")).contains("longshore");
        assertThat(page).contains("longshore --version");
        assertThat(bash("longshore --version")).startsWith("longshore ");
    }

    private static void assertSame(Block shown, String answer) {
        if (shown.answer().isEmpty()) {
            assertThat(answer).as(shown.commands()).startsWith("{").doesNotContain("\"retryable\"");
            return;
        }
        if (shown.answer().startsWith("HTTP/")) {
            assertThat(answer.lines().findFirst())
                    .as(shown.commands())
                    .hasValueSatisfying(status -> assertThat(status)
                            .startsWith(shown.answer().split(" ", -1)[0] + " "
                                    + shown.answer().split(" ", -1)[1]));
        }
        // an hour of the ledger is counted after its end
        assertThat(fields(answer))
                .as(shown.commands() + "\n" + answer)
                .containsAll(fields(shown.answer().replaceAll("(?s)\"hours\":\\[\\{.*", "\"hours\":[]")));
    }

    private static Set<String> fields(String json) {
        return new TreeSet<>(FIELD.matcher(json)
                .results()
                .map((MatchResult field) -> field.group(1))
                .toList());
    }

    private static String found(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .findFirst()
                .orElseThrow(() -> new AssertionError(pattern + " is not in " + text))
                .group(1);
    }

    /** Those of a page that have a line which begins so, or has it after the name of the program. */
    private static List<String> blocks(String page, String command) throws IOException {
        return BLOCK.matcher(Files.readString(PROJECT.resolve(page)))
                .results()
                .filter(block -> block.group(1).isEmpty())
                .map(block -> block.group(2))
                .filter(block -> block.lines()
                        .anyMatch(line -> line.startsWith(command)
                                || line.startsWith("longshore " + command)
                                || line.contains("(longshore " + command)))
                .toList();
    }

    /** Runs commands in a shell as a reader has it; answers standard output. */
    private static String bash(String commands) throws IOException, InterruptedException {
        List<String> shell = new ArrayList<>(List.of("bash", "-euo", "pipefail", "-c"));
        shell.add(commands.replace(LAPTOP, runtime.url().toString().replaceAll("/$", "")));
        Path errors = folder.resolve("errors");
        ProcessBuilder builder =
                new ProcessBuilder(shell).directory(folder.toFile()).redirectError(errors.toFile());
        builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("XDG_CONFIG_HOME", folder.toString());
        builder.environment().put("LONGSHORE_URL", runtime.url().toString());
        builder.environment().put("LONGSHORE_KEY", runtime.key());
        Process process = builder.start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s: %s%s", commands, printed, Files.readString(errors))
                .isZero();
        return printed;
    }
}

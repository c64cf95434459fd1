package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.examples.ExampleSettings;
import dev.longshore.examples.ExampleWorker;
import dev.longshore.suites.e2e.Api;
import dev.longshore.task.Json;
import dev.longshore.task.TaskCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reader pastes works: the README's first handler, and the commands of all pages. */
class ReadmeTest {
    private static final Path PROJECT = Path.of("..");
    private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```");
    private static final Pattern TASK = Pattern.compile("\"task\": \"([^\"]+)\"");

    /** Its commands are for a project of the archetype: `.ci/quick-start` runs them. */
    private static final Path QUICK_START = PROJECT.resolve("docs/quick-start.md");

    /** A name that is none, to show what the API answers. */
    private static final Set<String> MISSPELT = Set.of("reherse");

    @TempDir
    Path folder;

    @Test
    void firstHandlerCompilesAndGreets() throws Exception {
        try (PastedWorker worker = PastedWorker.compile(folder, "GreetWorker", block("java"));
                LocalRuntime runtime = LocalRuntime.start(
                        new LocalSettings(0, folder.resolve("data"), Optional.empty()), worker.construct())) {
            Api api = new Api(runtime.url(), runtime.key(), Duration.ofSeconds(60));
            String id = api.enqueue(Map.of("task", "greet", "payload", Map.of("name", "Ada")));
            assertThat(api.await(id, "SUCCEEDED").get("result").asString()).isEqualTo("Hello Ada");
            for (String payload : List.of("{}", "{\"name\":null}", "{\"nmae\":\"Ada\"}")) {
                Api.Answer nameless = api.post("/v1/jobs", Map.of("task", "greet", "payload", Json.parse(payload)));
                assertThat(nameless.status()).as(payload).isEqualTo(422);
            }
        }
    }

    @Test
    void coordinatesOfTheFirstHandlerAreThoseOfTheModule() throws IOException {
        String pom = Files.readString(PROJECT.resolve("functions/worker/pom.xml"));

        assertThat(block("xml").lines().map(String::strip))
                .contains("<groupId>dev.longshore</groupId>", "<artifactId>longshore-worker</artifactId>")
                .filteredOn(line -> line.startsWith("<version>"))
                .singleElement()
                .satisfies(version -> assertThat(pom).contains(version));
        assertThat(pom).contains("<artifactId>longshore-worker</artifactId>");
    }

    /** zsh expands an unquoted ?, and refuses the command when no file matches. */
    @Test
    void addressesWithAQuestionMarkAreQuotedInEveryCommand() throws IOException {
        List<String> unquoted = new ArrayList<>();
        for (Path page : pages()) {
            for (String line : commands(page)) {
                String bare = line.replaceAll("'[^']*'|\"[^\"]*\"", "''");
                if (bare.contains("?")) {
                    unquoted.add(page + ": " + line);
                }
            }
        }

        assertThat(unquoted).isEmpty();
    }

    @Test
    void commandsNameTasksThatTheLocalRuntimeHas() throws IOException {
        TaskCatalog tasks = new ExampleWorker(ExampleSettings.none()).catalog();
        List<String> unknown = new ArrayList<>();
        int named = 0;
        for (Path page : pages()) {
            for (String line : commands(page)) {
                for (String task : page.equals(QUICK_START) ? List.<String>of() : found(TASK, line)) {
                    named++;
                    if (tasks.find(task).isEmpty() && !MISSPELT.contains(task)) {
                        unknown.add(page + " names the task " + task);
                    }
                }
            }
        }

        assertThat(unknown).isEmpty();
        assertThat(named).isGreaterThan(3);
    }

    /** The README's only block in a language. */
    private static String block(String language) throws IOException {
        List<String> blocks = FENCE.matcher(Files.readString(PROJECT.resolve("README.md")))
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
        assertThat(blocks).as("blocks of " + language).hasSize(1);
        return blocks.getFirst();
    }

    /** The calls of curl in a page's blocks, each with the lines that continue it. */
    private static List<String> commands(Path page) throws IOException {
        return FENCE.matcher(Files.readString(page))
                .results()
                .map(block -> block.group(2))
                .filter(block -> block.contains("curl "))
                .flatMap(block -> block.replace("\\\n", " ").lines())
                .filter(line -> line.strip().startsWith("curl "))
                .toList();
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(PROJECT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(PROJECT.resolve("README.md")),
                            docs.filter(page -> page.toString().endsWith(".md")))
                    .toList();
        }
    }
}

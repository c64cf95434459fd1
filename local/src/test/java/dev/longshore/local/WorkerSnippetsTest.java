package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.task.Json;
import dev.longshore.task.Limit;
import dev.longshore.task.NamedLimit;
import dev.longshore.task.PayloadException;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.TaskDescription;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Java blocks of pages that speak of a worker in passing compile as they are, in a worker that has what their page speaks of;
 * and its catalogue takes what they set.
 */
class WorkerSnippetsTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern JAVA = Pattern.compile("(?ms)^```java\\n(.*?)^```");
    private static final Pattern DECLARATION =
            Pattern.compile("(?:@Json\\w+\\(.*\\)\\s+)?(?:sealed interface|record) ");

    /** Pages whose blocks other tests compile. */
    private static final Set<String> ELSEWHERE =
            Set.of("clients.md", "construct.md", "deploying.md", "migrating.md", "testing.md", "writing-handlers.md");

    private static final String IMPORTS = """
            package com.example;

            import com.fasterxml.jackson.annotation.*;
            import dev.longshore.local.*;
            import dev.longshore.task.*;
            import dev.longshore.worker.WorkerFunction;
            import java.time.*;
            import java.util.*;
            import org.jspecify.annotations.Nullable;

            """;

    /** A handler of the pages that is named and not shown. */
    private static final String HANDLER = """
                static final class %s implements TaskHandler<%s, String> {
                    @Override public String handle(%s payload, JobContext job) { return "done"; }
                }
            """;

    @TempDir
    Path folder;

    @Test
    void everyPageWithJavaIsCompiledBySomeTest() throws IOException {
        try (Stream<Path> pages = Files.list(DOCS)) {
            Set<String> withJava = new TreeSet<>();
            for (Path page : pages.toList()) {
                if (page.toString().endsWith(".md") && !blocks(page).isEmpty()) {
                    withJava.add(page.getFileName().toString());
                }
            }
            withJava.removeAll(ELSEWHERE);

            assertThat(withJava)
                    .containsExactly(
                            "dead-letters.md",
                            "flow-control.md",
                            "long-work.md",
                            "operating.md",
                            "payloads.md",
                            "runtimes.md",
                            "schedules.md");
        }
    }

    @Test
    void payloadsOfThePageAreRead() throws Exception {
        List<String> blocks = blocks(DOCS.resolve("payloads.md"));
        assertThat(blocks).hasSize(3);
        String stage = handler("ProcessVideo", "Video")
                + handler("Greet", "Greeting")
                + "record Greeting(String name) {} record GreetingOf2025(String firstName, String lastName) {}\n"
                + "record Purchase(Payment payment) {}\n";

        TaskCatalog catalog = catalog(stage, blocks, "tasks.add(\"pay\", Purchase.class, (purchase, job) -> null);");

        assertThat(decoded(catalog, "process-video", "{\"file\": \"a.mp4\"}"))
                .isEqualTo("Video[file=a.mp4, width=640, watermark=Optional.empty, notes=null]");
        assertThatThrownBy(() -> decoded(catalog, "process-video", "{}"))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("missing");
        assertThat(decoded(catalog, "pay", "{\"payment\": {\"kind\": \"transfer\", \"iban\": \"DE1\"}}"))
                .isEqualTo("Purchase[payment=Transfer[iban=DE1]]");
        assertThat(decoded(catalog, "greet", "{\"firstName\": \"Ada\", \"lastName\": \"King\"}"))
                .isEqualTo("Greeting[name=Ada King]");
    }

    @Test
    void schedulesOfThePageAreDeclared() throws Exception {
        TaskDescription task = only(catalog(
                "record CleanUp(@Nullable String what) {}\n" + handler("CleanUpHandler", "CleanUp"),
                blocks(DOCS.resolve("schedules.md")),
                ""));

        assertThat(task.schedules()).hasSize(3);
        assertThat(Json.of(task.schedules()).text()).contains("clean-up", "weekly-clean-up", "sweep", "Europe/Berlin");
    }

    @Test
    void limitsAndUniqueJobsOfThePageAreDeclared() throws Exception {
        TaskCatalog catalog = catalog(
                "record Account(String id) {} record Period(int year) {}\n"
                        + "record ReportOrder(String customerId, Period period) {}\n"
                        + handler("SyncAccount", "Account")
                        + handler("ReadContacts", "Account")
                        + handler("WriteContacts", "Account")
                        + handler("RebuildReport", "ReportOrder"),
                blocks(DOCS.resolve("flow-control.md")),
                "");

        assertThat(catalog.find("sync-account").orElseThrow().limits())
                .containsExactly(
                        new NamedLimit("sync-account", Limit.concurrent(5).perKey()));
        assertThat(catalog.find("write-contacts").orElseThrow().limits())
                .extracting(NamedLimit::name)
                .containsExactly("crm-api", "write-contacts");
        assertThat(catalog.find("rebuild-report").orElseThrow().description().unique())
                .isNotNull();
    }

    @Test
    void taskOfAPoolOnFargateIsTaken() throws Exception {
        List<String> blocks = blocks(DOCS.resolve("long-work.md"));
        assertThat(blocks).hasSize(2); // the first is of the infrastructure, where its test is

        TaskDescription task = only(
                catalog("record Video(String source) {}\n" + handler("Encode", "Video"), blocks.subList(1, 2), ""));

        assertThat(task.pool()).isEqualTo("encode");
        assertThat(task.timeoutMillis()).isEqualTo(6 * 3_600_000L);
    }

    @Test
    void hookOfAPageIsTaken() throws Exception {
        TaskCatalog catalog = catalog(
                "record Order(String number) {}\n"
                        + "interface Pager { void page(String text); } private final Pager pager = text -> {};\n"
                        + "static String openDatabase() { return \"jdbc:\"; }\n"
                        + handler("ShipOrder", "Order").replace("@Override", "ShipOrder(String database) {} @Override"),
                blocks(DOCS.resolve("dead-letters.md")),
                "");

        assertThat(catalog.find("ship").orElseThrow().onDead()).isPresent();
    }

    @Test
    void aliasAndContinuationOfAPageAreTaken() throws Exception {
        List<String> blocks = blocks(DOCS.resolve("operating.md"));
        assertThat(blocks).hasSize(2);
        String loop = "static int importRows(List<String> rows, JobContext job) {\n" + blocks.get(1)
                + "return rows.size(); }\nstatic void handle(String row) {}\n";

        TaskCatalog catalog = catalog(
                "record Video(String source) {} record Rows(List<String> rows) {}\n" + handler("RenderVideo", "Video")
                        + loop,
                blocks.subList(0, 1),
                "tasks.add(\"import\", Rows.class, (rows, job) -> importRows(rows.rows(), job));");

        assertThat(catalog.find("process-video").orElseThrow().name()).isEqualTo("render-video");
    }

    @Test
    void runtimeOfThePageStarts() throws Exception {
        String block = blocks(DOCS.resolve("runtimes.md")).getFirst();
        PastedWorker.compile(
                        folder,
                        "Launcher",
                        IMPORTS + "final class Launcher {\n"
                                + "public static void main(String[] arguments) throws Exception {\n" + block + "} }\n"
                                + "final class ShopWorker extends WorkerFunction { record Order(String number) {}\n"
                                + "@Override protected void tasks(TaskCatalog tasks) {\n"
                                + "tasks.add(\"ship\", Order.class, (order, job) -> order.number()); } }\n")
                .close();
        Process process = new ProcessBuilder( // of its own: the block prints, and waits without an end
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dlongshore.port=0",
                        "-Dlongshore.data=" + folder.resolve("data"),
                        "-classpath",
                        folder + File.pathSeparator + System.getProperty("java.class.path"),
                        "com.example.Launcher")
                .redirectError(folder.resolve("launcher.log").toFile())
                .start();
        try (BufferedReader printed = process.inputReader()) {
            assertThat(printed.lines().filter(line -> line.startsWith("http")).findFirst())
                    .hasValueSatisfying(line -> assertThat(line).matches("http://127\\.0\\.0\\.1:\\d+ ls_\\w+_\\S+"));
        } finally {
            process.destroyForcibly();
        }
    }

    private static String handler(String name, String payload) {
        return HANDLER.formatted(name, payload, payload);
    }

    /** Of a worker with these blocks: declarations are its members, and statements add its tasks. */
    private TaskCatalog catalog(String stage, List<String> blocks, String more) throws Exception {
        List<String> parts = blocks.stream()
                .flatMap(block -> Arrays.stream(block.split("\n\n")))
                .toList();
        String members = parts.stream()
                .filter(part -> DECLARATION.matcher(part).lookingAt())
                .collect(Collectors.joining("\n"));
        String statements = parts.stream()
                .filter(part -> !DECLARATION.matcher(part).lookingAt())
                .collect(Collectors.joining("\n"));
        try (PastedWorker worker = PastedWorker.compile(
                folder,
                "PageWorker",
                IMPORTS + "public final class PageWorker extends WorkerFunction {\n" + stage + members
                        + "\n@Override protected void tasks(TaskCatalog tasks) {\n" + statements + more + "\n}\n}\n")) {
            return worker.construct().catalog();
        }
    }

    private static TaskDescription only(TaskCatalog catalog) {
        assertThat(catalog.descriptions()).hasSize(1);
        return catalog.descriptions().getFirst();
    }

    private static String decoded(TaskCatalog catalog, String task, String payload) {
        return String.valueOf(catalog.find(task).orElseThrow().decode(Json.parse(payload)));
    }

    private static List<String> blocks(Path page) throws IOException {
        return JAVA.matcher(Files.readString(page))
                .results()
                .map(block -> block.group(1))
                .toList();
    }
}

package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.longshore.examples.ExampleSettings;
import dev.longshore.examples.ExampleWorker;
import dev.longshore.task.Json;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start that is refused says why in one sentence, ends with status 1, and leaves nothing open. */
class RefusalTest {
    @TempDir
    Path folder;

    private String worker = ExampleWorker.class.getName();

    private record Ended(int status, List<String> out, List<String> err) {}

    @Test
    void takenPortIsOneSentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            assertRefused(
                    Map.of("LONGSHORE_PORT", port),
                    "Port " + port + " is taken; set LONGSHORE_PORT to another one, or to 0 for any");
        }
    }

    @Test
    void fileInThePlaceOfTheDataFolderIsOneSentence() throws Exception {
        Path file = Files.writeString(folder.resolve("notes.txt"), "no folder");

        assertRefused(
                Map.of("LONGSHORE_DATA", file.toString()),
                "The data folder " + file + " cannot be used: " + file
                        + " is a file; set LONGSHORE_DATA to another folder");
    }

    @Test
    void keyThatIsNoneIsOneSentenceWithoutTheKey() throws Exception {
        assertRefused(
                Map.of("LONGSHORE_KEY", "swordfish"),
                "LONGSHORE_KEY takes a key of the form ls_<id>_<secret>: an id of 1 to 32 letters and digits, a secret of 1"
                        + " to 128 letters, digits, _ and -");
    }

    @Test
    void keptKeyThatWasDamagedIsOneSentenceWithItsFile() throws Exception {
        Path data = Files.createDirectories(folder.resolve("damaged"));
        Files.writeString(data.resolve("key"), "swordfish");

        assertRefused(
                Map.of("LONGSHORE_DATA", data.toString()),
                "The file " + data.resolve("key") + " holds no API key; delete it to have a new key made");
    }

    @Test
    void settingOfTheWorkerThatIsMalformedIsOneSentence() throws Exception {
        assertRefused(
                Map.of("LONGSHORE_SMTP", "localhost"),
                "The constructor of dev.longshore.examples.ExampleWorker failed: LONGSHORE_SMTP takes host:port, as in"
                        + " localhost:1025, and got 'localhost'");
    }

    @Test
    void workerThatIsMissingIsOneSentence() throws Exception {
        worker = "com.example.ShopWorker";

        assertRefused(
                Map.of(),
                "The class com.example.ShopWorker is not on the class path; compile the project, or name another class");
    }

    @Test
    void classThatIsNoWorkerIsOneSentence() throws Exception {
        worker = "java.lang.String";

        assertRefused(Map.of(), "The class java.lang.String does not extend WorkerFunction");
    }

    @Test
    void tasksThatAreRefusedAreOneSentence() throws Exception {
        worker = TwiceTheSameWorker.class.getName();

        assertRefused(
                Map.of(),
                "The tasks of " + worker
                        + " are refused: There is a task greet already; names are unique in a catalogue");
    }

    /** Adds two tasks of one name. */
    public static final class TwiceTheSameWorker extends WorkerFunction {
        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("greet", Json.class, (name, job) -> "Hello");
            tasks.add("greet", Json.class, (name, job) -> "Hello again");
        }
    }

    @Test
    void startThatWasRefusedCanBeTriedAgain() throws Exception {
        LocalSettings settings = new LocalSettings(Ports.free(), folder.resolve("data"), Optional.empty());
        try (ServerSocket _ = new ServerSocket(settings.port(), 1, InetAddress.getLoopbackAddress())) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> LocalRuntime.start(settings, new ExampleWorker(ExampleSettings.none())))
                    .withMessageContaining("is taken");
        }
        Files.createDirectories(settings.data());
        Files.writeString(settings.data().resolve("key"), "swordfish");
        assertThatIllegalStateException()
                .isThrownBy(() -> LocalRuntime.start(settings, new ExampleWorker(ExampleSettings.none())))
                .withMessageContaining("holds no API key");
        Files.delete(settings.data().resolve("key"));

        try (LocalRuntime runtime = LocalRuntime.start(settings, new ExampleWorker(ExampleSettings.none()))) {
            assertThat(runtime.url().getPort()).isEqualTo(settings.port());
        }
    }

    private void assertRefused(Map<String, String> environment, String sentence) throws Exception {
        Ended ended = start(environment);

        assertThat(ended.err()).containsExactly("Longshore did not start: " + sentence);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.status()).isEqualTo(1);
    }

    private Ended start(Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-classpath",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "dev",
                worker);
        Map<String, String> all = new HashMap<>(Map.of(
                "LONGSHORE_PORT", "0", "LONGSHORE_DATA", folder.resolve("data").toString()));
        all.putAll(environment);
        builder.environment().putAll(all);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).as("the process ends by itself").isTrue();
        return new Ended(process.exitValue(), lines(out), lines(err));
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8).lines().toList();
    }
}

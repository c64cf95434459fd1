package dev.longshore.local;

import dev.longshore.examples.ExampleWorker;
import dev.longshore.suites.e2e.Api;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The runtime as a process of its own, which can be killed, stopped politely and started again on the same data. */
final class RuntimeProcess implements AutoCloseable {
    private static final String KEY = "ls_crash_0123456789abcdef0123456789abcdef";

    private final Path data;
    private final int port = Ports.free();
    private @Nullable Process process;

    RuntimeProcess(Path data) {
        this.data = data;
    }

    /** Its API, whether it runs or not. */
    Api api(Duration patience) {
        return new Api(URI.create("http://127.0.0.1:" + port), KEY, patience);
    }

    /** Starts it, and waits until it answers. */
    void start() throws IOException {
        process = launch(port);
        api(Duration.ofSeconds(60)).awaitUp();
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        running().destroyForcibly().waitFor();
    }

    /** SIGTERM; answers the process, which ends when it has drained. */
    Process stop() {
        running().destroy();
        return running();
    }

    /** Starts another one on the same data. */
    Process launch(int onPort) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // it ends before the second compiler pays
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-classpath",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                ExampleWorker.class.getName());
        builder.environment().put("LONGSHORE_PORT", Integer.toString(onPort));
        builder.environment().put("LONGSHORE_DATA", data.toString());
        builder.environment().put("LONGSHORE_KEY", KEY);
        File log = data.resolveSibling(data.getFileName() + ".log").toFile();
        return builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log)).start();
    }

    private Process running() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("It was not started");
        }
        return running;
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}

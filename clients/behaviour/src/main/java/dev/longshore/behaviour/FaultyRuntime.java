package dev.longshore.behaviour;

import dev.longshore.examples.ExampleSettings;
import dev.longshore.examples.ExampleWorker;
import dev.longshore.local.LocalRuntime;
import dev.longshore.local.LocalSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * The local runtime with the example tasks, and in front of it a proxy that injects faults; both on free ports of loopback. For
 * tests of clients: {@code clients/behaviour.json} says how they use it.
 */
public final class FaultyRuntime implements AutoCloseable {
    private final LocalRuntime runtime;
    private final FaultyFront front;

    private FaultyRuntime(LocalRuntime runtime, FaultyFront front) {
        this.runtime = runtime;
        this.front = front;
    }

    /**
     * Starts both.
     *
     * @param data an empty folder for the runtime's files
     * @throws IllegalStateException when the runtime does not start; it says what to do
     */
    public static FaultyRuntime start(Path data) {
        LocalRuntime runtime = LocalRuntime.start(
                new LocalSettings(0, data, Optional.empty()), new ExampleWorker(ExampleSettings.none()));
        try {
            return new FaultyRuntime(runtime, FaultyFront.before(runtime.url(), runtime.key()));
        } catch (IOException e) {
            runtime.close();
            throw new UncheckedIOException("No loopback port for the faulty front", e);
        }
    }

    /** Starts both until the process is stopped, and prints the environment that the tests of a client need. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        FaultyRuntime faulty = start(Files.createTempDirectory("longshore-behaviour"));
        Runtime.getRuntime().addShutdownHook(new Thread(faulty::close));
        System.out.println("export LONGSHORE_FAULTY_URL=" + faulty.url());
        System.out.println("export LONGSHORE_URL=" + faulty.runtimeUrl());
        System.out.println("export LONGSHORE_KEY=" + faulty.key());
        new CountDownLatch(1).await();
    }

    /** The front: {@code /_runs} under it takes plans. */
    public URI url() {
        return front.url();
    }

    /** The runtime itself, without faults. */
    public URI runtimeUrl() {
        return runtime.url();
    }

    /** An API key with all scopes. */
    public String key() {
        return runtime.key();
    }

    @Override
    public void close() {
        front.close();
        runtime.close();
    }
}

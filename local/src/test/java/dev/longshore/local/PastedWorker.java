package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.worker.WorkerFunction;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;

/** A worker whose source is on a page, compiled without a warning. */
final class PastedWorker implements AutoCloseable {
    private final String className;
    private final URLClassLoader compiled;

    private PastedWorker(String className, URLClassLoader compiled) {
        this.className = className;
        this.compiled = compiled;
    }

    /**
     * Compiles it.
     *
     * @param name of its class in the package com.example
     */
    static PastedWorker compile(Path folder, String name, String text) throws IOException {
        Path source = Files.createDirectories(folder.resolve("com/example")).resolve(name + ".java");
        Files.writeString(source, text);
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-Werror",
                        "-proc:none",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        source.toString());
        assertThat(status).as("javac's exit status").isZero();
        URL[] classes = {folder.toUri().toURL()};
        return new PastedWorker(
                "com.example." + name, new URLClassLoader(classes, PastedWorker.class.getClassLoader()));
    }

    WorkerFunction construct() throws ReflectiveOperationException {
        return compiled.loadClass(className)
                .asSubclass(WorkerFunction.class)
                .getConstructor()
                .newInstance();
    }

    @Override
    public void close() throws IOException {
        compiled.close();
    }
}

package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;

/** A team's project: the source of one worker, and a folder that it is compiled into. */
final class TeamProject {
    static final String WORKER = "com.example.ShopWorker";

    private final Path source;
    private final Path classes;

    TeamProject(Path folder) throws IOException {
        this.source = Files.createDirectories(folder.resolve("src/com/example")).resolve("ShopWorker.java");
        this.classes = Files.createDirectories(folder.resolve("classes"));
    }

    /** The folder of its class files. */
    Path classes() {
        return classes;
    }

    /** This JVM's class path, with the project's classes. */
    String classPath() {
        return classes + File.pathSeparator + System.getProperty("java.class.path");
    }

    /** Compiles the worker with these statements in its method {@code tasks}, as {@code mvn compile} does. */
    void compile(String tasks) throws IOException {
        Files.writeString(source, """
                package com.example;

                import dev.longshore.task.*;
                import dev.longshore.worker.WorkerFunction;
                import java.nio.file.*;
                import java.time.*;

                public final class ShopWorker extends WorkerFunction {
                    public record Customer(String name) {}
                    public record TitledCustomer(String title, String name) {}

                    @Override
                    protected void tasks(TaskCatalog tasks) {
                        %s
                    }
                }
                """.formatted(tasks));
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-d",
                        classes.toString(),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        source.toString());
        assertThat(status).as("javac's exit status").isZero();
    }
}

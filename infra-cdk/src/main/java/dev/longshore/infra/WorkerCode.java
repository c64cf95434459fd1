package dev.longshore.infra;

import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awscdk.services.ecr.IRepository;
import software.amazon.awscdk.services.ecr.assets.Platform;
import software.amazon.awscdk.services.lambda.AssetImageCodeProps;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.EcrImageCodeProps;
import software.amazon.awscdk.services.lambda.Handler;
import software.amazon.awscdk.services.lambda.Runtime;

/**
 * What a pool's function runs: a jar, or a container image for what does not fit into one (250 MB unpacked, and 10 GB for an
 * image; "Lambda quotas"). Each names the class that extends {@code WorkerFunction} and knows the pool's tasks. So heavy
 * dependencies are loaded only where they are needed.
 */
public final class WorkerCode {
    private final Source source;
    private final String handler;

    private sealed interface Source {}

    private record Jar(Path path) implements Source {}

    private record Folder(Path path) implements Source {}

    private record Repository(IRepository repository, String tagOrDigest) implements Source {}

    private WorkerCode(Source source, String handler) {
        this.source = source;
        this.handler = handler;
    }

    /**
     * A jar with all its dependencies.
     *
     * @param handler the name of the class that extends {@code WorkerFunction}; the synthesis stops when the jar lacks it
     */
    public static WorkerCode jar(Path jar, String handler) {
        return new WorkerCode(new Jar(jar), handler);
    }

    /**
     * An image that {@code cdk deploy} builds from a folder with a {@code Dockerfile}, on top of a base image that has Lambda's
     * runtime interface client, such as {@code public.ecr.aws/lambda/java:25}. The synthesis needs no Docker.
     *
     * @param handler the name of the class that extends {@code WorkerFunction}; it becomes the image's command
     */
    public static WorkerCode image(Path folder, String handler) {
        return new WorkerCode(new Folder(folder), handler);
    }

    /**
     * An image that is in a repository of the same region, built elsewhere.
     *
     * @param tagOrDigest such as {@code 1.4.2} or {@code sha256:…}; a tag that moves brings no deployment
     * @param handler the name of the class that extends {@code WorkerFunction}; it becomes the image's command
     */
    public static WorkerCode image(IRepository repository, String tagOrDigest, String handler) {
        return new WorkerCode(new Repository(repository, tagOrDigest), handler);
    }

    String handler() {
        return handler;
    }

    boolean isImage() {
        return !(source instanceof Jar);
    }

    /** The runtime, which an image brings itself. */
    Runtime runtime() {
        return isImage() ? Runtime.FROM_IMAGE : Runtime.JAVA_25;
    }

    /** A class as Lambda's setting names it; an image has it in its command. */
    String setting(String runs) {
        return isImage() ? Handler.FROM_IMAGE : runs;
    }

    /** Stops the synthesis when the code is not there, or is a jar that lacks the worker's class. */
    void check() {
        switch (source) {
            case Jar jar -> new WorkerJar(jar.path(), handler);
            case Folder folder -> {
                Path dockerfile = folder.path().resolve("Dockerfile");
                if (!Files.isRegularFile(dockerfile)) {
                    throw new IllegalArgumentException("The image of " + handler + " is built from "
                            + dockerfile.toAbsolutePath()
                            + ", which is not there; name the folder of the Dockerfile");
                }
            }
            case Repository _ -> {}
        }
    }

    /** The jar, for what has to be in it; empty for an image, into which the synthesis does not look. */
    Optional<WorkerJar> jar() {
        return source instanceof Jar jar ? Optional.of(new WorkerJar(jar.path(), handler)) : Optional.empty();
    }

    /** @param runs the class that the function runs: the worker's, or the dead-letter function's */
    Code code(String runs, boolean x86) {
        return switch (source) {
            case Jar jar -> new WorkerJar(jar.path(), handler).code();
            case Folder folder ->
                Code.fromAssetImage(
                        folder.path().toString(),
                        AssetImageCodeProps.builder()
                                .cmd(List.of(runs))
                                .platform(x86 ? Platform.LINUX_AMD64 : Platform.LINUX_ARM64)
                                .build());
            case Repository image ->
                Code.fromEcrImage(
                        image.repository(),
                        EcrImageCodeProps.builder()
                                .cmd(List.of(runs))
                                .tagOrDigest(image.tagOrDigest())
                                .build());
        };
    }

    /** Lambda makes a handler by its public constructor without arguments ("Lambda function handler in Java"). */
    static Class<?> requireConstructible(Class<?> worker) {
        boolean constructible = Modifier.isPublic(worker.getModifiers())
                && (worker.getEnclosingClass() == null || Modifier.isStatic(worker.getModifiers()))
                && Stream.of(worker.getConstructors()).anyMatch(constructor -> constructor.getParameterCount() == 0);
        if (!constructible) {
            throw new IllegalArgumentException(
                    "Lambda cannot construct the worker " + worker.getName()
                            + "; make it a public class, static where it is nested, with a public constructor without arguments");
        }
        return worker;
    }
}

package dev.longshore.infra;

import dev.longshore.worker.WorkerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awscdk.services.ecr.assets.DockerImageAsset;
import software.amazon.awscdk.services.ecr.assets.Platform;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.constructs.Construct;

/**
 * The image of a pool on Fargate: the worker's jar on a base image. {@code cdk deploy} builds it and needs Docker for it; the
 * synthesis does not.
 */
final class WorkerImage {
    /** A quarter of the memory is not for the heap; a process without memory ends, and ECS starts another. */
    static final String JVM_FLAGS = "-XX:MaxRAMPercentage=75 -XX:+ExitOnOutOfMemoryError";

    private static final String PROCESS = WorkerProcess.class.getName();

    private WorkerImage() {}

    /** @throws IllegalArgumentException when the jar lacks the class that the container starts */
    static ContainerImage of(Construct scope, String id, WorkerJar jar, String baseImage, boolean isX86) {
        jar.requireClass(
                PROCESS,
                "A pool on Fargate runs " + PROCESS,
                "add dev.longshore:longshore-worker with all its classes to it");
        return ContainerImage.fromDockerImageAsset(DockerImageAsset.Builder.create(scope, id)
                .directory(folder(jar.path(), baseImage).toString())
                .platform(isX86 ? Platform.LINUX_AMD64 : Platform.LINUX_ARM64)
                .build());
    }

    private static Path folder(Path jar, String baseImage) {
        try {
            Path folder = Files.createTempDirectory("longshore-image-");
            folder.toFile().deleteOnExit();
            Files.copy(jar, folder.resolve("worker.jar"));
            Files.writeString(folder.resolve("Dockerfile"), dockerfile(baseImage));
            folder.resolve("worker.jar").toFile().deleteOnExit();
            folder.resolve("Dockerfile").toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("The folder of the worker's image could not be written", e);
        }
    }

    /** Java is the container's first process, so that it gets ECS's SIGTERM. */
    static String dockerfile(String baseImage) {
        return """
                FROM %s
                COPY worker.jar /longshore/worker.jar
                USER 65534
                ENTRYPOINT ["java", "%s", "-cp", "/longshore/worker.jar", "%s"]
                """.formatted(baseImage, JVM_FLAGS.replace(" ", "\", \""), PROCESS);
    }
}

package dev.longshore.infra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import software.amazon.awscdk.services.lambda.Code;

/** The jar of a team's worker, with all its dependencies. */
final class WorkerJar {
    private final Path jar;

    /**
     * @param workerHandler the worker's class
     * @throws IllegalArgumentException when there is no such file, or the class is not in it
     */
    WorkerJar(Path jar, String workerHandler) {
        if (!Files.isRegularFile(jar)) {
            throw new IllegalArgumentException("The worker's jar " + jar.toAbsolutePath()
                    + " is not there; build it with all its dependencies first (mvn package)");
        }
        this.jar = jar;
        requireClass(workerHandler, "Workers run " + workerHandler, "name the worker's class and the jar that has it");
    }

    /** A handler is a class, or {@code <class>::<method>} ("Lambda function handler in Java"). */
    static String classOf(String handler) {
        return handler.replaceFirst("::.*", "");
    }

    Path path() {
        return jar;
    }

    Code code() {
        return Code.fromAsset(jar.toString());
    }

    /**
     * Stops the synthesis when the jar lacks a class.
     *
     * @param why what the class is needed for, as the beginning of a sentence
     * @param remedy what to do about it
     * @throws IllegalArgumentException with the sentence
     */
    void requireClass(String handler, String why, String remedy) {
        String name = classOf(handler);
        try (ZipFile open = new ZipFile(jar.toFile())) {
            if (open.getEntry(name.replace('.', '/') + ".class") == null) {
                throw new IllegalArgumentException(
                        why + ", and the worker's jar " + jar.toAbsolutePath() + " lacks " + name + "; " + remedy);
            }
        } catch (ZipException e) {
            throw new IllegalArgumentException(
                    why + ", and the worker's jar " + jar.toAbsolutePath() + " cannot be read as a jar: "
                            + e.getMessage(),
                    e);
        } catch (IOException e) {
            throw new IllegalArgumentException("The worker's jar " + jar.toAbsolutePath() + " cannot be read: " + e, e);
        }
    }
}

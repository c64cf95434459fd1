package dev.longshore.infra;

import dev.longshore.task.DeployedCatalog;
import dev.longshore.task.Json;
import dev.longshore.task.TaskDescription;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

/** The functions' jars, which travel in this one; each gets the task catalogue. */
final class LambdaJars {
    /** The same catalogue makes the same jar, and so no deployment. */
    private static final FileTime NO_TIME = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

    private LambdaJars() {}

    static Path api(List<TaskDescription> tasks) {
        return withCatalog(unpacked("longshore-api.jar"), tasks);
    }

    static Path keeper(List<TaskDescription> tasks) {
        return withCatalog(unpacked("longshore-keeper.jar"), tasks);
    }

    private static Path withCatalog(Path jar, List<TaskDescription> tasks) {
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
            Path catalog = zip.getPath("/" + DeployedCatalog.RESOURCE);
            Files.write(catalog, Json.of(tasks).utf8());
            Files.getFileAttributeView(catalog, BasicFileAttributeView.class).setTimes(NO_TIME, NO_TIME, NO_TIME);
        } catch (IOException e) {
            throw new UncheckedIOException("The task catalogue could not be put into " + jar, e);
        }
        return jar;
    }

    private static Path unpacked(String name) {
        try (InputStream in = LambdaJars.class.getResourceAsStream("/lambda/" + name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "The construct's jar has no lambda/" + name + "; build it with 'mvn package'");
            }
            Path folder = Files.createTempDirectory("longshore-lambda-");
            folder.toFile().deleteOnExit();
            Path jar = folder.resolve(name);
            Files.copy(in, jar, StandardCopyOption.REPLACE_EXISTING);
            jar.toFile().deleteOnExit();
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

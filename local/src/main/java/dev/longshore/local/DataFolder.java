package dev.longshore.local;

import dev.longshore.api.ApiKeys;
import dev.longshore.job.Engines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The folder that holds everything a local runtime knows; one runtime at a time. */
final class DataFolder implements AutoCloseable {
    private final Path folder;
    private final FileChannel lockFile;

    private DataFolder(Path folder, FileChannel lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    static DataFolder open(Path folder) {
        try {
            Files.createDirectories(folder.resolve("files"));
            FileChannel lockFile =
                    FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(lockFile) == null) {
                lockFile.close();
                throw new IllegalStateException("Another Longshore runs on the data in " + folder
                        + "; stop it, or set LONGSHORE_DATA to another folder");
            }
            return new DataFolder(folder, lockFile);
        } catch (IOException e) {
            throw new UncheckedIOException("The data folder " + folder + " cannot be used", e);
        }
    }

    private static @Nullable FileLock lock(FileChannel lockFile) throws IOException {
        try {
            return lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very JVM
        }
    }

    Path folder() {
        return folder;
    }

    Path files() {
        return folder.resolve("files");
    }

    /** The given key, or the one that an earlier start has made, or a new one; the engines know it from now on. */
    String key(Optional<String> given, Engines engines) {
        String key = given.orElseGet(() -> keptKey().orElseGet(() -> newKey(engines)));
        engines.keys().putApiKey(ApiKeys.withAllScopes(key, engines.clock().instant()));
        return key;
    }

    private Optional<String> keptKey() {
        try {
            Path file = folder.resolve("key");
            return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("The API key in " + folder + " cannot be read", e);
        }
    }

    private String newKey(Engines engines) {
        String key = ApiKeys.draw(engines.random());
        try {
            Path file = folder.resolve("key");
            if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
                // from its first byte on: a file that is narrowed after it was written could be read before
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(file, key + System.lineSeparator());
        } catch (IOException e) {
            throw new UncheckedIOException("The new API key cannot be kept in " + folder, e);
        }
        return key;
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The lock of " + folder + " was not given back", e);
        }
    }
}

package dev.longshore.local;

import dev.longshore.api.ApiKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The folder with all data of a local runtime; one runtime at a time. */
final class DataFolder implements AutoCloseable {
    private final Path folder;
    private final FileChannel lockFile;

    private DataFolder(Path folder, FileChannel lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /** @throws IllegalStateException when the folder is in use or cannot be used; it says why, and what to do */
    static DataFolder open(Path folder) {
        try {
            requireNoFile(folder);
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
            throw new IllegalStateException(
                    "The data folder " + folder + " cannot be used: " + reason(e)
                            + "; set LONGSHORE_DATA to another folder",
                    e);
        }
    }

    /** Why a folder cannot be used: systems word it differently, this says it the same everywhere. */
    private static void requireNoFile(Path folder) throws FileSystemException {
        for (Path step = folder; step != null; step = step.getParent()) {
            if (Files.isRegularFile(step)) {
                throw new FileSystemException(step + " is a file");
            }
        }
    }

    private static String reason(IOException e) {
        return e instanceof AccessDeniedException
                ? "this user may not write " + e.getMessage()
                : String.valueOf(e.getMessage());
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

    /**
     * The given key, or the one that an earlier start has made, or a new one.
     *
     * @throws IllegalStateException when the kept one cannot be read or is none
     */
    String key(Optional<String> given) {
        return given.or(this::keptKey).orElseGet(this::newKey);
    }

    private Optional<String> keptKey() {
        Path file = folder.resolve("key");
        try {
            Optional<String> kept =
                    Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
            if (kept.filter(key -> !ApiKeys.isKey(key)).isPresent()) {
                throw new IllegalStateException(
                        "The file " + file + " holds no API key; delete it to have a new key made");
            }
            return kept;
        } catch (IOException e) {
            throw new IllegalStateException("The API key in " + file + " cannot be read: " + reason(e), e);
        }
    }

    private String newKey() {
        String key = ApiKeys.draw(new SecureRandom());
        Path file = folder.resolve("key");
        try {
            if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
                // from its first byte on: a file that is narrowed after it was written could be read before
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(file, key + System.lineSeparator());
        } catch (IOException e) {
            throw new IllegalStateException("The new API key cannot be kept in " + file + ": " + reason(e), e);
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

package dev.longshore.task;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A {@link FileStore} in a folder of this machine. Links that lead out of the folder are refused. This is checked before the
 * file is opened, so that it does not stop a user of the machine who can change the folder's links in between.
 */
public final class FolderFileStore implements FileStore {
    private final Path folder;

    public FolderFileStore(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    @Override
    public InputStream read(String name) throws IOException {
        Path file = inside(name);
        requireInside(file);
        return Files.newInputStream(file);
    }

    @Override
    public void write(String name, byte[] content) throws IOException {
        Path file = inside(name);
        Path part = part(folderOf(name));
        Files.write(part, content);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void write(String name, Path content) throws IOException {
        Path file = inside(name);
        Path part = part(folderOf(name));
        Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String name) throws IOException {
        Path file = inside(name);
        requireInside(folderOf(name)); // a link at its end may go: its target stays
        Files.deleteIfExists(file);
    }

    private Path part(Path parent) throws IOException {
        requireInside(parent);
        Files.createDirectories(parent);
        return Files.createTempFile(parent, ".part-", "");
    }

    private Path inside(String name) {
        return folder.resolve(FileNames.require(name));
    }

    private Path folderOf(String name) {
        return folder.resolve(name.substring(0, Math.max(name.lastIndexOf('/'), 0)));
    }

    /** A link could lead out of the folder although its name does not. */
    private void requireInside(Path path) throws IOException {
        Path there = folder;
        for (Path step : folder.relativize(path)) {
            there = there.resolve(step);
            if (Files.isSymbolicLink(there) && !there.toRealPath().startsWith(folder.toRealPath())) {
                throw new IllegalArgumentException("The file's name goes through a link that leads out of the store");
            }
        }
    }
}

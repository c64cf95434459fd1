package dev.longshore.task;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A {@link FileStore} in a folder of this machine. */
public final class FolderFileStore implements FileStore {
    private final Path folder;

    public FolderFileStore(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    @Override
    public InputStream read(String name) throws IOException {
        Path file = inside(name);
        // A link could lead out of the folder although its name does not.
        if (Files.exists(file) && !file.toRealPath().startsWith(folder.toRealPath())) {
            throw new IllegalArgumentException("The file is a link that leads out of the store");
        }
        return Files.newInputStream(file);
    }

    @Override
    public void write(String name, byte[] content) throws IOException {
        Path file = inside(name);
        Files.createDirectories(file.getParent());
        Path part = Files.createTempFile(file.getParent(), ".part-", "");
        Files.write(part, content);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void write(String name, Path content) throws IOException {
        Path file = inside(name);
        Files.createDirectories(file.getParent());
        Path part = Files.createTempFile(file.getParent(), ".part-", "");
        Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(inside(name));
    }

    private Path inside(String name) {
        return folder.resolve(FileNames.require(name));
    }
}

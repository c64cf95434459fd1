package dev.longshore.memory;

import dev.longshore.task.FileNames;
import dev.longshore.task.FileStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Files in a map, for handlers under test. */
public final class InMemoryFileStore implements FileStore {
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();

    @Override
    public InputStream read(String name) throws IOException {
        byte[] content = files.get(FileNames.require(name));
        if (content == null) {
            throw new NoSuchFileException(name);
        }
        return new ByteArrayInputStream(content);
    }

    @Override
    public void write(String name, byte[] content) {
        files.put(FileNames.require(name), content.clone());
    }

    @Override
    public void write(String name, Path content) throws IOException {
        FileNames.require(name);
        files.put(name, Files.readAllBytes(content));
    }

    @Override
    public void delete(String name) {
        files.remove(FileNames.require(name));
    }
}

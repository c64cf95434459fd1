package dev.longshore.job.aws;

import dev.longshore.task.FileStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file store without a single file, and without room for one. */
final class NoFiles implements FileStore {
    @Override
    public InputStream read(String name) throws IOException {
        throw new NoSuchFileException(name);
    }

    @Override
    public void write(String name, byte[] content) throws IOException {
        throw new IOException("no room");
    }

    @Override
    public void write(String name, Path content) throws IOException {
        throw new IOException("no room");
    }

    @Override
    public void delete(String name) {
        // there is none
    }
}

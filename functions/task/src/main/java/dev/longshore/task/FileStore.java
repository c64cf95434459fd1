package dev.longshore.task;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Files by name: a folder on a laptop, a bucket in AWS. Handlers take their inputs from it and leave their results in it.
 *
 * <p>A name is a relative path of 1 to 512 characters out of {@code A-Z a-z 0-9 . _ - /}, without empty, {@code .} or
 * {@code ..} steps: see {@link FileNames#require}.
 */
public interface FileStore {

    /**
     * Reads a file.
     *
     * @throws java.nio.file.NoSuchFileException when there is none of this name
     * @throws IllegalArgumentException when the name is malformed
     */
    InputStream read(String name) throws IOException;

    /** Writes a file; a reader sees the old one or the new one, never a part. */
    void write(String name, byte[] content) throws IOException;

    /** Copies a local file into the store; a reader sees the old one or the new one, never a part. */
    void write(String name, Path content) throws IOException;

    /** Removes a file; does nothing when there is none. */
    void delete(String name) throws IOException;
}

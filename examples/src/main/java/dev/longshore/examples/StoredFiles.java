package dev.longshore.examples;

import dev.longshore.task.FileStore;
import dev.longshore.task.JobContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Takes a job's input out of the file store. A file that is missing or too large stays so: the job is discarded. Any
 * other trouble of the store is worth another attempt.
 */
final class StoredFiles {
    private static final int CHUNK = 64 * 1024;

    private final FileStore files;

    StoredFiles(FileStore files) {
        this.files = files;
    }

    /** The whole file, at most {@code limit} bytes of it in memory. */
    byte[] read(String name, int limit, JobContext job) throws IOException {
        try (InputStream in = files.read(name)) {
            byte[] content = in.readNBytes(limit + 1);
            if (content.length > limit) {
                throw tooLarge(name, limit, job);
            }
            return content;
        } catch (NoSuchFileException e) {
            throw missing(name, job);
        }
    }

    /** Copies the file to this machine's disk; {@code target} exists already and is overwritten. */
    void copy(String name, Path target, long limit, JobContext job) throws IOException {
        try (InputStream in = files.read(name);
                OutputStream out = Files.newOutputStream(target)) {
            byte[] chunk = new byte[CHUNK];
            long copied = 0;
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                copied += n;
                if (copied > limit) {
                    throw tooLarge(name, limit, job);
                }
                out.write(chunk, 0, n);
            }
        } catch (NoSuchFileException e) {
            throw missing(name, job);
        }
    }

    private static RuntimeException missing(String name, JobContext job) {
        return job.discard("There is no file " + name + " in the file store; put it there and enqueue the job again");
    }

    private static RuntimeException tooLarge(String name, long limit, JobContext job) {
        return job.discard(
                "The file " + name + " is larger than " + job.task() + " takes: at most " + limit + " bytes");
    }
}

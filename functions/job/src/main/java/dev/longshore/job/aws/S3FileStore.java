package dev.longshore.job.aws;

import dev.longshore.task.FileNames;
import dev.longshore.task.FileStore;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** A {@link FileStore} in an S3 bucket. The client is built at the first use: most jobs need no file. */
public final class S3FileStore implements FileStore {
    private final String bucket;
    private final Supplier<S3Client> s3;

    public S3FileStore(String bucket) {
        this(bucket, builtAtFirstUse());
    }

    public S3FileStore(String bucket, Supplier<S3Client> s3) {
        this.bucket = bucket;
        this.s3 = s3;
    }

    @Override
    public InputStream read(String name) throws NoSuchFileException {
        FileNames.require(name);
        try {
            return Calls.make(
                    "Reading a file",
                    () -> s3.get().getObject(get -> get.bucket(bucket).key(name)));
        } catch (NoSuchKeyException e) {
            NoSuchFileException missing = new NoSuchFileException(name);
            missing.initCause(e);
            throw missing;
        }
    }

    @Override
    public void write(String name, byte[] content) {
        put(name, RequestBody.fromBytes(content));
    }

    @Override
    public void write(String name, Path content) {
        put(name, RequestBody.fromFile(content));
    }

    private void put(String name, RequestBody body) {
        FileNames.require(name);
        Calls.make(
                "Writing a file",
                () -> s3.get().putObject(put -> put.bucket(bucket).key(name), body));
    }

    @Override
    public void delete(String name) {
        FileNames.require(name);
        Calls.make(
                "Deleting a file",
                () -> s3.get().deleteObject(delete -> delete.bucket(bucket).key(name)));
    }

    /** Lambda calls a function's constructor on one thread, but handlers run on many. */
    private static Supplier<S3Client> builtAtFirstUse() {
        Lock lock = new ReentrantLock();
        List<S3Client> built = new ArrayList<>(1);
        return () -> {
            lock.lock();
            try {
                if (built.isEmpty()) {
                    built.add(S3Client.builder()
                            .httpClientBuilder(UrlConnectionHttpClient.builder())
                            .build());
                }
                return built.getFirst();
            } finally {
                lock.unlock();
            }
        };
    }
}

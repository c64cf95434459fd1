package dev.longshore.benchmarks;

import dev.longshore.task.FileStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Counts the requests that a bucket would have got, the functions' wait for them, and with each file what its sweep is going to
 * use. Deleting is free in S3.
 */
final class MeteredFiles implements FileStore {
    private final FileStore files;
    private final Meter meter;

    MeteredFiles(FileStore files, Meter meter) {
        this.files = files;
        this.meter = meter;
    }

    @Override
    public InputStream read(String name) throws IOException {
        meter.count(Charge.S3_GET, 1);
        meter.count(BodyCosts.WAIT);
        return files.read(name);
    }

    @Override
    public void write(String name, byte[] content) throws IOException {
        keep(content.length);
        files.write(name, content);
    }

    @Override
    public void write(String name, Path content) throws IOException {
        keep((double) Files.size(content));
        files.write(name, content);
    }

    private void keep(double bytes) {
        meter.count(Charge.S3_PUT, 1);
        meter.count(BodyCosts.WAIT);
        meter.count(BodyCosts.SWEEP);
        meter.count(Charge.S3_GB_MONTH, Assumptions.keptGigabyteMonths(bytes));
    }

    @Override
    public void delete(String name) throws IOException {
        files.delete(name);
    }
}

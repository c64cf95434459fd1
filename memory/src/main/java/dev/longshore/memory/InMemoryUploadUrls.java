package dev.longshore.memory;

import dev.longshore.job.UploadUrls;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** URLs that nothing serves: their path is the file's name, under which a test writes into {@link InMemoryFileStore}. */
public final class InMemoryUploadUrls implements UploadUrls {
    @Override
    public Target put(String file, int bytes, @Nullable String sha256, Duration lasts) {
        return new Target(
                URI.create("memory:/" + file), sha256 == null ? Map.of() : Map.of("x-amz-checksum-sha256", sha256));
    }
}

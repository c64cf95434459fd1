package dev.longshore.job;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes URLs to which a client uploads a file without a key: presigned ones of S3, or of the HTTP front on a laptop. */
public interface UploadUrls {
    /**
     * A URL for one PUT of a file.
     *
     * @param file its name in the {@link dev.longshore.task.FileStore}
     * @param bytes the length that the PUT must have
     * @param sha256 the SHA-256 that the content must have, in Base64; null for any
     * @param lasts from now on, at most 7 days
     */
    Target put(String file, int bytes, @Nullable String sha256, Duration lasts);

    /** @param headers those that the PUT must have besides {@code Content-Length} */
    record Target(URI url, Map<String, String> headers) {
        /** Without the URL: its signature opens the store. */
        @Override
        public String toString() {
            return "the URL of an upload";
        }
    }
}

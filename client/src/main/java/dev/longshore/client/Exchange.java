package dev.longshore.client;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends one HTTP request. The client's own is the JDK's {@link java.net.http.HttpClient}; tests and applications with a proxy of
 * their own may give another to {@link LongshoreBuilder#exchange}.
 */
public interface Exchange extends AutoCloseable {
    /**
     * Sends a request, once, and reads the whole answer. Redirects are not followed.
     *
     * @throws java.net.http.HttpTimeoutException when there is no whole answer within the request's time-out
     * @throws IOException when there is no whole answer for another reason
     */
    Answer send(Request request) throws IOException, InterruptedException;

    /** Ends connections and threads. */
    @Override
    default void close() {}

    /**
     * A request. Its string form has neither headers nor body, which have secrets.
     *
     * @param body null when there is none
     * @param timeout until the last byte of the answer
     */
    @SuppressWarnings("ArrayRecordComponent") // megabytes that are not copied; never compared
    record Request(String method, URI uri, Map<String, String> headers, byte @Nullable [] body, Duration timeout) {
        @Override
        public String toString() {
            return method + " " + uri.getPath();
        }
    }

    /**
     * An answer. Its string form is the status alone.
     *
     * @param headers by lower-case name
     * @param body empty when there is none
     */
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Answer(int status, Map<String, String> headers, byte[] body) {
        Optional<String> header(String lowerCaseName) {
            return Optional.ofNullable(headers.get(lowerCaseName));
        }

        @Override
        public String toString() {
            return "HTTP " + status;
        }
    }
}

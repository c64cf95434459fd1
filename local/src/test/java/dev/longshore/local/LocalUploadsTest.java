package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.UploadUrls;
import dev.longshore.memory.InMemoryFileStore;
import dev.longshore.memory.SettableClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The laptop's presigned URLs take what S3 would take, and nothing else. */
class LocalUploadsTest {
    private static final String FILE = "jobs/2026-03-10/a/upload-b";
    private static final String SHA256_OF_HELLO = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";

    private final SettableClock clock = SettableClock.atNoon();
    private final InMemoryFileStore files = new InMemoryFileStore();
    private final LocalUploads uploads = new LocalUploads(files, clock);
    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpFront front = HttpFront.listen(0);

    @BeforeEach
    void serve() {
        front.takeUploads(uploads);
    }

    @AfterEach
    void close() {
        front.close();
        http.close();
    }

    @Test
    void whatTheUrlWasSignedForIsWritten() throws Exception {
        UploadUrls.Target target = uploads.put(FILE, 5, SHA256_OF_HELLO, Duration.ofMinutes(15));

        assertThat(target.url().getHost()).isEqualTo("127.0.0.1");
        assertThat(target.headers()).containsEntry("x-amz-checksum-sha256", SHA256_OF_HELLO);
        assertThat(put(target.url(), "hello").statusCode()).isEqualTo(200);
        assertThat(files.read(FILE).readAllBytes()).asString().isEqualTo("hello");
    }

    @Test
    void anotherLengthIsRefused() throws Exception {
        URI url = uploads.put(FILE, 5, null, Duration.ofMinutes(15)).url();

        assertThat(put(url, "hell").statusCode()).isEqualTo(403);
        assertThat(put(url, "hello!").body()).contains("for 5 bytes", "more");
        nothingIsWritten();
    }

    @Test
    void anotherContentThanTheChecksumsIsRefused() throws Exception {
        URI url = uploads.put(FILE, 5, SHA256_OF_HELLO, Duration.ofMinutes(15)).url();

        assertThat(put(url, "HELLO").statusCode()).isEqualTo(400);
        nothingIsWritten();
    }

    @Test
    void aUrlThatHasExpiredIsRefused() throws Exception {
        URI url = uploads.put(FILE, 5, null, Duration.ofMinutes(15)).url();
        clock.advance(Duration.ofMinutes(15));

        assertThat(put(url, "hello").body()).contains("expired");
        nothingIsWritten();
    }

    @Test
    void aUrlThatWasChangedOrNeverSignedIsRefused() throws Exception {
        String url = uploads.put(FILE, 5, null, Duration.ofMinutes(15)).url().toString();

        for (String other : new String[] {
            url.replace("upload-b", "upload-c"),
            url.replace("bytes=5", "bytes=6"),
            url.substring(0, url.indexOf('?')),
            url.substring(0, url.length() - 1)
        }) {
            assertThat(put(URI.create(other), "hello!".substring(0, 5)).statusCode())
                    .as(other)
                    .isEqualTo(403);
        }
        nothingIsWritten();
    }

    @Test
    void aFileIsNotReadThroughItsUrl() throws Exception {
        URI url = uploads.put(FILE, 5, null, Duration.ofMinutes(15)).url();
        put(url, "hello");

        HttpResponse<String> answer =
                http.send(HttpRequest.newBuilder(url).GET().build(), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(405);
    }

    private void nothingIsWritten() {
        Assertions.assertThatThrownBy(() -> files.read(FILE)).isInstanceOf(NoSuchFileException.class);
    }

    private HttpResponse<String> put(URI url, String content) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(url)
                        .PUT(BodyPublishers.ofString(content))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}

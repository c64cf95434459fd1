package dev.longshore.api;

import static dev.longshore.api.ApiStage.KEY;
import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.JobId;
import dev.longshore.job.NewJob;
import dev.longshore.task.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The largest payload comes back, although Lambda answers 6 MB at most and escapes what is in it. */
class AnswerSizeTest {
    private final ApiStage stage = new ApiStage();

    @Test
    void thePayloadThatIsHardestToPackComesBackCompressed() throws IOException {
        String payload = "\"" + noise(EnqueueRequests.LARGEST_PAYLOAD - 2) + "\"";
        JobId id = stage.enqueued("{\"task\":\"echo\",\"payload\":" + payload + "}");

        Answer answer = payload(id, "br, gzip;q=0.8");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(answer.body().length()).isLessThan(HttpEvents.LARGEST_ANSWER - 10_000);
        assertThat(unzipped(answer)).isEqualTo(payload);
    }

    @Test
    void whatDoesNotFitUncompressedIs406ForAClientThatDoesNotTakeGzip() {
        String quotes = "\"" + "\\\"".repeat((EnqueueRequests.LARGEST_PAYLOAD - 2) / 2) + "\"";
        JobId id = kept(quotes);

        for (String accepted : new String[] {"", "identity", "gzip;q=0", "br"}) {
            problem(payload(id, accepted), 406, "Accept-Encoding: gzip", "6291456");
        }
        assertThat(payload(id, "gzip").status()).isEqualTo(200);
    }

    @Test
    void asMuchAsFitsIsSentAsItIs() {
        String payload = "\"" + "x".repeat(EnqueueRequests.LARGEST_PAYLOAD - 2) + "\"";
        JobId id = stage.enqueued("{\"task\":\"echo\",\"payload\":" + payload + "}");

        Answer answer = payload(id, "");

        assertThat(answer.body()).isEqualTo(payload);
        assertThat(answer.headers()).doesNotContainKey("Content-Encoding");
    }

    /** A job whose payload did not come in the body of a request, where it would not fit. */
    private JobId kept(String payload) {
        Instant now = stage.memory.clock().instant();
        JobId id = JobId.next(now, stage.memory.random());
        stage.memory.jobs().create(NewJob.of(id, "echo", ApiStage.POOL, 1, new Json(payload), now, "token"), now);
        return id;
    }

    private Answer payload(JobId id, String acceptEncoding) {
        return stage.send(
                "GET",
                "/v1/jobs/" + id + "/payload",
                Map.of("authorization", "Bearer " + KEY, "accept-encoding", acceptEncoding),
                new byte[0]);
    }

    private static String noise(int characters) {
        return new Random(2)
                .ints(characters, 0x20, 0x7f)
                .mapToObj(point -> point == '"' || point == '\\' ? "x" : Character.toString(point))
                .collect(Collectors.joining());
    }

    private static String unzipped(Answer answer) throws IOException {
        byte[] packed = Base64.getDecoder().decode(answer.body());
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

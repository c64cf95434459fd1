package dev.longshore.job;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.longshore.task.Json;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JobMessageTest {
    private static final String ID = "019cd7b3-2d7b-7abc-8def-0123456789ab";

    @Test
    void aMessageIsReadAsItWasWritten() {
        JobMessage message = new JobMessage(JobMessage.FORMAT, ID, "process-video");

        assertThat(JobMessage.read(message.write())).contains(message);
        assertThat(message.isFromNewerCode()).isFalse();
    }

    @Test
    void aMessageOfNewerCodeIsReadAndRecognised() {
        JobMessage message = JobMessage.read("{\"v\":2,\"id\":\"" + ID + "\",\"task\":\"a\",\"more\":[1]}")
                .orElseThrow();

        assertThat(message.isFromNewerCode()).isTrue();
    }

    @Test
    void whatIsNoMessageOfOursIsNotRead() {
        for (String body : List.of(
                "",
                "null",
                "[]",
                "hello",
                "{}",
                "{\"v\":1,\"id\":\"x\",\"task\":\"a\"}",
                "{\"v\":1,\"id\":\"" + ID + "\"}",
                "{\"v\":\"one\",\"id\":\"" + ID + "\",\"task\":\"a\"}",
                "{\"v\":1,\"id\":\"" + ID + "\",\"task\":\"a\"} and more")) {
            assertThat(JobMessage.read(body)).as(body).isEmpty();
        }
    }

    @Test
    void aBodyComesBackFromItsBytesWhetherGzipHelpedOrNot() {
        byte[] noise = new byte[3_000];
        new Random(5).nextBytes(noise);
        for (Json json : List.of(
                new Json("1"),
                Json.of("\u00e9\ud83d\udea2".repeat(10)),
                Json.of("a".repeat(100_000)),
                Json.of(noise))) {
            byte[] packed = BodyBytes.pack(json);

            assertThat(BodyBytes.unpack(packed, json.utf8Length())).isEqualTo(json);
            assertThat(packed.length).isLessThanOrEqualTo(json.utf8Length());
        }
        assertThat(BodyBytes.pack(Json.of("a".repeat(100_000)))).hasSizeLessThan(1_000);
    }

    @Test
    void aStoredBodyIsUnpackedNoFurtherThanItsRowAllows() {
        Json bomb = Json.of("a".repeat(50_000_000));
        byte[] packed = BodyBytes.pack(bomb);
        assertThat(packed.length).as("a thousandth of the unpacked size").isLessThan(60_000);

        assertThatIllegalStateException()
                .isThrownBy(() -> BodyBytes.unpack(packed, Body.LARGEST))
                .withMessageContaining("more than the 5242880 bytes");
        assertThatIllegalStateException().isThrownBy(() -> BodyBytes.unpack(new byte[] {0x1f, 0x20}, 10));
        assertThatIllegalStateException().isThrownBy(() -> BodyBytes.unpack("[1,2]".getBytes(US_ASCII), 4));
    }
}

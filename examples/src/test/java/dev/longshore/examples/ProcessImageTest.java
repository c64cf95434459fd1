package dev.longshore.examples;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.task.FileStore;
import dev.longshore.task.FolderFileStore;
import dev.longshore.testkit.HandlerRun;
import dev.longshore.testkit.LongshoreTest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessImageTest {
    @TempDir
    Path folder;

    private FileStore files;
    private ProcessImage handler;
    private HandlerRun<ProcessImage.Request, ProcessImage.Result> run;

    @BeforeEach
    void putSamples() throws Exception {
        files = new FolderFileStore(folder);
        Samples.copyInto(files);
        handler = new ProcessImage(files);
        run = HandlerRun.of(handler);
    }

    @Test
    void aFileIsScaledAndItsProportionsKept() throws Exception {
        ProcessImage.Result result =
                run.run(ProcessImage.Request.ofFile(Samples.PICTURE, 300, null)).result();

        assertThat(result).isEqualTo(new ProcessImage.Result(null, "images/" + run.id() + ".png", 300, 200));
        BufferedImage picture = stored(result.file());
        assertThat(picture.getWidth()).isEqualTo(300);
        assertThat(picture.getHeight()).isEqualTo(200);
    }

    @Test
    void anInlinePictureComesBackInline() throws Exception {
        byte[] sample = Samples.content(Samples.PICTURE);
        ProcessImage.Result result =
                run.run(ProcessImage.Request.ofImage(sample, 120, "Ahoy")).result();

        assertThat(result.file()).isNull();
        BufferedImage picture =
                ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(result.image())));
        assertThat(picture.getWidth()).isEqualTo(120);
        assertThat(picture.getHeight()).isEqualTo(80);
    }

    @Test
    void theWatermarkChangesTheLowerRightCornerAndNothingElse() throws Exception {
        BufferedImage plain = stored(run.run(ProcessImage.Request.ofFile(Samples.PICTURE, 400, null))
                .result()
                .file());
        BufferedImage marked = stored(run.run(ProcessImage.Request.ofFile(Samples.PICTURE, 400, "© Longshore"))
                .result()
                .file());

        assertThat(differing(plain, marked, 200, 200, 400, 267)).isGreaterThan(1_000);
        assertThat(differing(plain, marked, 0, 0, 200, 267)).isZero();
        assertThat(differing(plain, marked, 200, 0, 400, 200)).isZero();
    }

    @Test
    void aWatermarkOfLettersThatTheFontLacksIsDrawnAllTheSame() throws Exception {
        assertThat(run.run(ProcessImage.Request.ofFile(Samples.PICTURE, 1, "港 🚢"))
                        .result()
                        .width())
                .isEqualTo(1);
    }

    @Test
    void aPictureThatClaimsTooManyPixelsIsDiscardedBeforeItIsDecoded() {
        byte[] bomb = pngHeader(60_000, 60_000);

        assertThat(run.run(ProcessImage.Request.ofImage(bomb, 100, null)))
                .discardedBecause("60000 x 60000")
                .discardedBecause("40000000");
    }

    @Test
    void anInlineResultOverTheLimitIsDiscardedWithTheAdviceToSendAFile() throws Exception {
        byte[] sample = Samples.content(Samples.PICTURE);

        assertThat(run.run(ProcessImage.Request.ofImage(sample, 2000, null)))
                .discardedBecause("Send the picture as file");
    }

    @Test
    void aThinPictureIsNotBlownUpBeyondAllBounds() throws Exception {
        byte[] thin = Pictures.png(new BufferedImage(1, 5_000, BufferedImage.TYPE_INT_RGB));

        assertThat(run.run(ProcessImage.Request.ofImage(thin, 4096, null))).discardedBecause("Request a smaller width");
    }

    @Test
    void whatIsNoPictureIsDiscarded() {
        assertThat(run.run(ProcessImage.Request.ofImage("hello".getBytes(UTF_8), 10, null)))
                .discardedBecause("no picture");
        assertThat(run.run(ProcessImage.Request.ofImage(pngHeader(10, 10), 10, null)))
                .discardedBecause("broken");
        assertThat(run.run(new ProcessImage.Request("%%%", null, 10, null))).discardedBecause("base64");
    }

    @Test
    void aMissingFileIsDiscarded() {
        assertThat(run.run(ProcessImage.Request.ofFile("nowhere.png", 10, null)))
                .discardedBecause("no file nowhere.png");
    }

    @Test
    void aCrashAtAnyPlaceLeavesTheSameFiles() throws Exception {
        ProcessImage.Request crashing = ProcessImage.Request.ofFile(Samples.PICTURE, 120, "© Longshore");
        LongshoreTest jobs =
                LongshoreTest.ofTasks(tasks -> tasks.add("process-image", ProcessImage.Request.class, handler));

        jobs.crashEverywhere("process-image", crashing, () -> ResultFiles.takeFrom(folder.resolve("images")));
    }

    @Test
    void aPayloadSaysWhatItTakes() {
        assertThatThrownBy(() -> new ProcessImage.Request(null, null, 10, null)).hasMessageContaining("exactly one");
        assertThatThrownBy(() -> new ProcessImage.Request("aa", "b", 10, null)).hasMessageContaining("exactly one");
        assertThatThrownBy(() -> ProcessImage.Request.ofFile("a", 0, null)).hasMessageContaining("1 to 4096");
        assertThatThrownBy(() -> ProcessImage.Request.ofFile("a", 4097, null)).hasMessageContaining("got 4097");
        assertThatThrownBy(() -> ProcessImage.Request.ofFile("../a", 1, null)).hasMessageContaining("relative path");
        assertThatThrownBy(() -> ProcessImage.Request.ofFile("a", 1, " ")).hasMessageContaining("1 to 80");
        String ship = "\ud83d\udea2";
        assertThat(ProcessImage.Request.ofFile("a", 1, ship.repeat(80)).watermark())
                .hasSize(160);
        assertThatThrownBy(() -> ProcessImage.Request.ofFile("a", 1, ship.repeat(81)))
                .hasMessage("watermark takes 1 to 80 characters, and got 81");
    }

    private BufferedImage stored(String name) throws Exception {
        try (InputStream in = files.read(name)) {
            return ImageIO.read(in);
        }
    }

    private static int differing(BufferedImage a, BufferedImage b, int left, int top, int right, int bottom) {
        int count = 0;
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                count += a.getRGB(x, y) == b.getRGB(x, y) ? 0 : 1;
            }
        }
        return count;
    }

    /** A PNG's signature and IHDR, and nothing behind them. */
    private static byte[] pngHeader(int width, int height) {
        ByteBuffer png = ByteBuffer.allocate(33);
        png.putLong(0x89504E470D0A1A0AL).putInt(13);
        ByteBuffer chunk = ByteBuffer.allocate(17);
        chunk.putInt(0x49484452).putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0});
        CRC32 crc = new CRC32();
        crc.update(chunk.array());
        return png.put(chunk.array()).putInt((int) crc.getValue()).array();
    }
}

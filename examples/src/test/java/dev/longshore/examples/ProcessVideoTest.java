package dev.longshore.examples;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.task.FileStore;
import dev.longshore.task.FolderFileStore;
import dev.longshore.testkit.HandlerEnd;
import dev.longshore.testkit.HandlerRun;
import dev.longshore.testkit.LongshoreTest;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessVideoTest {
    @TempDir
    Path folder;

    private FileStore files;
    private ProcessVideo handler;
    private HandlerRun<ProcessVideo.Request, ProcessVideo.Result> run;
    private final ProcessVideo.Request request =
            new ProcessVideo.Request(Samples.VIDEO, ProcessVideo.Format.mp4, "Longshore preview");

    @BeforeEach
    void putSamples() throws Exception {
        files = new FolderFileStore(folder);
        Samples.copyInto(files);
        handler = new ProcessVideo(files);
        run = HandlerRun.of(handler);
    }

    @Test
    void thePreviewHasEveryFrameWithTheWatermarkOnIt() throws Exception {
        ProcessVideo.Result result = run.run(request).result();

        assertThat(result.frames()).isEqualTo(75);
        assertThat(result.seconds()).isEqualTo(3.0);
        List<BufferedImage> original = frames(Samples.VIDEO);
        List<BufferedImage> preview = frames(result.preview());
        assertThat(preview).hasSize(75);
        assertThat(preview.getFirst().getWidth()).isEqualTo(320);
        assertThat(preview.getFirst().getHeight()).isEqualTo(240);
        for (int frame : new int[] {0, 49, 50, 74}) {
            assertThat(difference(original.get(frame), preview.get(frame), 220, 218, 300, 230))
                    .isGreaterThan(25);
            assertThat(difference(original.get(frame), preview.get(frame), 0, 0, 320, 200))
                    .isLessThan(8);
        }
    }

    @Test
    void thePosterIsAFrameOfTheFilmWithoutWatermark() throws Exception {
        ProcessVideo.Result result = run.run(request).result();

        try (InputStream in = files.read(result.poster())) {
            BufferedImage poster = ImageIO.read(in);
            assertThat(poster.getWidth()).isEqualTo(320);
            assertThat(difference(poster, frames(Samples.VIDEO).get(15), 0, 0, 320, 240))
                    .isLessThan(1);
        }
    }

    @Test
    void progressRisesToAHundred() throws Exception {
        run.run(request).result();

        assertThat(run.progress()).isSorted().endsWith(100).hasSizeGreaterThan(50);
        assertThat(run.progressTexts())
                .startsWith("frame 1 of " + run.progressTexts().size());
    }

    @Test
    void anAttemptContinuesAfterTheLastPieceOfTheOneBefore() throws Exception {
        List<BufferedImage> uninterrupted =
                frames(HandlerRun.of(handler).run(request).result().preview());
        assertThat(run.crashBeforeCheckpoint(3).run(request)).crashed();
        int before = run.progress().size();

        ProcessVideo.Result result = run.run(request).result();

        assertThat(run.progress().get(before))
                .as("the first 50 of 75 frames are done")
                .isEqualTo(68);
        assertThat(result.frames()).isEqualTo(75);
        List<BufferedImage> resumed = frames(result.preview());
        assertThat(resumed).hasSize(75);
        for (int frame = 0; frame < 75; frame++) {
            assertThat(difference(resumed.get(frame), uninterrupted.get(frame), 0, 0, 320, 240))
                    .as("frame " + frame)
                    .isZero();
        }
    }

    @Test
    void aJobThatWasDoneAlreadyAnswersTheSameWithoutDoingItAgain() throws Exception {
        ProcessVideo.Result first = run.run(request).result();
        files.delete(Samples.VIDEO);

        assertThat(run.run(request).result()).isEqualTo(first);
    }

    @Test
    void nothingButPosterAndPreviewIsLeft() throws Exception {
        run.run(request).result();

        try (var left = Files.list(folder.resolve("videos/" + run.id()))) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("poster.png", "preview.mp4");
        }
    }

    @Test
    void aCancelledJobStopsAndLeavesNoPieces() throws Exception {
        assertThat(run.crashBeforeCheckpoint(3).run(request)).crashed();

        assertThat(run.cancelRequested().run(request)).cancelled();

        assertThat(folder.resolve("videos/" + run.id() + "/part-0.h264")).doesNotExist();
    }

    @Test
    void aCrashAtAnyPlaceLeavesTheSameFiles() throws Exception {
        SampleFiles.writeVideo(162, 90, 5, folder.resolve("small.mp4"));
        ProcessVideo.Request crashing = new ProcessVideo.Request("small.mp4", ProcessVideo.Format.mp4, "x");
        LongshoreTest jobs =
                LongshoreTest.ofTasks(tasks -> tasks.add("process-video", ProcessVideo.Request.class, handler));

        jobs.crashEverywhere("process-video", crashing, () -> ResultFiles.takeFrom(folder.resolve("videos")));
    }

    @Test
    void anInterruptedAttemptEndsAsSuch() {
        HandlerEnd<ProcessVideo.Result> end = run.interrupted().run(request);

        assertThat(end)
                .isInstanceOfSatisfying(
                        HandlerEnd.Failed.class,
                        failed -> assertThat(failed.error())
                                .isInstanceOfAny(InterruptedException.class, ClosedByInterruptException.class));
    }

    @Test
    void whatIsNoVideoIsDiscarded() throws Exception {
        files.write("notes.mp4", "no film at all, but long enough to look at".getBytes(UTF_8));

        assertThat(run.run(new ProcessVideo.Request("notes.mp4", ProcessVideo.Format.mp4, "x")))
                .discardedBecause("no MP4 with H.264");
        assertThat(run.run(new ProcessVideo.Request("none.mp4", ProcessVideo.Format.mp4, "x")))
                .discardedBecause("no file none.mp4");
    }

    @Test
    void anOddSizeIsEvenedOut() throws Exception {
        SampleFiles.writeVideo(162, 90, 5, folder.resolve("small.mp4"));

        ProcessVideo.Result result = run.run(new ProcessVideo.Request("small.mp4", ProcessVideo.Format.mp4, "x"))
                .result();

        assertThat(frames(result.preview())).hasSize(5).allSatisfy(frame -> {
            assertThat(frame.getWidth()).isEqualTo(162);
            assertThat(frame.getHeight()).isEqualTo(90);
        });
    }

    private List<BufferedImage> frames(String name) throws IOException, VideoSource.Unreadable {
        List<BufferedImage> frames = new ArrayList<>();
        try (VideoSource video = VideoSource.open(folder.resolve(name))) {
            for (BufferedImage frame = video.next(0); frame != null; frame = video.next(frames.size())) {
                frames.add(frame);
            }
        }
        return frames;
    }

    /** The mean difference of a colour, 0 to 255. */
    private static double difference(BufferedImage a, BufferedImage b, int left, int top, int right, int bottom) {
        double sum = 0;
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                for (int shift = 0; shift <= 16; shift += 8) {
                    sum += Math.abs(((a.getRGB(x, y) >> shift) & 0xff) - ((b.getRGB(x, y) >> shift) & 0xff));
                }
            }
        }
        return sum / 3 / ((right - left) * (bottom - top));
    }
}

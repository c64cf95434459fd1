package dev.longshore.examples;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.examples.ContactSheet.Request;
import dev.longshore.examples.ContactSheet.Result;
import dev.longshore.task.FolderFileStore;
import dev.longshore.testkit.LongshoreTest;
import dev.longshore.testkit.TestJob;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One sheet for an album, however many pictures are put into it within a moment. */
class ContactSheetTest {
    @TempDir
    Path folder;

    @RegisterExtension
    final LongshoreTest jobs = LongshoreTest.ofTasks(
            tasks -> ExampleWorker.addContactSheet(tasks, () -> new ContactSheet(new FolderFileStore(folder))));

    @BeforeEach
    void samples() throws IOException {
        Samples.copyInto(new FolderFileStore(folder));
    }

    @Test
    void picturesAreSideBySideSixInARow() throws IOException {
        TestJob job = jobs.runToEnd(jobs.enqueue("rebuild-contact-sheet", album(8)));

        Result result = job.result(Result.class).orElseThrow();
        assertThat(result).isEqualTo(new Result("sheets/" + job.id() + ".png", 8, 6 * 168 + 8, 2 * 168 + 8));
        try (InputStream sheet = new FolderFileStore(folder).read(result.file())) {
            BufferedImage picture = ImageIO.read(new ByteArrayInputStream(sheet.readAllBytes()));
            assertThat(picture.getWidth()).isEqualTo(result.width());
            assertThat(picture.getRGB(3, 3)).as("the margin").isEqualTo(0xFFFFFFFF);
            assertThat(picture.getRGB(88, 88)).as("the first picture").isNotEqualTo(0xFFFFFFFF);
            assertThat(picture.getRGB(3 * 168 + 88, 168 + 88))
                    .as("no ninth picture")
                    .isEqualTo(0xFFFFFFFF);
        }
    }

    @Test
    void picturesPutInWithinAMomentAreOneRunForAllOfThem() {
        for (int pictures = 1; pictures <= 5; pictures++) {
            jobs.enqueue("rebuild-contact-sheet", album(pictures), options -> options.delay(Duration.ofSeconds(5)));
            jobs.advance(Duration.ofSeconds(2));
        }
        jobs.advance(Duration.ofSeconds(5));

        assertThat(jobs.jobs()).hasSize(1);
        assertThat(jobs.jobs().getFirst()).succeeded().afterAttempts(1);
        assertThat(jobs.jobs().getFirst().result(Result.class).orElseThrow().pictures())
                .isEqualTo(5);
    }

    @Test
    void pictureThatIsNotThereOrIsNoneEndsTheJob() throws IOException {
        new FolderFileStore(folder).write("no-picture.png", new byte[] {1, 2, 3});

        for (String name : List.of("missing.png", "no-picture.png")) {
            TestJob job = jobs.runToEnd(jobs.enqueue("rebuild-contact-sheet", new Request("a", List.of(name))));
            assertThat(job).isDead().becauseOf("discarded").withErrorContaining(name);
        }
    }

    @Test
    void requestsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new Request(" ", List.of("a.png"))).hasMessageContaining("album");
        assertThatThrownBy(() -> new Request("a", List.of())).hasMessageContaining("got 0");
        assertThatThrownBy(() -> new Request("a", Collections.nCopies(61, "a.png")))
                .hasMessageContaining("got 61");
        assertThatThrownBy(() -> new Request("a", List.of("../a.png"))).isInstanceOf(IllegalArgumentException.class);
    }

    private static Request album(int pictures) {
        return new Request("harbour", Collections.nCopies(pictures, Samples.PICTURE));
    }
}

package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.local.ClassFolders.State;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a build has ended, and what is copied of it. Times are given, and no test waits. */
class ClassWatchTest {
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    @TempDir
    Path folder;

    private Path classes;
    private ClassFolders folders;
    private ClassWatch watch;
    private Instant now = NOON;

    @BeforeEach
    void build() throws IOException {
        classes = Files.createDirectories(folder.resolve("classes/com/example"));
        write("Shop.class", "one");
        write("Order.class", "one");
        folders = new ClassFolders(folder.resolve("classes") + File.pathSeparator + folder.resolve("library.jar"));
        watch = new ClassWatch(folders.scan());
    }

    private void write(String name, String content) throws IOException {
        Path file = Files.writeString(classes.resolve(name), content);
        Files.setLastModifiedTime(file, FileTime.from(now));
    }

    private boolean settlesAfter(Duration time) {
        now = now.plus(time);
        return watch.settled(folders.scan(), now).isPresent();
    }

    @Test
    void changeSettlesOnceItHasBeenLeftAlone() throws IOException {
        assertThat(settlesAfter(Duration.ofHours(1))).as("nothing has changed").isFalse();

        write("Shop.class", "two!");
        assertThat(settlesAfter(Duration.ZERO)).as("first seen").isFalse();
        write("Order.class", "two!");
        assertThat(settlesAfter(ClassWatch.QUIET))
                .as("another file has changed")
                .isFalse();
        assertThat(settlesAfter(ClassWatch.QUIET.minusMillis(1)))
                .as("too early")
                .isFalse();
        assertThat(settlesAfter(Duration.ofMillis(1))).isTrue();
        assertThat(settlesAfter(Duration.ofHours(1))).as("it is taken once").isFalse();
    }

    @Test
    void missingFileIsGivenTimeToComeBack() throws IOException {
        Files.delete(classes.resolve("Order.class"));
        assertThat(settlesAfter(Duration.ZERO)).isFalse();
        assertThat(settlesAfter(Duration.ofSeconds(9))).as("Maven compiles").isFalse();
        write("Order.class", "two!");
        assertThat(settlesAfter(Duration.ZERO)).isFalse();
        assertThat(settlesAfter(ClassWatch.QUIET)).isTrue();
        watch.runs(folders.scan());

        Files.delete(classes.resolve("Order.class"));
        assertThat(settlesAfter(Duration.ZERO)).isFalse();
        assertThat(settlesAfter(ClassWatch.QUIET_WHEN_INCOMPLETE))
                .as("it was removed")
                .isTrue();
    }

    @Test
    void slowBuildIsAwaitedAfterItsFirstPartWasRefused() throws IOException {
        Files.delete(classes.resolve("Shop.class"));
        Files.delete(classes.resolve("Order.class"));
        assertThat(settlesAfter(Duration.ZERO)).isFalse();
        assertThat(settlesAfter(ClassWatch.QUIET_WHEN_INCOMPLETE))
                .as("and is refused")
                .isTrue();

        write("Shop.class", "two!");
        assertThat(settlesAfter(Duration.ZERO)).isFalse();
        assertThat(settlesAfter(ClassWatch.QUIET)).as("without Order").isFalse();
        write("Order.class", "two!");
        assertThat(settlesAfter(Duration.ZERO)).isFalse();
        assertThat(settlesAfter(ClassWatch.QUIET)).isTrue();
    }

    @Test
    void changeThatIsTakenBackIsNone() throws IOException {
        State before = folders.scan();
        write("Extra.class", "one");
        assertThat(settlesAfter(Duration.ZERO)).isFalse();
        Files.delete(classes.resolve("Extra.class"));

        assertThat(folders.scan()).isEqualTo(before);
        assertThat(settlesAfter(Duration.ofMinutes(1))).isFalse();
    }

    @Test
    void copyHasTheFoldersAndNamesTheJars() throws IOException {
        Path copy = folder.resolve("copy");

        String classPath = folders.copyTo(copy);
        write("Shop.class", "two!");

        assertThat(classPath).isEqualTo(copy.resolve("0") + File.pathSeparator + folder.resolve("library.jar"));
        assertThat(copy.resolve("0/com/example/Shop.class")).hasContent("one");
    }

    @Test
    void buildThatWroteTheSameAgainHasTheSameDigest() throws IOException {
        folders.copyTo(folder.resolve("first"));
        now = NOON.plusSeconds(5);
        write("Shop.class", "one");
        folders.copyTo(folder.resolve("second"));
        write("Shop.class", "two!");
        folders.copyTo(folder.resolve("third"));

        String first = ClassFolders.digest(folder.resolve("first"));
        assertThat(ClassFolders.digest(folder.resolve("second"))).isEqualTo(first);
        assertThat(ClassFolders.digest(folder.resolve("third"))).isNotEqualTo(first);
    }
}

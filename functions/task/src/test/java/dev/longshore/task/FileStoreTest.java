package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links in the folder, and names; what every store does is in {@code FileStoreContract}. */
class FileStoreTest {
    @TempDir
    Path around;

    private Path folder;
    private FolderFileStore files;

    @BeforeEach
    void open() throws IOException {
        folder = Files.createDirectory(around.resolve("store"));
        files = new FolderFileStore(folder);
    }

    @Test
    void aLinkThatLeadsOutOfTheStoreIsNotFollowed() throws IOException {
        Path secret = Files.writeString(around.resolve("secret"), "secret");
        Files.createSymbolicLink(folder.resolve("link"), secret);
        Files.createSymbolicLink(folder.resolve("up"), around);

        assertThatIllegalArgumentException().isThrownBy(() -> files.read("link"));
        assertThatIllegalArgumentException().isThrownBy(() -> files.read("up/secret"));
    }

    @Test
    void aLinkThatLeadsOutOfTheStoreIsNotWrittenThrough() throws IOException {
        Path secret = Files.writeString(around.resolve("secret"), "secret");
        Files.createSymbolicLink(folder.resolve("up"), around);
        Files.createSymbolicLink(folder.resolve("nowhere"), around.resolve("missing"));

        assertThatIllegalArgumentException().isThrownBy(() -> files.write("up/new", new byte[] {1}));
        assertThatIllegalArgumentException().isThrownBy(() -> files.write("up/deep/new", secret));
        assertThatIllegalArgumentException().isThrownBy(() -> files.delete("up/secret"));
        assertThatThrownBy(() -> files.write("nowhere/new", new byte[] {1})).isInstanceOf(IOException.class);

        assertThat(around).isDirectoryNotContaining("glob:**{new,deep,missing}");
        assertThat(secret).hasContent("secret");
    }

    @Test
    void writingOverALinkReplacesTheLinkAndNotWhatItLeadsTo() throws IOException {
        Path secret = Files.writeString(around.resolve("secret"), "secret");
        Files.createSymbolicLink(folder.resolve("link"), secret);

        files.write("link", new byte[] {7});
        files.delete("link");

        assertThat(secret).hasContent("secret");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aNameOfFiveMegabytesIsRefusedByItsLengthAlone() {
        String name = "a/".repeat(5 * 1024 * 1024 / 2);

        assertThatIllegalArgumentException().isThrownBy(() -> FileNames.require(name));
    }
}

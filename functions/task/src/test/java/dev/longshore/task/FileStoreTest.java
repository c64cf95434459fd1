package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void whatIsWrittenIsReadUntilItIsDeleted() throws IOException {
        files.write("a/b/c.bin", new byte[] {1, 2, 3});
        assertThat(read("a/b/c.bin")).containsExactly(1, 2, 3);

        files.write("a/b/c.bin", new byte[] {4});
        assertThat(read("a/b/c.bin")).containsExactly(4);

        files.delete("a/b/c.bin");
        files.delete("a/b/c.bin");
        assertThatThrownBy(() -> read("a/b/c.bin")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aLocalFileIsCopiedIn() throws IOException {
        Path outside = Files.writeString(around.resolve("x"), "x");

        files.write("copy", outside);

        assertThat(read("copy")).asString().isEqualTo("x");
        assertThat(outside).exists();
    }

    @Test
    void aNameThatCouldLeadOutOfTheStoreIsRefusedByEveryMethod() {
        for (String name : List.of(
                "",
                "/etc/passwd",
                "../x",
                "a/../../x",
                "a//b",
                "a/",
                "./a",
                "..",
                "a\\..\\b",
                "a\u0000b",
                "C:/x",
                "a b",
                "\u00e9",
                "%2e%2e/x",
                "x".repeat(513))) {
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> files.read(name));
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> files.write(name, new byte[0]));
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> files.write(name, folder));
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> files.delete(name));
        }
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

    private byte[] read(String name) throws IOException {
        try (InputStream in = files.read(name)) {
            return in.readAllBytes();
        }
    }
}

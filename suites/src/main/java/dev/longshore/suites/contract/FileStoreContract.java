package dev.longshore.suites.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.task.FileStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a {@link FileStore} has to do. */
public abstract class FileStoreContract {
    /** The store to test; empty. */
    protected abstract FileStore files();

    @Test
    void whatIsWrittenIsReadUntilItIsDeleted() throws IOException {
        files().write("a/b/c.bin", new byte[] {1, 2, 3});
        assertThat(read("a/b/c.bin")).containsExactly(1, 2, 3);

        files().write("a/b/c.bin", new byte[] {4});
        assertThat(read("a/b/c.bin")).containsExactly(4);

        files().delete("a/b/c.bin");
        files().delete("a/b/c.bin");
        assertThatThrownBy(() -> read("a/b/c.bin"))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("a/b/c.bin");
    }

    @Test
    void aLocalFileIsCopiedIn(@TempDir Path outside) throws IOException {
        Path local = Files.writeString(outside.resolve("x"), "x");

        files().write("copy", local);

        assertThat(read("copy")).asString().isEqualTo("x");
        assertThat(local).exists();
    }

    @Test
    void bytesThatTheWriterChangesLaterAreNotThoseOfTheFile() throws IOException {
        byte[] content = {1};
        files().write("file", content);

        content[0] = 2;

        assertThat(read("file")).containsExactly(1);
    }

    @Test
    void aNameThatCouldLeadOutOfTheStoreIsRefusedByEveryMethod(@TempDir Path outside) throws IOException {
        Path local = Files.writeString(outside.resolve("x"), "x");
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
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> files().read(name));
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> files().write(name, new byte[0]));
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> files().write(name, local));
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> files().delete(name));
        }
    }

    private byte[] read(String name) throws IOException {
        try (InputStream in = files().read(name)) {
            return in.readAllBytes();
        }
    }
}

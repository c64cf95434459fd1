package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    Path folder;

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theKeyThatIsMadeIsItsOwnersAloneAndIsTheSameAtTheNextStart() throws IOException {
        String made;
        try (DataFolder data = DataFolder.open(folder)) {
            made = data.key(Optional.empty());
        }

        assertThat(Files.getPosixFilePermissions(folder.resolve("key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        try (DataFolder data = DataFolder.open(folder)) {
            assertThat(data.key(Optional.empty())).isEqualTo(made);
        }
    }
}

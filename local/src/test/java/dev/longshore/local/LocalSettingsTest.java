package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LocalSettingsTest {
    @Test
    void nothingSetMeansPort8787AndTheFolderDotLongshore() {
        LocalSettings settings = read(Map.of(), Map.of());

        assertThat(settings.port()).isEqualTo(8787);
        assertThat(settings.data()).isEqualTo(Path.of(".longshore").toAbsolutePath());
        assertThat(settings.key()).isEmpty();
    }

    @Test
    void systemPropertiesGoBeforeEnvironmentVariables() {
        LocalSettings settings = read(
                Map.of("longshore.port", "1"),
                Map.of("LONGSHORE_PORT", "2", "LONGSHORE_DATA", "/tmp/x", "LONGSHORE_KEY", " ls_a_b "));

        assertThat(settings.port()).isEqualTo(1);
        assertThat(settings.data()).isEqualTo(Path.of("/tmp/x"));
        assertThat(settings.key()).contains("ls_a_b");
    }

    @Test
    void aPortThatIsNoneIsRefusedWithTheVariableAndTheValue() {
        for (String port : new String[] {"eighty", "-1", "65536", "99999999999"}) {
            assertThatThrownBy(() -> read(Map.of(), Map.of("LONGSHORE_PORT", port)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("LONGSHORE_PORT")
                    .hasMessageContaining(port);
        }
    }

    @Test
    void aKeyThatIsNoneIsRefusedWithItsFormAndNotQuoted() {
        assertThatThrownBy(() -> read(Map.of(), Map.of("LONGSHORE_KEY", "swordfish")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("LONGSHORE_KEY takes a key of the form ls_<id>_<secret>")
                .hasMessageNotContaining("swordfish");
    }

    @Test
    void aFolderThatNoPathCanNameIsRefusedWithTheVariable() {
        assertThatThrownBy(() -> read(Map.of(), Map.of("LONGSHORE_DATA", "a\u0000b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("LONGSHORE_DATA takes the path of a folder");
    }

    private static LocalSettings read(Map<String, String> properties, Map<String, String> environment) {
        return LocalSettings.read(properties::get, environment::get);
    }
}

package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole template, to be read by the reviewer of a change of the construct. What changes with every build is left out: the
 * hashes of assets and of versions. {@code -Dsnapshot.write=true} writes it anew.
 */
class SnapshotTest {
    private static final Path SNAPSHOT = Path.of("src", "test", "snapshots", "longshore.template.json");

    @Test
    void theTemplateIsTheReviewedOne() throws IOException {
        String template = JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(
                                StackTemplate.of(StackTemplate.props()).json())
                        .replaceAll("[0-9a-f]{64}(\\.jar|\\.json)?", "<asset>$1")
                        .replaceAll("(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}", "$1<version>")
                + "\n";
        if (Boolean.getBoolean("snapshot.write")) {
            Files.createDirectories(SNAPSHOT.getParent());
            Files.writeString(SNAPSHOT, template);
        }

        assertThat(template.lines().toList())
                .as("the template has changed; read 'git diff' after mvn … -Dtest=SnapshotTest -Dsnapshot.write=true")
                .isEqualTo(Files.readAllLines(SNAPSHOT));
    }
}

package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

class OpenCommandTest extends CommandTest {
    @Test
    void theBrowserGetsTheUrlAndTheEnvironmentWithoutTheKey() throws IOException {
        Path browser = Files.writeString(
                home.resolve("xdg-open"),
                "#!/bin/sh\necho \"$1 ${DISPLAY} ${LONGSHORE_KEY-none}\" > " + home.resolve("opened") + "\n");
        Files.setPosixFilePermissions(browser, PosixFilePermissions.fromString("rwx------"));

        assertThat(run.with("PATH", home.toString())
                        .with("DISPLAY", ":7")
                        .terminal("1", 100)
                        .run("open"))
                .isZero();
        ProcessHandle.current().children().forEach(child -> child.onExit().join());

        assertThat(run.out()).isEqualTo(api.url() + "\n");
        assertThat(home.resolve("opened")).hasContent(api.url() + " :7 none");
    }

    @Test
    void outputThatIsNoTerminalOpensNothing() throws IOException {
        Path browser = Files.writeString(home.resolve("xdg-open"), "#!/bin/sh\n: > " + home.resolve("opened") + "\n");
        Files.setPosixFilePermissions(browser, PosixFilePermissions.fromString("rwx------"));

        assertThat(run.with("PATH", home.toString()).run("open")).isZero();
        ProcessHandle.current().children().forEach(child -> child.onExit().join());

        assertThat(run.out()).isEqualTo(api.url() + "\n");
        assertThat(home.resolve("opened")).doesNotExist();
    }
}

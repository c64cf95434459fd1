package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which API is called, and where its key comes from. */
class ProfilesTest extends CommandTest {
    private static final String OF_PROFILE = "ls_profile_secret";

    @BeforeEach
    void useNoEnvironment() {
        api.answers("GET /v1/tasks", 200, "{\"tasks\":[]}");
        run = new CommandRun(home);
    }

    private void profile() {
        assertThat(run.run("config", "set", "production", "--url", api.url(), "--key-command", "echo " + OF_PROFILE))
                .isZero();
    }

    private String usedKey() {
        return api.requests().get(api.requests().size() - 1).authorization();
    }

    @Test
    void firstProfileIsTheDefaultAndItsCommandPrintsTheKey() throws IOException {
        profile();

        assertThat(run.run("tasks")).isZero();

        assertThat(usedKey()).isEqualTo("Bearer " + OF_PROFILE);
        Path file = home.resolve(".config/longshore/config");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(run.run("config", "show")).isZero();
        assertThat(run.out()).contains("production  yes").contains(api.url()).contains("echo ");
    }

    @Test
    void fileThatOthersCanReadIsRefused() throws IOException {
        profile();
        Path file = home.resolve(".config/longshore/config");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(run.run("tasks")).isEqualTo(2);

        assertThat(run.err()).contains("chmod 600");
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void profileThatIsChosenComesBeforeTheEnvironment() {
        profile();
        run.with("LONGSHORE_KEY", CommandRun.KEY).with("LONGSHORE_URL", "http://127.0.0.1:1");

        assertThat(run.run("tasks", "--profile", "production")).isZero();
        assertThat(usedKey()).isEqualTo("Bearer " + OF_PROFILE);
        assertThat(run.without("LONGSHORE_URL").run("tasks")).isZero();
        assertThat(usedKey()).isEqualTo("Bearer " + CommandRun.KEY);
    }

    @Test
    void profilesKeyIsSentToNoOtherUrl() throws IOException {
        profile();
        try (FakeApi other = new FakeApi()) {
            assertThat(run.run("tasks", "--url", other.url())).isEqualTo(5);
            assertThat(run.run("tasks", "--url", other.url(), "--profile", "production"))
                    .isEqualTo(5);
            assertThat(run.with("LONGSHORE_URL", other.url()).run("tasks")).isEqualTo(5);

            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void keyIsReadFromTheTerminalWhereThereIsOne() {
        run.with("LONGSHORE_URL", api.url());
        assertThat(run.run("tasks")).isEqualTo(5);
        assertThat(run.err()).contains("LONGSHORE_KEY").contains("key-command");

        assertThat(run.terminal("0", 80).types(CommandRun.KEY).run("tasks")).isZero();

        assertThat(usedKey()).isEqualTo("Bearer " + CommandRun.KEY);
        assertThat(run.questions()).containsExactly("API key for " + api.url() + ": ");
    }

    @Test
    void keyCommandThatFailsIsSaid() {
        run.run("config", "set", "broken", "--url", api.url(), "--key-command", "exit 3");

        assertThat(run.run("tasks")).isEqualTo(5);

        assertThat(run.err()).contains("ended with 3");
    }

    @Test
    void unknownProfileAndUnreadableLineAreNamed() throws IOException {
        profile();
        assertThat(run.run("tasks", "--profile", "prod")).isEqualTo(2);
        assertThat(run.err()).contains("no profile 'prod'").contains("it has production");

        Path file = home.resolve(".config/longshore/config");
        Files.writeString(file, "default = production\n[production]\nkey = ls_a_b\n");
        assertThat(run.run("tasks")).isEqualTo(2);
        assertThat(run.err()).contains("Line 3").doesNotContain("ls_a_b");
    }
}

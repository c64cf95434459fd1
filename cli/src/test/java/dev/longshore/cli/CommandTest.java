package dev.longshore.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs commands against a made-up API, with an empty home folder. */
abstract class CommandTest {
    @TempDir
    Path home;

    FakeApi api;
    CommandRun run;

    @BeforeEach
    void start() throws IOException {
        api = new FakeApi();
        run = CommandRun.against(api, home);
    }

    @AfterEach
    void stop() {
        api.close();
    }
}

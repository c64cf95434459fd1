package dev.longshore.local;

import dev.longshore.testkit.e2e.Api;
import dev.longshore.testkit.e2e.EndToEndSuite;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedEndToEndTest extends EndToEndSuite {
    @TempDir
    static Path data;

    private static Mailbox mailbox;
    private static LocalRuntime runtime;

    @BeforeAll
    static void start() {
        mailbox = Mailbox.start();
        runtime = Main.start(new LocalSettings(0, data, Optional.empty()), mailbox);
    }

    @AfterAll
    static void stop() {
        runtime.close();
        mailbox.close();
    }

    @Override
    public Api api() {
        return new Api(runtime.url(), runtime.key(), Duration.ofSeconds(60));
    }
}

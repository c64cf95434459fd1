package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.examples.ExampleSettings;
import dev.longshore.examples.ExampleWorker;
import dev.longshore.suites.e2e.Api;
import dev.longshore.suites.e2e.EndToEndSuite;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Each function has the role here that it has in AWS. */
class EmbeddedEndToEndTest extends EndToEndSuite {
    @TempDir
    static Path data;

    private static final Roles ROLES = Roles.ofThePage();
    private static LocalRuntime runtime;

    @BeforeAll
    static void start() {
        runtime = LocalRuntime.start(
                new LocalSettings(0, data, Optional.empty()),
                new ExampleWorker(ExampleSettings.none()),
                ROLES::engines);
    }

    /** Whatever the tests did, no job may be lost by it, and no function may have wanted what its role does not allow. */
    @AfterAll
    static void balanceAndStop() {
        try {
            runtimesApi().assertNoJobIsLost();
            assertThat(ROLES.refused()).isEmpty();
        } finally {
            runtime.close();
        }
    }

    @Override
    public Api api() {
        return runtimesApi();
    }

    private static Api runtimesApi() {
        return new Api(runtime.url(), runtime.key(), Duration.ofSeconds(60));
    }
}

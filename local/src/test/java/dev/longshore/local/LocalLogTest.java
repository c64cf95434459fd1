package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The lines that a laptop's terminal gets, by the very configuration that is used there. */
class LocalLogTest {
    private static final Logger LOG = LoggerFactory.getLogger(LocalLogTest.class);
    private static final String FORGED = "\n12:00:00.000 ERROR Forged all is lost\r\u001b[2J\u202e\u2028\u0085";

    private final PrintStream terminal = System.out;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void hush() {
        System.setOut(terminal);
    }

    @Test
    void whatIsLoggedIsOneLineWhateverIsInIt() {
        try (var _ = MDC.putCloseable("task", "t" + FORGED)) {
            LOG.atWarn().addKeyValue("name", FORGED).log("said: {}\tand so on", FORGED);
        }

        assertThat(lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("WARN")
                        .contains("said: ·12:00:00.000 ERROR Forged all is lost··[2J···\tand so on"));
        assertHarmless();
    }

    @Test
    void anExceptionsMessageAddsNoLineToItsStackTrace() {
        LOG.atError()
                .setCause(new IllegalStateException("first" + FORGED, new IllegalArgumentException("second" + FORGED)))
                .log("failed");

        assertThat(lines())
                .hasSizeGreaterThan(4)
                .first()
                .satisfies(line -> assertThat(line).contains("ERROR", "failed"));
        assertThat(lines().subList(1, lines().size()))
                .allSatisfy(line -> assertThat(line)
                        .matches("java\\.lang\\.IllegalStateException: first.*|Caused by: .*second.*|\\t.*"));
        assertHarmless();
    }

    private List<String> lines() {
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private void assertHarmless() {
        assertThat(written.toString(StandardCharsets.UTF_8))
                .doesNotContain("\u001b", "\u202e", "\u2028", "\u0085", "\r");
    }
}

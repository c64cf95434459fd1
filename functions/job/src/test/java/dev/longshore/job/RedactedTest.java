package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RedactedTest {
    @Test
    void anExceptionKeepsItsClassesAndStackTraceAndLosesItsMessages() {
        Exception cause = new IllegalArgumentException("card 4111 1111 1111 1111");
        Exception thrown = new IllegalStateException("order of Mrs Moss", cause);

        Throwable redacted = Redacted.of(thrown);

        assertThat(redacted).hasMessage("java.lang.IllegalStateException");
        assertThat(redacted.getStackTrace()).isEqualTo(thrown.getStackTrace());
        assertThat(redacted.getCause()).hasMessage("java.lang.IllegalArgumentException");
        assertThat(redacted.getCause().getStackTrace()).isEqualTo(cause.getStackTrace());
        assertThat(redacted.getCause().getCause()).isNull();
        assertThat(printed(redacted)).contains("RedactedTest").doesNotContain("4111", "Moss");
    }

    @Test
    void aChainOfCausesIsKeptEightDeep() {
        Exception thrown = new Exception("0");
        for (int i = 1; i < 20; i++) {
            thrown = new Exception(Integer.toString(i), thrown);
        }

        assertThat(Stream.iterate(Redacted.of(thrown), redacted -> redacted != null, Throwable::getCause))
                .as("itself and its causes")
                .hasSize(9);
    }

    private static String printed(Throwable thrown) {
        StringWriter printed = new StringWriter();
        thrown.printStackTrace(new PrintWriter(printed));
        return printed.toString();
    }
}

package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RedactedTest {
    @Test
    void whatWasThrownIsToldByItsClassesAndPlacesAndNoneOfItsWords() {
        Exception cause = new IllegalArgumentException("card 4111 1111 1111 1111");
        Exception thrown = new IllegalStateException("order of Mrs Moss", cause);

        Throwable told = Redacted.of(thrown);

        assertThat(told).hasMessage("java.lang.IllegalStateException");
        assertThat(told.getStackTrace()).isEqualTo(thrown.getStackTrace());
        assertThat(told.getCause()).hasMessage("java.lang.IllegalArgumentException");
        assertThat(told.getCause().getStackTrace()).isEqualTo(cause.getStackTrace());
        assertThat(told.getCause().getCause()).isNull();
        assertThat(printed(told)).contains("RedactedTest").doesNotContain("4111", "Moss");
    }

    @Test
    void aChainOfCausesIsToldEightDeep() {
        Exception thrown = new Exception("0");
        for (int i = 1; i < 20; i++) {
            thrown = new Exception(Integer.toString(i), thrown);
        }

        assertThat(Stream.iterate(Redacted.of(thrown), told -> told != null, Throwable::getCause))
                .as("itself and its causes")
                .hasSize(9);
    }

    private static String printed(Throwable thrown) {
        StringWriter printed = new StringWriter();
        thrown.printStackTrace(new PrintWriter(printed));
        return printed.toString();
    }
}

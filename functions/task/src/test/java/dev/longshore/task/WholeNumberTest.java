package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WholeNumberTest {
    @Test
    void aNumberIsWholeByItsValueAndNotByItsWriting() {
        for (String whole :
                List.of("1", "-0", "1.0", "-0.000", "1e2", "10e-1", "1.50e1", "123e-0", "1e999999999", "0e-9")) {
            assertThat(WholeNumber.is(Json.parse(whole).tree())).as(whole).isTrue();
        }
        for (String other :
                List.of("1.5", "1e-1", "0.10", "1e-999999999", "1000e-2147483647", "\"1\"", "true", "null", "[]")) {
            assertThat(WholeNumber.is(Json.parse(other).tree())).as(other).isFalse();
        }
    }

    @Test
    void limitsAreComparedByValue() {
        assertThat(WholeNumber.isWithin(Json.parse("2147483647.0").tree(), 0, Integer.MAX_VALUE))
                .isTrue();
        assertThat(WholeNumber.isWithin(Json.parse("2.147483648e9").tree(), 0, Integer.MAX_VALUE))
                .isFalse();
        assertThat(WholeNumber.isWithin(Json.parse("9223372036854775807.0").tree(), 0, Long.MAX_VALUE))
                .isTrue();
        assertThat(WholeNumber.isWithin(Json.parse("9223372036854775808.0").tree(), 0, Long.MAX_VALUE))
                .isFalse();
        assertThat(WholeNumber.isWithin(Json.parse("1e999999999").tree(), 0, Long.MAX_VALUE))
                .isFalse();
    }

    @Test
    void aThousandDigitsAreWrittenOutAndNoMore() {
        assertThat(WholeNumber.canBeWrittenOut(Json.parse("9".repeat(1_000)).tree()))
                .isTrue();
        assertThat(WholeNumber.canBeWrittenOut(Json.parse("1e999").tree())).isTrue();
        assertThat(WholeNumber.canBeWrittenOut(Json.parse("1e1000").tree())).isFalse();
        assertThat(WholeNumber.canBeWrittenOut(Json.parse("-1e2147483647").tree()))
                .isFalse();
        assertThat(WholeNumber.of(Json.parse("12.30e2").tree())).isEqualTo(1_230);
    }
}

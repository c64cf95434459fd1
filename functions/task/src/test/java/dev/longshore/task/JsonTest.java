package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class JsonTest {
    record Order(String id, int count, BigDecimal price, Instant at, Duration within, Json rest) {}

    @Test
    void everyCharacterAndEveryDigitIsKeptAsItWasWritten() {
        for (String text : List.of(
                "12345678901234567890.1234567890123456789",
                "1E+400",
                "-0.0",
                "0.10",
                "\"\u00e9 \u6771 \ud83d\udea2\"",
                "{\"z\":1,\"a\":[true,false,null,{}],\"\":\"\"}")) {
            assertThat(Json.parse(text).text()).isEqualTo(text);
        }
    }

    @Test
    void whiteSpaceBetweenTokensIsDroppedAndWithinStringsKept() {
        assertThat(Json.parse(" { \"a b\" :\n[ 1 ,\t2 ] }\r\n").text()).isEqualTo("{\"a b\":[1,2]}");
    }

    @Test
    void anyUnicodeStringComesBackAsItWent() {
        Random random = new Random(11);
        for (int i = 0; i < 2_000; i++) {
            String value = random.ints(random.nextInt(40), 0, Character.MAX_CODE_POINT + 1)
                    .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();

            assertThat(Json.parse(Json.of(value).text()).tree().asString()).isEqualTo(value);
        }
    }

    @Test
    void halfASurrogatePairIsRefusedWithItsPlace() {
        for (String text : List.of("{\"a\":[\"\\ud83d\"]}", "{\"a\":[\"\\udea2\\ud83d\"]}")) {
            assertThatThrownBy(() -> Json.parse(text))
                    .isInstanceOfSatisfying(
                            PayloadException.class,
                            refusal -> assertThat(refusal.pointer()).isEqualTo("/a/0"))
                    .hasMessageContaining("half of a surrogate pair");
        }
    }

    @Test
    void whatIsNoSingleWellFormedValueIsRefused() {
        for (String text : List.of(
                "",
                " ",
                "{",
                "[1",
                "{\"a\":}",
                "{\"a\":1,}",
                "1 2",
                "{} x",
                "NaN",
                "Infinity",
                "01",
                "+1",
                "'a'",
                "{\"a\":1,\"a\":2}",
                "\"\t\"",
                "// comment\n1",
                "\"\\x\"")) {
            assertThatThrownBy(() -> Json.parse(text)).as(text).isInstanceOf(JacksonException.class);
        }
    }

    @Test
    void nestingAndNumbersAreReadUpToTheirLimitsAndNotBeyond() {
        assertThat(Json.parse("[".repeat(Json.DEEPEST) + "]".repeat(Json.DEEPEST))
                        .tree()
                        .isArray())
                .isTrue();
        assertThatThrownBy(() -> Json.parse("[".repeat(Json.DEEPEST + 1) + "]".repeat(Json.DEEPEST + 1)))
                .isInstanceOf(JacksonException.class);
        assertThat(Json.parse("1".repeat(Json.LONGEST_NUMBER)).text()).hasSize(Json.LONGEST_NUMBER);
        assertThatThrownBy(() -> Json.parse("1".repeat(Json.LONGEST_NUMBER + 1)))
                .isInstanceOf(JacksonException.class);
    }

    @Test
    void exponentsAreReadUpTo32BitsAndNotBeyond() {
        for (String text : List.of("1e2147483647", "1e-2147483647", "1.5E+0000000000000002")) {
            assertThat(Json.parse(text).tree().isNumber()).as(text).isTrue();
        }
        for (String text : List.of("1e99999999999", "[0e-99999999999]", "1E+2147483649")) {
            assertThatThrownBy(() -> Json.parse(text))
                    .as(text)
                    .isInstanceOf(JacksonException.class)
                    .hasMessageContaining(Json.EXPONENT_TOO_LARGE);
        }
    }

    @Test
    void sizesCountBytesOfUtf8() {
        assertThat(Json.parse("\"\u00e9\"").utf8Length()).isEqualTo(4);
        assertThat(Json.parse("\"\ud83d\udea2\"").utf8Length()).isEqualTo(6);
    }

    @Test
    void aRecordGoesThroughJsonAndBack() {
        Order order = new Order(
                "o-1",
                3,
                new BigDecimal("19.90"),
                Instant.parse("2026-03-10T12:00:00Z"),
                Duration.ofMinutes(5),
                Json.parse("{\"x\":1.0}"));

        assertThat(Json.of(order).as(Order.class)).isEqualTo(order);
    }

    @Test
    void fieldsThatATypeDoesNotHaveArePassedOver() {
        assertThat(Json.parse("{\"id\":\"o\",\"count\":1,\"newer\":true}")
                        .as(Order.class)
                        .id())
                .isEqualTo("o");
    }

    @Test
    void whatDoesNotFitATypeIsRefusedWithItsPlaceAndWithoutItsValue() {
        assertThatThrownBy(
                        () -> Json.parse("{\"id\":\"o\",\"count\":\"secret\"}").as(Order.class))
                .isInstanceOfSatisfying(
                        PayloadException.class,
                        refusal -> assertThat(refusal.pointer()).isEqualTo("/count"))
                .hasMessageNotContaining("secret");
        for (String count : List.of("1.5", "\"1\"", "true", "null", "99999999999")) {
            assertThatThrownBy(() ->
                            Json.parse("{\"id\":\"o\",\"count\":" + count + "}").as(Order.class))
                    .as(count)
                    .isInstanceOf(PayloadException.class);
        }
        assertThatThrownBy(() -> Json.parse("null").as(Order.class)).isInstanceOf(PayloadException.class);
    }

    @Test
    void itsTextIsNotInItsToString() {
        assertThat(Json.parse("\"secret\"").toString()).isEqualTo("Json of 8 characters");
    }

    record Wrapped(@JsonValue Json value) {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        Wrapped {}
    }

    @Test
    void aTypeMayBeReadFromTheWholeOfAnyValue() {
        for (String text : List.of("{}", "{\"a\":{\"b\":1.50}}", "[1]", "\"a\"")) {
            assertThat(new Json(text).as(Wrapped.class)).isEqualTo(new Wrapped(new Json(text)));
        }
    }
}

package dev.longshore.task;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TimeZone;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Types of payloads of all kinds, and values that fit some of them. */
final class SamplePayloads {
    // ---- types

    enum Color {
        RED,
        @JsonProperty("bright-blue")
        BLUE,
        @JsonAlias("verdant")
        GREEN
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    sealed interface Figure permits Circle, Square, Polygon {}

    @JsonTypeName("circle")
    record Circle(double radius) implements Figure {}

    @JsonTypeName("square")
    record Square(int side, Optional<Color> color) implements Figure {}

    /** A family within the family. */
    sealed interface Polygon extends Figure permits Triangle {}

    record Triangle(int a, int b, int c) implements Polygon {}

    @JsonTypeInfo(
            use = JsonTypeInfo.Id.SIMPLE_NAME,
            include = JsonTypeInfo.As.EXISTING_PROPERTY,
            property = "@type",
            visible = true)
    @JsonSubTypes({
        @JsonSubTypes.Type(ByCard.class),
        @JsonSubTypes.Type(ByTransfer.class),
        @JsonSubTypes.Type(InCash.class)
    })
    interface Payment {}

    record ByCard(@JsonProperty("@type") String type, String number) implements Payment {}

    record ByTransfer(@JsonProperty("@type") String type, String iban) implements Payment {}

    /** A kind that is no record. */
    static final class InCash implements Payment {
        @JsonProperty("@type")
        public String type = "";

        public @Nullable Object note;
    }

    record Tree(String name, List<Tree> children) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
    sealed interface Term permits Sum, Value {}

    @JsonTypeName("sum")
    record Sum(List<Term> terms, @Nullable Term last) implements Term {}

    @JsonTypeName("value")
    record Value(BigDecimal number) implements Term {}

    record Chicken(Optional<Egg> egg) {}

    record Egg(Chicken chicken, @Nullable List<Egg> twins) {}

    record Page<T>(List<T> items, Optional<T> best, int total) {}

    record Pages(Page<Square> squares, Page<Page<UUID>> ids, Page<@Nullable String> names, Optional<Named> editor) {}

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Named(
            String firstName,
            @JsonAlias("surname") String lastName,
            @JsonAlias({"nick", "handle"}) Optional<String> nickName) {}

    record OrderId(@JsonValue String text) {}

    record Amount(@JsonValue BigDecimal value) {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        Amount {}
    }

    record Keys(
            Map<Integer, String> byNumber,
            EnumMap<Color, Long> byColor,
            SortedMap<UUID, Instant> byId,
            Map<LocalDate, List<Integer>> byDay,
            Map<String, @Nullable Boolean> flags) {}

    record Order(
            OrderId id,
            Amount amount,
            Instant at,
            Optional<LocalDate> due,
            List<Figure> figures,
            Payment payment,
            Set<Color> colors,
            Map<String, Json> extra,
            @JsonProperty(defaultValue = "\"EUR\"") Currency currency,

            @JsonProperty(defaultValue = "{\"kind\":\"circle\",\"radius\":1}")
            Figure stamp,

            @Nullable Duration within,
            OptionalInt tries,
            OptionalLong limit,
            float weight,
            char grade) {}

    /** Types that are written as a string, or may be: of these a string alone decides. */
    static final List<Class<?>> WRITTEN_AS_STRING = List.of(
            String.class,
            UUID.class,
            Instant.class,
            OffsetDateTime.class,
            ZonedDateTime.class,
            LocalDateTime.class,
            LocalDate.class,
            LocalTime.class,
            OffsetTime.class,
            Date.class,
            Duration.class,
            Period.class,
            Year.class,
            YearMonth.class,
            MonthDay.class,
            Month.class,
            DayOfWeek.class,
            ZoneId.class,
            ZoneOffset.class,
            TimeZone.class,
            URI.class,
            URL.class,
            Path.class,
            byte[].class,
            Character.class,
            Currency.class,
            Locale.class,
            Charset.class,
            Color.class,
            OrderId.class);

    static final List<Class<?>> OTHERS = List.of(
            int.class,
            Long.class,
            short.class,
            byte.class,
            BigInteger.class,
            BigDecimal.class,
            double.class,
            float.class,
            boolean.class,
            int[].class,
            String[][].class,
            Json.class,
            Object.class,
            JsonNode.class,
            ObjectNode.class,
            ArrayNode.class,
            Amount.class,
            Figure.class,
            Square.class,
            Polygon.class,
            Payment.class,
            Tree.class,
            Term.class,
            Chicken.class,
            Pages.class,
            Named.class,
            Keys.class,
            Order.class);

    // ---- values

    static final List<String> STRINGS = List.of(
            "",
            " ",
            "a",
            "ab",
            "0",
            "12",
            "-7",
            "+5",
            "\u0663",
            "1.5",
            "NaN",
            "null",
            "true",
            "RED",
            "red",
            "BLUE",
            "bright-blue",
            "verdant",
            "019cd7b3-2d7b-7abc-8def-0123456789ab",
            "019CD7B3-2D7B-7ABC-8DEF-0123456789AB",
            "019cd7b3-2d7b-7abc-8def-0123456789a",
            "1-1-1-1-1",
            "AAAAAAAAAAAAAAAAAAAAAA==",
            "AA==",
            "AA",
            "_-8=",
            "2026-03-10",
            "2026-02-30",
            "2026-03",
            "2026",
            "20260",
            "--03-10",
            "2026-03-10T12:00:00Z",
            "2026-03-10T12:00:00",
            "2026-03-10T12:00:00+01:00",
            "2026-03-10T12:00:00+01:00[Europe/Berlin]",
            "+999999999-12-31T23:59:59Z",
            " 2026-03-10T12:00:00Z ",
            "1700000000",
            "99999999999999999999999",
            "1700000000.123456789123",
            "12:00",
            "12:00:00",
            "24:00:00",
            "12:00:00+01:00",
            "PT5M",
            "P1D",
            "P1M",
            "pt5m",
            "PT\u0663M",
            "PT99999999999999999999S",
            "5m",
            "JANUARY",
            "January",
            "13",
            "MONDAY",
            "Europe/Berlin",
            "Mars/Base",
            "UTC",
            "+01:00",
            "+25:00",
            "Z",
            "https://example.com/a?b=c",
            "https://example.com/a b",
            "://",
            "file:///tmp",
            "s3:a",
            "a\u0000b",
            "EUR",
            "eur",
            "XYZ",
            "de-DE",
            "de_DE",
            "UTF-8",
            "utf-1234",
            "\ud83d\udea2");

    static final List<String> TOKENS = List.of(
            "null",
            "true",
            "false",
            "0",
            "1",
            "-1",
            "1.0",
            "1.5",
            "127",
            "128",
            "32768",
            "2147483647",
            "2147483648",
            "2147483647.0",
            "9223372036854775807",
            "9223372036854775808",
            "1e2",
            "1e39",
            "1e308",
            "1e309",
            "1e999999999",
            "-1e-999999999",
            "3.4028235e38",
            "3.4028236e38",
            "2026",
            "2026.0",
            "3.0",
            "3.5",
            "99999999999",
            "{}",
            "[]",
            "[[]]",
            "[1,\"a\",null]",
            "{\"a\":1}",
            "{\"kind\":\"circle\",\"radius\":1}",
            "{\"kind\":\"circle\"}",
            "{\"kind\":\"oval\",\"radius\":1}",
            "{\"kind\":1}",
            "{\"radius\":1,\"kind\":\"circle\"}",
            "{\"kind\":\"SamplePayloads$Triangle\",\"a\":3.0,\"b\":4,\"c\":5}",
            "{\"@type\":\"InCash\",\"note\":[1]}",
            "{\"last_name\":\"Lee\",\"handle\":null,\"nick\":null}",
            "{\"op\":\"value\",\"number\":1}",
            "{\"op\":\"sum\",\"terms\":[{\"op\":\"sum\",\"terms\":[]}],\"last\":{\"op\":\"value\",\"number\":0.10}}",
            "{\"name\":\"a\",\"children\":[{\"name\":\"b\",\"children\":[{\"name\":\"c\",\"children\":1}]}]}");

    /** Right payloads of the larger types. */
    static final Map<Class<?>, String> SEEDS = Map.of(
            Figure.class,
            "{\"kind\":\"square\",\"side\":1,\"color\":\"RED\"}",
            Square.class,
            "{\"side\":1,\"color\":null,\"kind\":\"square\"}",
            Payment.class,
            "{\"@type\":\"ByTransfer\",\"iban\":\"DE02\"}",
            Tree.class,
            "{\"name\":\"a\",\"children\":[{\"name\":\"b\",\"children\":[{\"name\":\"c\",\"children\":[]}]}]}",
            Term.class,
            "{\"op\":\"sum\",\"terms\":[{\"op\":\"value\",\"number\":1.10},{\"op\":\"sum\",\"terms\":[]}],\"last\":null}",
            Chicken.class,
            "{\"egg\":{\"chicken\":{},\"twins\":[{\"chicken\":{\"egg\":null}}]}}",
            Pages.class,
            "{\"squares\":{\"items\":[{\"kind\":\"square\",\"side\":2}],\"total\":1},\"ids\":{\"items\":[{\"items\":"
                    + "[\"019cd7b3-2d7b-7abc-8def-0123456789ab\"],\"best\":null,\"total\":1.0}],\"total\":2},"
                    + "\"names\":{\"items\":[\"a\"],\"best\":\"b\",\"total\":0},\"editor\":{\"first_name\":\"Ann\","
                    + "\"last_name\":\"Lee\"}}",
            Named.class,
            "{\"first_name\":\"Ann\",\"surname\":\"Lee\",\"nick\":\"annie\"}",
            Keys.class,
            "{\"byNumber\":{\"1\":\"a\"},\"byColor\":{\"RED\":1.0},\"byId\":{\"019cd7b3-2d7b-7abc-8def-0123456789ab\":"
                    + "\"2026-03-10T12:00:00Z\"},\"byDay\":{\"2026-03-10\":[1,2]},\"flags\":{\"a\":true,\"b\":null}}",
            Order.class,
            "{\"id\":\"o-1\",\"amount\":19.90,\"at\":\"2026-03-10T12:00:00Z\",\"due\":\"2026-03-11\",\"figures\":"
                    + "[{\"kind\":\"circle\",\"radius\":2},{\"kind\":\"square\",\"side\":3}],\"payment\":{\"@type\":\"ByCard\","
                    + "\"number\":\"4\"},\"colors\":[\"bright-blue\",\"verdant\"],\"extra\":{\"x\":null,\"y\":[1.0]},"
                    + "\"within\":\"PT5M\",\"tries\":3,\"limit\":null,\"weight\":1.5,\"grade\":\"A\"}");

    private SamplePayloads() {}

    static List<String> values() {
        List<String> values = new ArrayList<>(TOKENS);
        STRINGS.forEach(string -> values.add(Json.of(string).text()));
        return values;
    }

    static List<Class<?>> all() {
        List<Class<?>> types = new ArrayList<>(WRITTEN_AS_STRING);
        types.addAll(OTHERS);
        return types;
    }
}

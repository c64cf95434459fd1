package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigInteger;
import java.time.Month;
import java.time.Year;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Which components of a record are required, and what the others are when they are not there. */
class PayloadTypeTest {
    /** As a team writes it without {@code @NullMarked}. */
    @NullUnmarked
    record Greeting(String name, List<String> copies, Json extra, Object any, JsonNode tree) {}

    record Loose(
            Optional<String> a,
            @Nullable String b,
            @Nullable Json c,
            Optional<Json> d,
            @Nullable Object e) {}

    record Settings(
            @JsonProperty(defaultValue = "\"png\"") String format,
            @JsonProperty(defaultValue = "640") int width,
            @JsonProperty(defaultValue = "[1,2.0]") List<Integer> sizes,
            @JsonProperty(defaultValue = "{\"x\":1.50}") Json extra,
            @JsonProperty(defaultValue = "5") @Nullable Integer tries,
            @JsonProperty(defaultValue = "{}") Inner inner) {}

    record Inner(@JsonProperty(defaultValue = "7") int depth) {}

    record Holder(Map<String, List<Inner>> inners, Optional<Inner> other) {}

    private static final String FULL = "{\"name\":\"Ann\",\"copies\":[],\"extra\":1,\"any\":2,\"tree\":3}";

    @Test
    void everyComponentIsRequiredWhateverItsPackageSays() {
        PayloadType<Greeting> type = PayloadType.of(Greeting.class);

        assertThat(type.read(new Json(FULL)).name()).isEqualTo("Ann");
        for (String field : List.of("name", "copies", "extra", "any", "tree")) {
            Json without = new Json(FULL.replace("\"" + field + "\"", "\"other\""));
            assertThatThrownBy(() -> type.readIgnoringUnknownFields(without))
                    .as(field)
                    .isInstanceOfSatisfying(
                            PayloadException.class,
                            refusal -> assertThat(refusal.pointer()).isEqualTo("/" + field))
                    .hasMessage("is missing");
        }
    }

    @Test
    void nullIsAValueOfJsonAndOfATreeAndOfNothingElse() {
        PayloadType<Greeting> type = PayloadType.of(Greeting.class);

        Greeting nulls = type.read(new Json(FULL.replace(":1", ":null").replace(":3", ":null")));
        assertThat(nulls.extra()).isEqualTo(new Json("null"));
        assertThat(nulls.tree().isNull()).isTrue();
        refused(type, FULL.replace("\"Ann\"", "null"), "/name", "takes a string, and got null");
        refused(type, FULL.replace(":2", ":null"), "/any", "takes a value, and got null");
        refused(type, FULL.replace("[]", "null"), "/copies", "takes an array, and got null");
        refused(type, FULL.replace("[]", "[null]"), "/copies/0", "takes a string, and got null");
        refused(type, "null", "", "takes an object, and got null");
    }

    @Test
    void whatIsOptionalOrNullableMayBeLeftOutOrBeNull() {
        PayloadType<Loose> type = PayloadType.of(Loose.class);

        assertThat(type.read(new Json("{}")))
                .isEqualTo(new Loose(Optional.empty(), null, null, Optional.empty(), null));
        assertThat(type.read(new Json("{\"a\":null,\"b\":null,\"c\":null,\"d\":null,\"e\":null}")))
                .isEqualTo(new Loose(Optional.empty(), null, new Json("null"), Optional.of(new Json("null")), null));
    }

    @Test
    void whatIsNotThereIsItsDefaultAtAnyDepth() {
        PayloadType<Settings> type = PayloadType.of(Settings.class);
        Settings defaults = new Settings("png", 640, List.of(1, 2), new Json("{\"x\":1.50}"), 5, new Inner(7));

        assertThat(type.read(new Json("{}"))).isEqualTo(defaults);
        assertThat(type.readIgnoringUnknownFields(new Json("{\"newer\":[1.10]}")))
                .isEqualTo(defaults);
        assertThat(type.read(new Json("{\"width\":1,\"tries\":null,\"inner\":{\"depth\":2}}")))
                .isEqualTo(new Settings("png", 1, List.of(1, 2), new Json("{\"x\":1.50}"), null, new Inner(2)));
        refused(type, "{\"format\":null}", "/format", "takes a string, and got null");
        assertThat(PayloadType.of(Holder.class).read(new Json("{\"inners\":{\"a\":[{},{\"depth\":1}]},\"other\":{}}")))
                .isEqualTo(new Holder(Map.of("a", List.of(new Inner(7), new Inner(1))), Optional.of(new Inner(7))));
    }

    @Test
    void aDefaultIsPartOfTheShape() {
        PayloadShape.Fields shape = (PayloadShape.Fields) PayloadShape.of(Settings.class);

        assertThat(shape.required()).isEmpty();
        assertThat(shape.defaults())
                .containsEntry("format", new Json("\"png\""))
                .hasSize(6);
        assertThat(Json.of(shape).as(PayloadShape.class)).isEqualTo(shape);
    }

    record NoJson(@JsonProperty(defaultValue = "png") String format) {}

    record WrongKind(
            @JsonProperty(defaultValue = "\"wide\"") int width) {}

    record WrongInside(
            @JsonProperty(defaultValue = "{\"depth\":\"x\"}")
            Inner inner) {}

    record Even(int number) {
        Even {
            if (number % 2 == 1) {
                throw new IllegalArgumentException("number is odd");
            }
        }
    }

    record RefusedByCode(
            @JsonProperty(defaultValue = "{\"number\":1}") Even even) {}

    @Test
    void aDefaultThatItsComponentDoesNotTakeIsRefusedWhenTheTaskIsAdded() {
        noPayload(NoJson.class, "The default of NoJson.format is no JSON", "defaultValue = \"\\\"png\\\"\"");
        noPayload(WrongKind.class, "The default of WrongKind.width takes a whole number, and got a string");
        noPayload(WrongInside.class, "The default of WrongInside.inner/depth takes a whole number");
        noPayload(RefusedByCode.class, "The default of RefusedByCode.even cannot be read", "number is odd");
    }

    record Renamed(
            @JsonAlias({"file", "path"}) @JsonProperty("file_name")
            String file) {}

    @JsonIgnoreProperties("legacy")
    record Ignoring(String file) {}

    @Test
    void namesAreThoseThatJacksonReads() {
        PayloadType<Renamed> type = PayloadType.of(Renamed.class);

        for (String name : List.of("file_name", "file", "path")) {
            assertThat(type.read(new Json("{\"" + name + "\":\"a\"}"))).isEqualTo(new Renamed("a"));
        }
        refused(type, "{\"fil\":\"a\"}", "/fil", "is an unknown field");
        refused(type, "{\"file\":\"a\",\"path\":\"b\"}", "/path", "is there twice");
        refused(type, "{}", "/file_name", "is missing");
        assertThat(PayloadType.of(Ignoring.class).read(new Json("{\"file\":\"a\",\"legacy\":[]}")))
                .isEqualTo(new Ignoring("a"));
    }

    record Numbers(int one, List<Long> many, BigInteger large, double half, Json kept, Map<Integer, Byte> small) {}

    @Test
    void aWholeNumberIsReadHoweverItIsWrittenAndJsonKeepsEveryDigit() {
        Numbers read = PayloadType.of(Numbers.class)
                .read(new Json("{\"one\":1.0,\"many\":[9223372036854775807.0,3e0],\"large\":1.0e30,\"half\":0.5,"
                        + "\"kept\":[1.0,-0.0,1E+400],\"small\":{\"1\":12.70e1}}"));

        assertThat(read.one()).isEqualTo(1);
        assertThat(read.many()).containsExactly(Long.MAX_VALUE, 3L);
        assertThat(read.large()).isEqualTo(BigInteger.TEN.pow(30));
        assertThat(read.kept().text()).isEqualTo("[1.0,-0.0,1E+400]");
        assertThat(read.small()).isEqualTo(Map.of(1, (byte) 127));
        assertThat(PayloadType.of(int[].class).read(new Json("[1.0,2]"))).containsExactly(1, 2);
    }

    @Test
    void aYearAndAMonthAreWholeNumbersToo() {
        record Statement(Year year, Month month) {}
        PayloadType<Statement> type = PayloadType.of(Statement.class);

        for (String payload : new String[] {"{\"year\":2026,\"month\":3}", "{\"year\":2026.0,\"month\":30e-1}"}) {
            assertThat(type.read(new Json(payload))).isEqualTo(new Statement(Year.of(2026), Month.MARCH));
        }
        refused(type, "{\"year\":2026.5,\"month\":3}", "/year", "and got a number with a fraction");
        refused(type, "{\"year\":1e999999999,\"month\":3}", "/year", "takes a year, such as 2026");
        refused(type, "{\"year\":2026,\"month\":13.0}", "/month", "takes a month");
    }

    @Test
    void allMistakesAreReportedInTheirOrderAndNoMoreThanTwenty() {
        String many = "{\"nmae\":\"x\",\"copies\":[1,\"a\",true],\"any\":1,\"tree\":2,\"colour\":3}";

        assertThat(PayloadShape.of(Greeting.class).mistakes(new Json(many)))
                .extracting(PayloadMistake::pointer)
                .containsExactly("/nmae", "/copies/0", "/copies/2", "/colour", "/name", "/extra");
        assertThat(PayloadShape.of(int[].class).mistakes(new Json(Arrays.toString(new boolean[1_000]))))
                .hasSize(20);
        assertThat(PayloadShape.of(Greeting.class).mistakes(new Json(FULL))).isEmpty();
    }

    private static void refused(PayloadType<?> type, String payload, String pointer, String message) {
        assertThatThrownBy(() -> type.read(new Json(payload)))
                .as(payload)
                .isInstanceOfSatisfying(
                        PayloadException.class,
                        refusal -> assertThat(refusal.pointer()).isEqualTo(pointer))
                .hasMessageContaining(message);
    }

    private static void noPayload(Class<?> type, String... why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TaskCatalog().add("t", type, (payload, job) -> null))
                .withMessageContainingAll(why);
    }
}

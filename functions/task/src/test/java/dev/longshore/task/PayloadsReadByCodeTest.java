package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIdentityInfo;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.ObjectIdGenerators;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.util.StdConverter;

/** A type that Jackson reads by annotations or code that no shape describes has the shape of any value. */
class PayloadsReadByCodeTest {
    interface Amount {
        String text();

        @JsonCreator
        static Amount of(String text) {
            return () -> text;
        }
    }

    record HasFactory(Amount amount) {}

    @Test
    void anInterfaceWithAFactory() {
        assertThat(read(HasFactory.class, "{\"amount\":\"5 EUR\"}").amount().text())
                .isEqualTo("5 EUR");
    }

    enum Level {
        LOW,
        HIGH;

        @JsonCreator
        static Level of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    record HasLevel(Level level) {}

    @Test
    void anEnumerationWithAFactory() {
        assertThat(read(HasLevel.class, "{\"level\":\"low\"}").level()).isEqualTo(Level.LOW);
    }

    /** With a field to be set, as classes had before there were records. */
    static final class Bean {
        public int number;
    }

    record HasBean(Bean bean) {}

    @Test
    void aClassThatIsNoRecord() {
        assertThat(read(HasBean.class, "{\"bean\":{\"number\":7}}").bean().number)
                .isEqualTo(7);
    }

    record HasFormat(@JsonFormat(pattern = "dd.MM.yyyy") LocalDate day) {}

    @Test
    void aFormatOfItsOwn() {
        assertThat(read(HasFormat.class, "{\"day\":\"31.12.2026\"}").day()).isEqualTo(LocalDate.of(2026, 12, 31));
    }

    static final class Hex extends ValueDeserializer<Integer> {
        @Override
        public Integer deserialize(JsonParser parser, DeserializationContext context) {
            return Integer.parseInt(parser.getString(), 16);
        }
    }

    static final class LengthOfKey extends KeyDeserializer {
        @Override
        public Object deserializeKey(String key, DeserializationContext context) {
            return key.length();
        }
    }

    static final class Length extends StdConverter<String, Integer> {
        @Override
        public Integer convert(String text) {
            return text.length();
        }
    }

    record HasDeserializers(
            @JsonDeserialize(using = Hex.class) int using,
            @JsonDeserialize(contentUsing = Hex.class) List<Integer> contents,
            @JsonDeserialize(keyUsing = LengthOfKey.class) Map<Integer, String> keys,
            @JsonDeserialize(converter = Length.class) int converted,

            @JsonDeserialize(contentConverter = Length.class)
            List<Integer> convertedContents) {}

    @Test
    void deserializersAndConvertersOfItsOwn() {
        assertThat(read(
                        HasDeserializers.class,
                        "{\"using\":\"ff\",\"contents\":[\"a\"],\"keys\":{\"abc\":\"x\"},\"converted\":\"ab\","
                                + "\"convertedContents\":[\"abcd\"]}"))
                .isEqualTo(new HasDeserializers(255, List.of(10), Map.of(3, "x"), 2, List.of(4)));
    }

    @JsonDeserialize(using = Whole.Reader.class)
    record Whole(String text) {
        static final class Reader extends ValueDeserializer<Whole> {
            @Override
            public Whole deserialize(JsonParser parser, DeserializationContext context) {
                return new Whole(parser.getString());
            }
        }
    }

    @Test
    void aRecordWithADeserializer() {
        assertThat(read(Whole.class, "\"a\"")).isEqualTo(new Whole("a"));
    }

    record Open(String name, @JsonAnySetter Map<String, Object> others) {}

    @Test
    void aRecordThatTakesAnyField() {
        assertThat(read(Open.class, "{\"name\":\"a\",\"more\":true}")).isEqualTo(new Open("a", Map.of("more", true)));
    }

    record Inner(int a) {}

    record Outer(@JsonUnwrapped Inner inner, int b) {}

    @Test
    void aRecordThatHasTheFieldsOfAnother() {
        assertThat(read(Outer.class, "{\"a\":1,\"b\":2}")).isEqualTo(new Outer(new Inner(1), 2));
    }

    record TwoForms(int number) {
        @JsonCreator
        static TwoForms of(String text) {
            return new TwoForms(Integer.parseInt(text));
        }
    }

    @Test
    void aRecordWithTwoForms() {
        assertThat(read(TwoForms.class, "\"5\"")).isEqualTo(new TwoForms(5));
        assertThat(read(TwoForms.class, "{\"number\":5}")).isEqualTo(new TwoForms(5));
    }

    @JsonIdentityInfo(generator = ObjectIdGenerators.IntSequenceGenerator.class)
    record Identified(String name) {}

    @Test
    void aRecordWithAnIdentity() {
        assertThat(read(Identified.class, "{\"@id\":1,\"name\":\"a\"}")).isEqualTo(new Identified("a"));
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind", defaultImpl = Cash.class)
    sealed interface Means permits Cash, Cheque {}

    record Cash() implements Means {}

    record Cheque(int number) implements Means {}

    interface Vessel {}

    record Ferry(int seats) implements Vessel {}

    record Trip(
            Means means,

            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
            @JsonSubTypes(@JsonSubTypes.Type(value = Ferry.class, name = "ferry"))
            Vessel vessel) {}

    @Test
    void kindsThatAreDistinguishedByTheirFields() {
        assertThat(read(Trip.class, "{\"means\":{},\"vessel\":{\"kind\":\"ferry\",\"seats\":7}}"))
                .isEqualTo(new Trip(new Cash(), new Ferry(7)));
    }

    @Test
    void nullIsNoValueOfThem() {
        assertThat(PayloadShape.of(HasBean.class).mistakes(Json.parse("{\"bean\":null}")))
                .containsExactly(new PayloadMistake("/bean", "takes a value, and got null"));
    }

    private static <T> T read(Class<T> type, String payload) {
        return PayloadType.of(type).read(Json.parse(payload));
    }
}

package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The JSON Schema of each kind of type. That a validator takes by it what the shape takes: {@link PayloadAgreementTest}. */
class PayloadSchemaTest {
    enum Format {
        PNG,
        JPEG
    }

    record Video(
            String file,
            @JsonProperty(defaultValue = "640") int width,
            Optional<Format> format,
            @Nullable Json notes,
            Instant at,
            List<@Nullable Boolean> flags) {}

    @Test
    void aRecordIsAnObjectWithItsFieldsAndNoOthers() {
        assertSchema(Video.class, """
                {"type": "object",
                 "properties": {
                   "file": {"type": "string"},
                   "width": {"type": "integer", "minimum": -2147483648, "maximum": 2147483647, "default": 640},
                   "format": {"type": ["string", "null"], "enum": ["PNG", "JPEG", null]},
                   "notes": {},
                   "at": {"type": "string", "format": "date-time", "x-longshore-format": "INSTANT",
                     "description": "a time in ISO 8601 with its offset, such as 2026-03-10T12:00:00Z"},
                   "flags": {"type": "array", "items": {"type": ["boolean", "null"]}}},
                 "required": ["file", "at", "flags"],
                 "additionalProperties": false}""");
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    sealed interface Figure permits Circle, Square {}

    @JsonTypeName("circle")
    record Circle(double radius) implements Figure {}

    @JsonTypeName("square")
    record Square(Short side) implements Figure {}

    @Test
    void aSealedTypeIsOneOfItsRecordsByTheDiscriminator() {
        assertSchema(Figure.class, """
                {"oneOf": [
                   {"type": "object",
                    "properties": {
                      "kind": {"type": "string", "enum": ["circle"]},
                      "radius": {"type": "number", "minimum": -1.7976931348623157E308, "maximum": 1.7976931348623157E308}},
                    "required": ["kind", "radius"], "additionalProperties": false},
                   {"type": "object",
                    "properties": {
                      "kind": {"type": "string", "enum": ["square"]},
                      "side": {"type": "integer", "minimum": -32768, "maximum": 32767}},
                    "required": ["kind", "side"], "additionalProperties": false}],
                 "discriminator": {"propertyName": "kind"}}""");
    }

    record Tree(Optional<Tree> left, Map<Byte, Object> leaves) {}

    @Test
    void aTypeThatHoldsItselfIsDefinedOnceAndTheKeysOfAMapAreNames() {
        assertSchema(Tree.class, """
                {"$ref": "#/$defs/Tree",
                 "$defs": {"Tree": {
                   "type": "object",
                   "properties": {
                     "left": {"anyOf": [{"$ref": "#/$defs/Tree"}, {"type": "null"}]},
                     "leaves": {"type": "object",
                       "propertyNames": {"pattern": "^-?(0|[1-9][0-9]{0,18})$", "minimum": -128, "maximum": 127},
                       "additionalProperties": {}}},
                   "required": ["leaves"],
                   "additionalProperties": false}}}""");
    }

    record Renamed(
            @JsonAlias("path") String file,
            @JsonAlias("titel") Optional<String> title) {}

    @Test
    void ofTheNamesOfAFieldAnObjectHasOne() {
        assertSchema(Renamed.class, """
                {"type": "object",
                 "properties": {
                   "file": {"type": "string"},
                   "title": {"type": ["string", "null"]},
                   "path": {"type": "string", "deprecated": true},
                   "titel": {"type": ["string", "null"], "deprecated": true}},
                 "allOf": [
                   {"oneOf": [{"required": ["file"]}, {"required": ["path"]}]},
                   {"oneOf": [{"required": ["title"]}, {"required": ["titel"]}, {"properties": {"title": false, "titel": false}}]}],
                 "additionalProperties": false}""");
    }

    record Shelf(Optional<Renamed> first) {}

    @Test
    void nullHasNoneOfThem() {
        Json schema = PayloadShape.of(Shelf.class).schema();

        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(schema.tree())
                        .validate(new Json("{\"first\":null}").tree()))
                .isEmpty();
        assertThat(PayloadShape.fromSchema(schema)).isEqualTo(PayloadShape.of(Shelf.class));
    }

    @Test
    void bytesAreAStringInBase64() {
        assertThat(PayloadShape.of(byte[].class).schema().tree().get("contentEncoding"))
                .isEqualTo(Json.of("base64").tree());
    }

    @Test
    void aDefaultKeepsEveryDigit() {
        record Price(@JsonProperty(defaultValue = "1.50") Json amount) {}

        assertThat(PayloadShape.of(Price.class).schema().text()).contains("\"default\":1.50}");
    }

    @Test
    void theExampleOfAFormatFitsItsStandardFormat() {
        SchemaRegistry checking = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                registry -> registry.schemaRegistryConfig(SchemaRegistryConfig.builder()
                        .formatAssertionsEnabled(true)
                        .build()));
        PayloadPageTest.examples().forEach((format, example) -> {
            Json schema = new PayloadShape.Text(format).schema();

            assertThat(checking.getSchema(schema.tree())
                            .validate(Json.of(example).tree()))
                    .as("%s: %s", format, example)
                    .isEmpty();
        });
        Json date = new PayloadShape.Text(PayloadFormat.LOCAL_DATE).schema();
        assertThat(checking.getSchema(date.tree()).validate(Json.of("tomorrow").tree()))
                .isNotEmpty();
    }

    @Test
    void aSchemaOfAnotherOriginIsNoShape() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PayloadShape.fromSchema(new Json("{\"type\":\"tuple\"}")))
                .withMessage("The schema of a payload has the unknown type 'tuple'");
    }

    private static void assertSchema(Class<?> type, String expected) {
        PayloadShape shape = PayloadShape.of(type);
        String whole =
                expected.replaceFirst("\\{", "{\"\\$schema\": \"https://json-schema.org/draft/2020-12/schema\",");

        assertThat(shape.schema()).isEqualTo(Json.parse(whole));
        assertThat(PayloadShape.fromSchema(shape.schema())).isEqualTo(shape);
    }
}

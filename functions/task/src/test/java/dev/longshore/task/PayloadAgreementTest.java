package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a shape takes, decoding takes; and what decoding takes, the shape takes. Over many types and many thousand values, most
 * of which were right until something happened to them. A failure names the seed that makes it again.
 */
class PayloadAgreementTest {
    private static final int MUTATIONS = 20_000;

    /**
     * Jackson makes nothing of what is missing, reads "NaN" as a number, which JSON does not have, and a BigDecimal that
     * would fill the memory when it is written out.
     */
    private static final String REFUSED_ON_PURPOSE =
            ".* and got null|takes a number, and got a string|is out of range: it takes numbers up to 1.79.*E308";

    private static final Pattern TOO_LONG_TO_WRITE_OUT = Pattern.compile("[eE][+-]?999999999");

    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    // ---- properties

    @Test
    void everySchemaIsOneByTheMetaSchema() {
        Schema ofSchemas = SCHEMAS.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

        for (Class<?> type : SamplePayloads.all()) {
            assertThat(ofSchemas.validate(PayloadShape.of(type).schema().tree()))
                    .as(type.getSimpleName())
                    .isEmpty();
        }
    }

    @Test
    void aValidatorTakesBySchemaWhatTheShapeTakesAndNoMoreThanJsonSchemaCanSay() {
        Map<Class<?>, Schema> schemas = new HashMap<>();
        for (Class<?> type : SamplePayloads.all()) {
            schemas.put(type, SCHEMAS.getSchema(PayloadShape.of(type).schema().tree()));
            for (String value : SamplePayloads.values()) {
                assertValidatorAgrees(schemas.get(type), type, new Json(value), "value " + value);
            }
        }
        mutated((type, payload, how) -> assertValidatorAgrees(schemas.get(type), type, payload, how));
    }

    private static void assertValidatorAgrees(Schema schema, Class<?> type, Json payload, String how) {
        if (TOO_LONG_TO_WRITE_OUT.matcher(payload.text()).find()) {
            return;
        }
        List<PayloadMistake> mistakes = PayloadShape.of(type).mistakes(payload);
        List<Error> errors = schema.validate(writtenOut(payload.tree()));
        if (mistakes.isEmpty()) {
            assertThat(errors)
                    .as("%s for %s: %s", how, type.getSimpleName(), payload.text())
                    .isEmpty();
        } else if (errors.isEmpty()) {
            assertThat(mistakes)
                    .as("%s for %s: %s", how, type.getSimpleName(), payload.text())
                    .allMatch(PayloadAgreementTest::isBeyondJsonSchema);
        }
    }

    /** The validator compares a whole number with a range only when it is written without an exponent. */
    private static JsonNode writtenOut(JsonNode node) {
        if (WholeNumber.canBeWrittenOut(node)) {
            return Json.mapper().getNodeFactory().numberNode(WholeNumber.of(node));
        }
        if (node instanceof ObjectNode object) {
            object.propertyNames().forEach(name -> object.set(name, writtenOut(object.get(name))));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, writtenOut(array.get(i)));
            }
        }
        return node;
    }

    /** What JSON Schema cannot express; docs/payloads.md lists it. */
    private static boolean isBeyondJsonSchema(PayloadMistake mistake) {
        return Arrays.stream(PayloadFormat.values())
                        .anyMatch(format -> mistake.message().equals("takes " + format.description()))
                || mistake.message().startsWith("is a name that cannot be read")
                || mistake.message().endsWith("of at most 1000 digits");
    }

    @Test
    void whatAShapeTakesDecodingTakes() {
        for (Class<?> type : SamplePayloads.all()) {
            for (String value : SamplePayloads.values()) {
                assertReadWhenTaken(type, new Json(value), "value " + value);
            }
        }
        mutated((type, payload, how) -> assertReadWhenTaken(type, payload, how));
    }

    @Test
    void ofAStringTheShapeTakesWhatDecodingReadsAsAValue() {
        for (Class<?> type : SamplePayloads.WRITTEN_AS_STRING) {
            for (String string : SamplePayloads.STRINGS) {
                Json value = Json.of(string);
                assertThat(PayloadShape.of(type).mistakes(value).isEmpty())
                        .as("%s of %s", type.getSimpleName(), value.text())
                        .isEqualTo(isRead(type, value));
            }
        }
    }

    @Test
    void whatDecodingHasReadIsTakenAsItIsWrittenAndReadAsTheSame() {
        mutated((type, payload, how) -> {
            if (isRead(type, payload)) {
                Json written = Json.of(Json.mapper().readValue(payload.text(), type));
                PayloadType<?> read = PayloadType.of(type);
                List<PayloadMistake> mistakes = read.shape().mistakes(written);
                assertThat(mistakes)
                        .as("%s: %s, written %s", how, payload.text(), written.text())
                        .allSatisfy(mistake -> assertThat(mistake.message()).matches(REFUSED_ON_PURPOSE));
                if (mistakes.isEmpty()) {
                    assertThat(Json.of(read.read(written))).as(how).isEqualTo(written);
                }
            }
        });
    }

    @Test
    void everySeedIsTaken() {
        SamplePayloads.SEEDS.forEach(
                (type, seed) -> assertThatCode(() -> PayloadType.of(type).read(new Json(seed)))
                        .as(type.getSimpleName())
                        .doesNotThrowAnyException());
    }

    @Test
    void aShapeThatTravelledAsJsonRefusesTheSame() {
        for (Class<?> type : SamplePayloads.all()) {
            PayloadShape shape = PayloadShape.of(type);
            PayloadShape travelled = Json.parse(Json.of(shape).text()).as(PayloadShape.class);

            assertThat(travelled).isEqualTo(shape);
        }
    }

    private static void assertReadWhenTaken(Class<?> type, Json payload, String how) {
        PayloadType<?> read = PayloadType.of(type);
        if (read.shape().mistakes(payload).isEmpty()) {
            assertThatCode(() -> read.read(payload))
                    .as("%s for %s: %s", how, type.getSimpleName(), payload.text())
                    .doesNotThrowAnyException();
        }
    }

    /** Whether Jackson by itself makes a value of it, and not nothing. */
    private static boolean isRead(Class<?> type, Json value) {
        try {
            return Json.mapper().readValue(value.text(), type) != null;
        } catch (RuntimeException e) {
            return false;
        }
    }

    // ---- mutations

    @FunctionalInterface
    private interface Check {
        void of(Class<?> type, Json payload, String how);
    }

    private static void mutated(Check check) {
        long base = Long.getLong("longshore.seed", 20_261_127);
        List<Class<?>> types = List.copyOf(SamplePayloads.SEEDS.keySet());
        for (long seed = base; seed < base + MUTATIONS; seed++) {
            Random random = new Random(seed);
            Class<?> type = types.get(random.nextInt(types.size()));
            JsonNode payload = new Json(SamplePayloads.SEEDS.get(type)).tree();
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                payload = changed(payload, random);
            }
            check.of(type, Json.of(payload), "-Dlongshore.seed=" + seed);
        }
    }

    /** Something happens to one place: another value, no value, another name, one more field. */
    private static JsonNode changed(JsonNode node, Random random) {
        if (node.isEmpty() || random.nextInt(6) == 0) {
            List<String> values = SamplePayloads.values();
            return new Json(values.get(random.nextInt(values.size()))).tree();
        }
        if (node instanceof ObjectNode object) {
            List<String> names = List.copyOf(object.propertyNames());
            String name = names.get(random.nextInt(names.size()));
            JsonNode value = object.get(name);
            switch (random.nextInt(8)) {
                case 0 -> object.remove(name);
                case 1 ->
                    object.set(
                            SamplePayloads.STRINGS.get(random.nextInt(SamplePayloads.STRINGS.size())),
                            object.remove(name));
                case 2 -> object.set(SamplePayloads.STRINGS.get(random.nextInt(SamplePayloads.STRINGS.size())), value);
                default -> object.set(name, changed(value, random));
            }
            return object;
        }
        ArrayNode array = (ArrayNode) node;
        int at = random.nextInt(array.size());
        array.set(at, changed(array.get(at), random));
        return array;
    }
}

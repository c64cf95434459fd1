package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.annotation.JsonDeserialize;

class PayloadShapeTest {
    enum Format {
        PNG,
        JPEG
    }

    record Size(int width, Optional<Integer> height) {}

    record Picture(
            String file,
            Size size,
            List<Size> others,
            Map<String, Long> counts,
            Format format,
            double quality,
            @Nullable Boolean sharp,
            BigInteger serial,
            Json extra) {}

    record Tree(List<Tree> children) {}

    private static final String WHOLE = """
            {"file":"a.png","size":{"width":1},"others":[{"width":2,"height":3}],"counts":{"a":1},"format":"PNG",
             "quality":0.5,"sharp":null,"serial":123456789012345678901234567890,"extra":[1,"x"]}""";

    private final PayloadShape shape = PayloadShape.of(Picture.class);

    @Test
    void aPayloadThatFitsIsLetThroughWithOrWithoutWhatMayBeLeftOut() {
        assertThatCode(() -> shape.check(Json.parse(WHOLE))).doesNotThrowAnyException();
        assertThatCode(() -> shape.check(Json.parse(WHOLE.replace("\"sharp\":null,", ""))))
                .doesNotThrowAnyException();
    }

    @Test
    void eachMistakeIsNamedWithItsPlace() {
        refused("\"width\":1", "\"width\":\"1\"", "/size/width", "takes a whole number, and got a string");
        refused("\"width\":1", "\"width\":1.5", "/size/width", "got a number with a fraction");
        refused("\"width\":1", "\"width\":null", "/size/width", "takes a whole number, and got null");
        refused("\"width\":1", "\"width\":2147483648", "/size/width", "from -2147483648 to 2147483647");
        refused("\"width\":1", "\"widht\":1", "/size/widht", "did you mean 'width'?");
        refused("\"width\":2,", "", "/others/0/width", "is missing");
        refused("[{\"width\":2,\"height\":3}]", "{}", "/others", "takes an array, and got an object");
        refused("{\"a\":1}", "{\"a/~b\":true}", "/counts/a~1~0b", "takes a whole number, and got a boolean");
        refused("\"PNG\"", "\"PGN\"", "/format", "takes one of PNG, JPEG; did you mean 'PNG'?");
        refused("\"PNG\"", "1", "/format", "takes one of PNG, JPEG");
        refused("0.5", "1e999", "/quality", "is out of range");
        refused("\"a.png\"", "[]", "/file", "takes a string, and got an array");
        refused("\"file\":\"a.png\",", "", "/file", "is missing");
    }

    @Test
    void theWholePayloadMayBeOfTheWrongType() {
        assertThatThrownBy(() -> shape.check(Json.parse("[]")))
                .isInstanceOfSatisfying(
                        PayloadException.class,
                        refusal -> assertThat(refusal.pointer()).isEmpty())
                .hasMessage("takes an object, and got an array");
    }

    @Test
    void aTypeThatHoldsItselfIsCheckedAtAnyDepth() {
        PayloadShape tree = PayloadShape.of(Tree.class);

        assertThatCode(() -> tree.check(Json.parse("{\"children\":[{\"children\":[]}]}")))
                .doesNotThrowAnyException();
        refused(tree, "{\"children\":1}", "/children", "takes an array");
        refused(tree, "{\"children\":[{\"children\":[{}]}]}", "/children/0/children/0/children", "is missing");
        String deep = "{\"children\":[".repeat(249) + "7" + "]}".repeat(249);
        assertThatThrownBy(() -> tree.check(Json.parse(deep))).hasMessage("takes an object, and got a whole number");
    }

    record First(Optional<Second> second, Optional<First> first) {}

    record Second(Optional<First> first, Optional<Second> second, Optional<Third> third) {}

    record Third(Optional<First> first, Optional<Second> second, List<Third> third) {}

    @Test
    void typesThatHoldEachOtherAreDescribedOnceEach() {
        PayloadShape.Types shape = (PayloadShape.Types) PayloadShape.of(First.class);

        assertThat(shape.types()).containsOnlyKeys("First", "Second", "Third");
        refused(shape, "{\"second\":{\"third\":{\"third\":[{}]}}}", "/second/third/third/0/third", "is missing");
        assertThat(Json.of(shape).as(PayloadShape.class)).isEqualTo(shape);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    sealed interface Figure permits Circle, Square {}

    @JsonTypeName("circle")
    record Circle(double radius) implements Figure {}

    @JsonTypeName("square")
    record Square(int side) implements Figure {}

    record Drawing(List<Figure> figures) {}

    @Test
    void ofASealedTypeTheDiscriminatorSaysWhichFieldsThereAre() {
        PayloadShape drawing = PayloadShape.of(Drawing.class);

        assertThatCode(() -> drawing.check(Json.parse(
                        "{\"figures\":[{\"kind\":\"circle\",\"radius\":1},{\"side\":2,\"kind\":\"square\"}]}")))
                .doesNotThrowAnyException();
        refused(
                drawing,
                "{\"figures\":[{\"radius\":1}]}",
                "/figures/0/kind",
                "is missing; it takes one of circle, square");
        refused(
                drawing,
                "{\"figures\":[{\"kind\":\"circel\",\"radius\":1}]}",
                "/figures/0/kind",
                "takes one of circle, square; did you mean 'circle'?");
        refused(drawing, "{\"figures\":[{\"kind\":7}]}", "/figures/0/kind", "takes one of circle, square");
        refused(drawing, "{\"figures\":[{\"kind\":\"square\"}]}", "/figures/0/side", "is missing");
        refused(
                drawing,
                "{\"figures\":[{\"kind\":\"square\",\"side\":1,\"radius\":2}]}",
                "/figures/0/radius",
                "unknown");
        refused(drawing, "{\"figures\":[7]}", "/figures/0", "takes an object, and got a whole number");
    }

    @SuppressWarnings("ArrayRecordComponent") // as a team may write it
    record Formats(UUID id, Instant at, LocalDate day, Duration within, URI page, byte[] content, ZoneId zone) {}

    @Test
    void aStringThatIsReadAsATypeOfJavaHasToLookLikeOne() {
        String whole = "{\"id\":\"019cd7b3-2d7b-7abc-8def-0123456789ab\",\"at\":\"2026-03-10T12:00:00Z\","
                + "\"day\":\"2026-03-10\",\"within\":\"PT5M\",\"page\":\"https://example.com\",\"content\":\"AA==\","
                + "\"zone\":\"Europe/Berlin\"}";
        PayloadShape formats = PayloadShape.of(Formats.class);

        assertThatCode(() -> formats.check(Json.parse(whole))).doesNotThrowAnyException();
        refused(formats, whole.replace("019cd7b3-", "19cd7b3-"), "/id", "takes a UUID, such as 019cd7b3");
        refused(formats, whole.replace("019cd7b3-2d7b-7abc-8def-0123456789ab", ""), "/id", "takes a UUID");
        refused(
                formats,
                whole.replace("12:00:00Z", "12:00:00"),
                "/at",
                "ISO 8601 with its offset, such as 2026-03-10T12:00:00Z");
        refused(formats, whole.replace("03-10\",\"w", "02-30\",\"w"), "/day", "takes a date in ISO 8601");
        refused(formats, whole.replace("PT5M", "5 minutes"), "/within", "takes a duration in ISO 8601, such as PT5M");
        refused(formats, whole.replace("\"PT5M\"", "300"), "/within", "such as PT5M, and got a whole number");
        refused(formats, whole.replace("https:", "https: "), "/page", "takes a URI");
        refused(formats, whole.replace("AA==", "A-=="), "/content", "takes bytes in base64");
        refused(formats, whole.replace("Europe", "Mars"), "/zone", "takes a time zone, such as Europe/Berlin");
    }

    record Keys(Map<UUID, Integer> byId, Map<Format, Integer> byFormat, Map<Short, Integer> byNumber) {}

    record MoreKeys(Map<Boolean, Integer> byTruth, Map<BigInteger, Integer> bySerial) {}

    @Test
    void theNamesOfAMapHaveToBeReadAsItsKeys() {
        PayloadShape keys = PayloadShape.of(Keys.class);

        refused(keys, "{\"byId\":{\"x\":1},\"byFormat\":{},\"byNumber\":{}}", "/byId/x", "takes a UUID");
        refused(keys, "{\"byId\":{},\"byFormat\":{\"GIF\":1},\"byNumber\":{}}", "/byFormat/GIF", "one of PNG, JPEG");
        for (String key : List.of("\u0663", "+5", "1.0", "32768", "", "007")) {
            refused(
                    keys,
                    "{\"byId\":{},\"byFormat\":{},\"byNumber\":{\"" + key + "\":1}}",
                    "/byNumber/" + key,
                    "takes a whole number");
        }
        PayloadShape more = PayloadShape.of(MoreKeys.class);
        assertThat(more.mistakes(new Json("{\"byTruth\":{\"true\":1,\"false\":2},\"bySerial\":{\"-12\":1}}")))
                .isEmpty();
        refused(more, "{\"byTruth\":{\"yes\":1},\"bySerial\":{}}", "/byTruth/yes", "one of true, false");
        refused(more, "{\"byTruth\":{},\"bySerial\":{\"x\":1}}", "/bySerial/x", "takes a whole number");
    }

    @JsonDeserialize(as = Book.class)
    interface Titled {}

    record Book(String title) implements Titled {}

    interface Bound {}

    record Volume(int number) implements Bound {}

    record Shelf(
            Titled first,
            @JsonDeserialize(contentAs = Volume.class) List<Bound> others) {}

    @Test
    void aTypeThatIsReplacedByAnotherHasTheOthersShape() {
        PayloadShape shelf = PayloadShape.of(Shelf.class);

        assertThatCode(() -> shelf.check(Json.parse("{\"first\":{\"title\":\"a\"},\"others\":[{\"number\":1}]}")))
                .doesNotThrowAnyException();
        refused(shelf, "{\"first\":{},\"others\":[{\"number\":1}]}", "/first/title", "is missing");
        refused(shelf, "{\"first\":{\"title\":\"a\"},\"others\":[{}]}", "/others/0/number", "is missing");
    }

    sealed interface UnnamedKinds permits OneKind {}

    record OneKind(int a) implements UnnamedKinds {}

    record HoldsUnnamedKinds(List<UnnamedKinds> kinds) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    sealed interface Hidden permits HiddenKind {}

    record HiddenKind(String kind) implements Hidden {}

    @Test
    void aTypeThatCannotBeReadIsRefusedWhenItsTaskIsAdded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PayloadShape.of(HoldsUnnamedKinds.class))
                .withMessageContaining("PayloadShapeTest$UnnamedKinds")
                .withMessageContaining("@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = \"kind\")");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PayloadShape.of(Hidden.class))
                .withMessageContaining("The component kind of")
                .withMessageContaining("visible = true");
    }

    @Test
    void aShapeTravelsAsJson() {
        assertThat(Json.of(shape).as(PayloadShape.class)).isEqualTo(shape);
    }

    private void refused(String right, String wrong, String pointer, String message) {
        assertThat(WHOLE).contains(right);
        refused(shape, WHOLE.replace(right, wrong), pointer, message);
    }

    private static void refused(PayloadShape shape, String payload, String pointer, String message) {
        assertThatThrownBy(() -> shape.check(Json.parse(payload)))
                .as(payload)
                .isInstanceOfSatisfying(
                        PayloadException.class,
                        refusal -> assertThat(refusal.pointer()).isEqualTo(pointer))
                .hasMessageContaining(message);
    }
}

package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

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
    void aTypeThatHoldsItselfIsCheckedToItsFirstTurn() {
        PayloadShape tree = PayloadShape.of(Tree.class);

        assertThatCode(() -> tree.check(Json.parse("{\"children\":[{\"children\":[]}]}")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> tree.check(Json.parse("{\"children\":1}"))).isInstanceOf(PayloadException.class);
    }

    @Test
    void aShapeTravelsAsJson() {
        assertThat(Json.of(shape).as(PayloadShape.class)).isEqualTo(shape);
    }

    private void refused(String right, String wrong, String pointer, String message) {
        assertThat(WHOLE).contains(right);
        assertThatThrownBy(() -> shape.check(Json.parse(WHOLE.replace(right, wrong))))
                .as(wrong)
                .isInstanceOfSatisfying(
                        PayloadException.class,
                        refusal -> assertThat(refusal.pointer()).isEqualTo(pointer))
                .hasMessageContaining(message);
    }
}

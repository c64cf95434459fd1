package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class ShortTextTest {
    private static final String SHIP = "\ud83d\udea2"; // one character, two chars of Java

    private final ScheduleSpec daily = ScheduleSpec.cron("@daily", ZoneId.of("UTC"));

    @Test
    void lengthsCountUnicodeCodePoints() {
        assertThat(ShortText.mistake(SHIP.repeat(64), 64)).isEmpty();
        assertThat(ShortText.mistake(SHIP.repeat(65), 64)).contains("takes 1 to 64 characters, and got 65");
        assertThat(ShortText.mistake("", 64)).contains("takes 1 to 64 characters, and got 0");
    }

    @Test
    void everyControlCharacterIsRefusedWithItsPlaceAndNoOtherCharacterIs() {
        for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
            boolean control = Character.getType(point) == Character.CONTROL;
            assertThat(ShortText.controlCharacter(SHIP + Character.toString(point))
                            .isPresent())
                    .as("U+%04X", point)
                    .isEqualTo(control);
        }
        assertThat(ShortText.mistake(SHIP + "a\n", 9)).contains("has the control character \\u000a at character 2");
    }

    @Test
    void tagsOfADeclaredScheduleFollowTheRuleAndAreKeptOnce() {
        assertThat(daily.tags("a", "b", "a").tags()).containsExactly("a", "b");
        assertThat(daily.tags(SHIP.repeat(64)).tags()).hasSize(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> daily.tags(SHIP.repeat(65)))
                .withMessage("A tag of a schedule takes 1 to 64 characters, and got 65");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> daily.tags("a\u0085"))
                .withMessageContaining("control character");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> daily.tags("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16".split(" ")))
                .withMessage("A schedule takes at most 15 tags, and got 16");
    }
}

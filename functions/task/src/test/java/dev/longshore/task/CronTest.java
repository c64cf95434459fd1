package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CronTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final ZoneId LORD_HOWE = ZoneId.of("Australia/Lord_Howe");
    private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");

    // ---- what an expression means

    @Test
    void anExpressionNamesMinuteHourDayMonthAndWeekday() {
        assertThat(after("30 4 1 JAN *", "2026-06-01T00:00:00Z", UTC, 2))
                .containsExactly("2027-01-01T04:30:00Z", "2028-01-01T04:30:00Z");
        assertThat(after("0,30 8-9 * * MON-FRI", "2026-03-13T08:30:00Z", UTC, 3))
                .containsExactly("2026-03-13T09:00:00Z", "2026-03-13T09:30:00Z", "2026-03-16T08:00:00Z");
        assertThat(after("5-59/15 0 * * sun", "2026-03-10T12:00:00Z", UTC, 2))
                .containsExactly("2026-03-15T00:05:00Z", "2026-03-15T00:20:00Z");
    }

    @Test
    void zeroAndSevenAreSundayAndTheWeekMayBeginWithIt() {
        assertThat(after("0 0 * * 0", "2026-03-10T00:00:00Z", UTC, 2))
                .isEqualTo(after("0 0 * * 7", "2026-03-10T00:00:00Z", UTC, 2))
                .containsExactly("2026-03-15T00:00:00Z", "2026-03-22T00:00:00Z");
        assertThat(after("0 0 * * SUN-TUE", "2026-03-11T00:00:00Z", UTC, 3))
                .containsExactly("2026-03-15T00:00:00Z", "2026-03-16T00:00:00Z", "2026-03-17T00:00:00Z");
    }

    @Test
    void ofTwoRestrictedDayFieldsEitherSuffices() {
        assertThat(after("0 0 13 * FRI", "2026-03-10T00:00:00Z", UTC, 3))
                .containsExactly("2026-03-13T00:00:00Z", "2026-03-20T00:00:00Z", "2026-03-27T00:00:00Z");
        assertThat(after("0 0 13 * *", "2026-03-10T00:00:00Z", UTC, 2))
                .containsExactly("2026-03-13T00:00:00Z", "2026-04-13T00:00:00Z");
    }

    @Test
    void aDayFieldThatStartsWithAStarIsNoRestrictionToSufficeByItself() {
        assertThat(after("0 0 */2 * MON", "2026-03-10T00:00:00Z", UTC, 2))
                .as("odd days that are Mondays")
                .containsExactly("2026-03-23T00:00:00Z", "2026-04-13T00:00:00Z");
    }

    @Test
    void nicknamesAreExpressions() {
        assertThat(after("@hourly", "2026-03-10T12:00:00Z", UTC, 1)).containsExactly("2026-03-10T13:00:00Z");
        assertThat(after("@daily", "2026-03-10T12:00:00Z", UTC, 1)).containsExactly("2026-03-11T00:00:00Z");
        assertThat(after("@midnight", "2026-03-10T12:00:00Z", UTC, 1)).containsExactly("2026-03-11T00:00:00Z");
        assertThat(after("@weekly", "2026-03-10T12:00:00Z", UTC, 1)).containsExactly("2026-03-15T00:00:00Z");
        assertThat(after("@monthly", "2026-03-10T12:00:00Z", UTC, 1)).containsExactly("2026-04-01T00:00:00Z");
        assertThat(after("@yearly", "2026-03-10T12:00:00Z", UTC, 1)).containsExactly("2027-01-01T00:00:00Z");
        assertThat(after("@annually", "2026-03-10T12:00:00Z", UTC, 1)).containsExactly("2027-01-01T00:00:00Z");
    }

    @Test
    void february29IsFoundOverACenturyWithoutALeapYear() {
        assertThat(after("0 0 29 2 *", "2096-03-01T00:00:00Z", UTC, 1)).containsExactly("2104-02-29T00:00:00Z");
        assertThat(after("0 0 29 2 */7", "2088-03-01T00:00:00Z", UTC, 1))
                .as("a Sunday")
                .containsExactly("2128-02-29T00:00:00Z");
    }

    @Test
    void aRangeMayWrap() {
        assertThat(after("0 22-2/2 * * *", "2026-03-10T12:00:00Z", UTC, 4))
                .containsExactly(
                        "2026-03-10T22:00:00Z", "2026-03-11T00:00:00Z", "2026-03-11T02:00:00Z", "2026-03-11T22:00:00Z");
        assertThat(after("0 0 * * FRI-MON", "2026-03-10T00:00:00Z", UTC, 5))
                .as("Friday to Monday, and then Friday")
                .containsExactly(
                        "2026-03-13T00:00:00Z",
                        "2026-03-14T00:00:00Z",
                        "2026-03-15T00:00:00Z",
                        "2026-03-16T00:00:00Z",
                        "2026-03-20T00:00:00Z");
        assertThat(after("0 0 1 NOV-FEB *", "2026-03-10T00:00:00Z", UTC, 3))
                .containsExactly("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z");
        assertThat(after("0 0 * * SAT-SUN", "2026-03-10T00:00:00Z", UTC, 3))
                .isEqualTo(after("0 0 * * 6-7", "2026-03-10T00:00:00Z", UTC, 3))
                .containsExactly("2026-03-14T00:00:00Z", "2026-03-15T00:00:00Z", "2026-03-21T00:00:00Z");
        assertThat(after("0 0 * * 7-1", "2026-03-10T00:00:00Z", UTC, 3))
                .isEqualTo(after("0 0 * * SUN-MON", "2026-03-10T00:00:00Z", UTC, 3));
        assertThat(after("0 0 * * MON-SUN", "2026-03-10T00:00:00Z", UTC, 9))
                .isEqualTo(after("@daily", "2026-03-10T00:00:00Z", UTC, 9));
    }

    @Test
    void theLastDayOfAMonthAndDaysBeforeIt() {
        assertThat(after("0 0 L * *", "2028-01-31T12:00:00Z", UTC, 3))
                .containsExactly("2028-02-29T00:00:00Z", "2028-03-31T00:00:00Z", "2028-04-30T00:00:00Z");
        assertThat(after("0 0 L-2,1 * *", "2026-02-02T00:00:00Z", UTC, 2))
                .containsExactly("2026-02-26T00:00:00Z", "2026-03-01T00:00:00Z");
    }

    @Test
    void theWeekdayNearestToADayOfTheSameMonth() {
        assertThat(after("0 0 15W * *", "2026-03-01T00:00:00Z", UTC, 4))
                .as("a Sunday, a Wednesday, a Friday, a Monday")
                .containsExactly(
                        "2026-03-16T00:00:00Z", "2026-04-15T00:00:00Z", "2026-05-15T00:00:00Z", "2026-06-15T00:00:00Z");
        assertThat(after("0 0 1W 8 *", "2026-03-01T00:00:00Z", UTC, 1))
                .as("August 1 is a Saturday")
                .containsExactly("2026-08-03T00:00:00Z");
        assertThat(after("0 0 31W * *", "2026-04-01T00:00:00Z", UTC, 2))
                .as("April has no 31st; that of May is a Sunday")
                .containsExactly("2026-05-29T00:00:00Z", "2026-07-31T00:00:00Z");
        assertThat(after("0 0 LW * *", "2026-05-01T00:00:00Z", UTC, 2))
                .containsExactly("2026-05-29T00:00:00Z", "2026-06-30T00:00:00Z");
    }

    @Test
    void theLastAndTheNthDayOfTheWeekInAMonth() {
        assertThat(after("0 0 * * FRIL", "2026-03-01T00:00:00Z", UTC, 2))
                .isEqualTo(after("0 0 * * 5L", "2026-03-01T00:00:00Z", UTC, 2))
                .containsExactly("2026-03-27T00:00:00Z", "2026-04-24T00:00:00Z");
        assertThat(after("0 0 * * TUE#2,sun#1", "2026-03-01T12:00:00Z", UTC, 3))
                .containsExactly("2026-03-10T00:00:00Z", "2026-04-05T00:00:00Z", "2026-04-14T00:00:00Z");
        assertThat(after("0 0 * * MON#5", "2026-03-01T00:00:00Z", UTC, 2))
                .as("April has four Mondays")
                .containsExactly("2026-03-30T00:00:00Z", "2026-06-29T00:00:00Z");
        assertThat(after("0 0 * * 0L", "2026-03-01T00:00:00Z", UTC, 3))
                .isEqualTo(after("0 0 * * 7L", "2026-03-01T00:00:00Z", UTC, 3))
                .isEqualTo(after("0 0 * * SUNL", "2026-03-01T00:00:00Z", UTC, 3));
    }

    @Test
    void aQuestionMarkIsNoRestriction() {
        assertThat(after("0 0 ? * MON", "2026-03-10T00:00:00Z", UTC, 3))
                .isEqualTo(after("0 0 * * MON", "2026-03-10T00:00:00Z", UTC, 3));
        assertThat(after("0 0 13 * ?", "2026-03-10T00:00:00Z", UTC, 3))
                .isEqualTo(after("0 0 13 * *", "2026-03-10T00:00:00Z", UTC, 3));
    }

    @Test
    void ofTwoRestrictedDayFieldsEitherSufficesWithLAndHashToo() {
        assertThat(after("0 0 L * FRI#1", "2026-03-01T00:00:00Z", UTC, 3))
                .containsExactly("2026-03-06T00:00:00Z", "2026-03-31T00:00:00Z", "2026-04-03T00:00:00Z");
    }

    // ---- what is refused

    @Test
    void aWrongFieldIsNamedWithWhatItTakes() {
        refused("61 * * * *", "has the minute '61', and it takes 0 to 59");
        refused("* 24 * * *", "has the hour '24', and it takes 0 to 23");
        refused("* * 0 * *", "has the day-of-month '0', and it takes 1 to 31");
        refused("* * * 13 *", "has the month '13', and it takes 1 to 12 or JAN to DEC");
        refused("* * * * 8", "has the day-of-week '8', and it takes 0 to 7 (0 and 7 are Sunday) or SUN to SAT");
        refused("* L * * *", "has the hour 'L'");
        refused("* ? * * *", "has the hour '?'");
        refused("* * L/2 * *", "has the day-of-month 'L/2'");
        refused("* * 0W * *", "has the day-of-month '0W', and it takes 1 to 31, L (the last day)");
        refused("* * 1-5W * *", "has the day-of-month '1-5W'");
        refused("* * MON#1 * *", "has the day-of-month 'MON#1'");
        refused("* * * * L", "has the day-of-week 'L', and it takes 0 to 7 (0 and 7 are Sunday) or SUN to SAT, FRIL");
        refused("* * * * FRI,L", "has the day-of-week 'FRI,L'");
        refused("* * * * FRI#", "has the day-of-week 'FRI#'");
        refused("* * * * #2", "has the day-of-week '#2'");
        refused("* * * * 1#0", "has the day-of-week '1#0'");
        refused("* * * * 6#6", "has the day-of-week '6#6'");
        refused("* * * * FRI#2#3", "has the day-of-week 'FRI#2#3'");
        refused("* * * * 15W", "has the day-of-week '15W'");
        refused("*/0 * * * *", "has the minute '*/0'");
        refused("5/15 * * * *", "has the minute '5/15'");
        refused("1,,2 * * * *", "has the minute '1,,2'");
        refused("* * * FOO *", "has the month 'FOO'");
    }

    @Test
    void onlyAsciiDigitsAndLettersAreTakenAndNoSign() {
        refused("\u0663 * * * *", "has the minute '\u0663', and it takes 0 to 59");
        refused("* \uff10 * * *", "has the hour '\uff10'");
        refused("* * +5 * *", "has the day-of-month '+5'");
        refused("* * * * -1", "has the day-of-week '-1'");
        refused("* * * * \u017fun", "has the day-of-week '\u017fun'"); // a long s, whose capital is S
        refused("* * * \u0131an *", "has the month"); // a dotless i, whose capital is I
        refused("@wee\u212aly", "is no nickname"); // the sign of the kelvin, whose small letter is k
        refused("\u3000* * * * *", "has the minute '\u3000*'");
    }

    @Test
    void noDigitOfAnotherScriptIsTakenForAnyField() {
        List<Integer> digits = IntStream.rangeClosed(0x80, Character.MAX_CODE_POINT)
                .filter(point -> Character.digit(point, 36) >= 0)
                .boxed()
                .toList();
        assertThat(digits).hasSizeGreaterThan(600);
        for (int digit : digits) {
            assertThatThrownBy(() -> Cron.parse("0 0 " + Character.toString(digit) + " * *"))
                    .as(Character.getName(digit))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anotherNumberOfFieldsAndAnUnknownNicknameAreRefused() {
        refused("0 3 * *", "has 4 fields, and cron takes five: minute hour day-of-month month day-of-week");
        refused("0 0 3 * * *", "has 6 fields");
        refused("", "has 1 fields");
        refused("@dayly", "did you mean '@daily'?");
        refused("@reboot", "Possible: @annually, @daily");
    }

    @Test
    void whatNeverFiresIsRefused() {
        refused("0 0 30 2 *", "never fires");
        refused("0 0 31 4,6,9,11 *", "never fires");
        refused("0 0 L-31 * *", "never fires");
        refused("0 0 30W 2 *", "never fires");
    }

    // ---- clocks put forward and back

    @Test
    void aFixedTimeThatIsSkippedFiresAtTheEndOfTheGap() {
        assertThat(after("30 2 * * *", "2026-03-28T12:00:00Z", BERLIN, 2))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
    }

    @Test
    void fixedTimesThatAreSkippedTogetherFireOnce() {
        assertThat(after("*/10 2-3 * * *", "2026-03-29T00:00:00Z", BERLIN, 2))
                .as("02:00 to 03:00 all come at 03:00")
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-29T01:10:00Z");
    }

    @Test
    void aFixedTimeThatComesTwiceFiresTheFirstTime() {
        assertThat(after("30 2 * * *", "2026-10-24T12:00:00Z", BERLIN, 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    }

    @Test
    void whoAsksBetweenTheTwoPassesGetsTheNextDay() {
        assertThat(after("30 1 * * *", "2026-11-01T05:45:00Z", NEW_YORK, 1)).containsExactly("2026-11-02T06:30:00Z");
    }

    @Test
    void anHourFieldWithAStarContinuesInRealTime() {
        assertThat(after("0 * * * *", "2026-03-29T00:00:00Z", BERLIN, 2))
                .as("02:00 does not come")
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z");
        assertThat(after("30 * * * *", "2026-10-24T23:30:00Z", BERLIN, 3))
                .as("02:30 comes twice")
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z");
        assertThat(after("0 */2 * * *", "2026-03-08T05:00:00Z", NEW_YORK, 1))
                .as("02:00 does not come; 04:00 does")
                .containsExactly("2026-03-08T08:00:00Z");
    }

    @Test
    void halfAnHourIsPutForwardAndBackOnLordHowe() {
        assertThat(after("15 2 * * *", "2026-10-03T12:00:00Z", LORD_HOWE, 1))
                .as("02:00 to 02:30 is skipped")
                .containsExactly("2026-10-03T15:30:00Z");
        assertThat(after("45 1 * * *", "2026-04-04T12:00:00Z", LORD_HOWE, 2))
                .as("01:30 to 02:00 comes twice")
                .containsExactly("2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z");
    }

    @Test
    void aDayThatNeverWasFiresOnceAtItsEnd() {
        assertThat(after("0 6,18 30 12 *", "2011-12-01T00:00:00Z", ZoneId.of("Pacific/Apia"), 1))
                .as("Samoa went from December 29 to 31")
                .containsExactly("2011-12-30T10:00:00Z");
    }

    // ---- against a reference that reads a wall clock

    @Test
    void inAYearOfThreeZonesNoInstantIsSkippedOrDoubled() {
        for (ZoneId zone : List.of(NEW_YORK, BERLIN, LORD_HOWE)) {
            for (String cron : List.of(
                    "0 3 * * *",
                    "30 2 * * *",
                    "*/10 1-3 * * *",
                    "0 * * * *",
                    "*/7 */2 * * *",
                    "* * * * *",
                    "0 0 1 * *")) {
                assertAgrees(cron, zone, NEW_YEAR, NEW_YEAR.plus(Duration.ofDays(365)));
            }
        }
        assertAgrees(
                "*/20 5-7 * * *",
                ZoneId.of("Pacific/Apia"),
                Instant.parse("2011-12-20T00:00:00Z"),
                Instant.parse("2012-01-10T00:00:00Z"));
    }

    @Test
    void anyExpressionInAnyZoneFiresAsTheWallClockSays() {
        long base = Long.getLong("longshore.seed", 20_261_125);
        List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
        for (long seed = base; seed < base + 200; seed++) {
            Random random = new Random(seed);
            ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
            String cron = String.join(
                    " ",
                    field(random, 0, 59),
                    field(random, 0, 23),
                    random.nextInt(3) > 0 ? "*" : dayOfMonth(random),
                    random.nextInt(3) > 0 ? "*" : field(random, 1, 12),
                    random.nextInt(3) > 0 ? "*" : dayOfWeek(random));
            Instant from = Instant.parse("1990-01-01T00:00:00Z").plus(Duration.ofDays(random.nextInt(365 * 45)));

            assertAgrees(cron, zone, from, from.plus(Duration.ofDays(30)));
        }
    }

    private static String dayOfMonth(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> "L";
            case 1 -> "L-" + (1 + random.nextInt(27));
            case 2 -> "LW";
            case 3 -> (1 + random.nextInt(28)) + "W";
            case 4 -> "?";
            default -> field(random, 1, 28);
        };
    }

    private static String dayOfWeek(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt(8) + "L";
            case 1 -> random.nextInt(8) + "#" + (1 + random.nextInt(4));
            case 2 -> "?";
            default -> field(random, 0, 7);
        };
    }

    private static String field(Random random, int least, int most) {
        int low = least + random.nextInt(most - least + 1);
        int high = least + random.nextInt(most - least + 1);
        int step = 1 + random.nextInt(Math.max(1, most / 2));
        return switch (random.nextInt(6)) {
            case 0 -> "*";
            case 1 -> "*/" + step;
            case 2 -> low + "-" + high;
            case 3 -> low + "-" + high + "/" + step;
            case 4 -> low + "," + high;
            default -> Integer.toString(low);
        };
    }

    private static void assertAgrees(String cron, ZoneId zone, Instant from, Instant to) {
        List<Instant> firings = new ArrayList<>();
        Cron parsed = Cron.parse(cron);
        for (Instant at = parsed.next(from, zone).orElseThrow();
                !at.isAfter(to);
                at = parsed.next(at, zone).orElseThrow()) {
            firings.add(at);
        }

        assertThat(firings).as("%s in %s from %s", cron, zone, from).isEqualTo(WallClock.firings(cron, zone, from, to));
    }

    private static List<String> after(String cron, String time, ZoneId zone, int count) {
        Cron parsed = Cron.parse(cron);
        return Stream.iterate(parsed.next(Instant.parse(time), zone), at -> parsed.next(at.orElseThrow(), zone))
                .limit(count)
                .map(at -> at.orElseThrow().toString())
                .toList();
    }

    private static void refused(String cron, String because) {
        assertThatThrownBy(() -> Cron.parse(cron))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + cron + "'")
                .hasMessageContaining(because);
    }
}

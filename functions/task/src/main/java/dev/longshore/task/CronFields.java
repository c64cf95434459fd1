package dev.longshore.task;

import com.cronutils.model.Cron;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.And;
import com.cronutils.model.field.expression.Between;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.field.expression.On;
import com.cronutils.model.field.expression.QuestionMark;
import com.cronutils.model.field.value.SpecialChar;
import com.cronutils.parser.CronParser;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The five fields of a cron expression: minutes, hours and months as sets of numbers, each a bit mask; the two day fields as
 * conditions on a day. What they are written in is read by cron-utils; which field is wrong, and what it may be, is found here.
 */
record CronFields(
        long minutes,
        long hours,
        Predicate<LocalDate> days,
        long months,
        Predicate<LocalDate> weekdays,
        boolean everyHour,
        boolean eitherDay) {
    private static final Map<String, String> NICKNAMES = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");

    /** The library reads the digits of all scripts, and signs; crontab(5) knows neither. */
    private static final Pattern ASCII = Pattern.compile("[0-9A-Za-z*,/@?#-]*");

    /** The library reads FRI#2#3 as FRI#2, and takes a sixth Friday. */
    private static final Pattern NTH = Pattern.compile("[^#]+#[1-5]");

    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.defineCron()
            .withMinutes()
            .withValidRange(0, 59)
            .and()
            .withHours()
            .withValidRange(0, 23)
            .and()
            .withDayOfMonth()
            .withValidRange(1, 31)
            .supportsL()
            .supportsW()
            .supportsLW()
            .supportsQuestionMark()
            .and()
            .withMonth()
            .withValidRange(1, 12)
            .and()
            .withDayOfWeek()
            .withMondayDoWValue(1)
            .withValidRange(0, 7)
            .supportsHash()
            .supportsL()
            .supportsQuestionMark()
            .and()
            .instance());

    /** A field: its name, which of the five it is, the numbers it goes from and to, and what else it takes. */
    private enum Place {
        MINUTE(CronFieldName.MINUTE, 0, 0, 59, ""),
        HOUR(CronFieldName.HOUR, 1, 0, 23, ""),
        DAY(
                CronFieldName.DAY_OF_MONTH,
                2,
                1,
                31,
                ", L (the last day), L-2, 15W (the weekday nearest to the 15th), LW, ?"),
        MONTH(CronFieldName.MONTH, 3, 1, 12, " or JAN to DEC"),
        WEEKDAY(
                CronFieldName.DAY_OF_WEEK,
                4,
                0,
                7,
                " (0 and 7 are Sunday) or SUN to SAT, FRIL (the last Friday of the month), FRI#2 (the second), ?");

        private final CronFieldName field;
        private final int index;
        private final int least;
        private final int most;
        private final String more;

        Place(CronFieldName field, int index, int least, int most, String more) {
            this.field = field;
            this.index = index;
            this.least = least;
            this.most = most;
            this.more = more;
        }

        /** How many different values there are: 0 and 7 are the same day of the week. */
        int size() {
            return this == WEEKDAY ? 7 : most - least + 1;
        }

        String refusal(String written) {
            String name = field.name().toLowerCase(Locale.ROOT).replace('_', '-');
            return "has the " + name + " '" + written + "', and it takes " + least + " to " + most + more
                    + ", ranges (a-b), steps (*/n, a-b/n) and lists (a,b)";
        }
    }

    /** @throws IllegalArgumentException that names the wrong field and what it takes */
    static CronFields read(String text) {
        String plain = text.startsWith("@") ? nicknamed(text) : text;
        String[] written = plain.trim().split("\\s+", -1);
        if (written.length != Place.values().length) {
            throw new IllegalArgumentException("'" + text + "' has " + written.length
                    + " fields, and cron takes five: minute hour day-of-month month day-of-week");
        }
        return new CronFields(
                read(Place.MINUTE, written, text, CronFields::mask),
                read(Place.HOUR, written, text, CronFields::mask),
                read(Place.DAY, written, text, CronFields::days),
                read(Place.MONTH, written, text, CronFields::mask),
                read(Place.WEEKDAY, written, text, CronFields::days),
                written[1].startsWith("*"),
                isRestricted(written[2]) && isRestricted(written[4]));
    }

    private static boolean isRestricted(String days) {
        return !days.startsWith("*") && !days.equals("?");
    }

    private static String nicknamed(String text) {
        String plain = NICKNAMES.get(ASCII.matcher(text).matches() ? text.toLowerCase(Locale.ROOT) : text);
        if (plain == null) {
            throw new IllegalArgumentException("'" + text + "' is no nickname of a cron expression"
                    + Spelling.end(text, NICKNAMES.keySet()) + " Possible: "
                    + String.join(", ", NICKNAMES.keySet().stream().sorted().toList()));
        }
        return plain;
    }

    /** Reads one field by itself, so that the error names the field. */
    private static <T> T read(
            Place place, String[] written, String text, BiFunction<Place, FieldExpression, T> meaning) {
        String[] alone = {"*", "*", "*", "*", "*"};
        alone[place.index] = written[place.index].toUpperCase(Locale.ROOT); // as the library knows names
        try {
            requireReadable(written[place.index]);
            Cron cron = PARSER.parse(String.join(" ", alone));
            FieldExpression field = Objects.requireNonNull(
                            cron.retrieveFieldsAsMap().get(place.field), "the library has read all five fields")
                    .getExpression();
            return meaning.apply(place, field);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' " + place.refusal(written[place.index]), e);
        }
    }

    private static void requireReadable(String field) {
        if (!ASCII.matcher(field).matches()) {
            throw new IllegalArgumentException("a digit of another script, a sign, or a letter whose capital is ASCII");
        }
        for (String part : field.split(",", -1)) {
            if (part.contains("#") && !NTH.matcher(part).matches()) {
                throw new IllegalArgumentException("a month has a first to fifth day of the week");
            }
        }
    }

    private static Predicate<LocalDate> days(Place place, FieldExpression field) {
        return switch (field) {
            case QuestionMark _ -> _ -> true;
            case And and ->
                and.getExpressions().stream().map(part -> days(place, part)).reduce(_ -> false, Predicate::or);
            case On on
            when on.getSpecialChar().getValue() != SpecialChar.NONE ->
                place == Place.DAY ? CronDays.ofMonth(on) : CronDays.ofWeek(on);
            default -> {
                long days = mask(place, field);
                yield place == Place.DAY
                        ? day -> has(days, day.getDayOfMonth())
                        : day -> has(days, CronDays.number(day.getDayOfWeek()));
            }
        };
    }

    /** Whether a set has a number. */
    static boolean has(long mask, int value) {
        return (mask >>> value & 1) == 1;
    }

    private static long mask(Place place, FieldExpression field) {
        return switch (field) {
            case Always _ -> range(place, place.least, place.most, 1);
            case On on -> range(place, on.getTime().getValue(), on.getTime().getValue(), 1);
            case Between between -> between(place, between, 1);
            case Every every -> {
                int step = every.getPeriod().getValue();
                yield switch (every.getExpression()) {
                    case Always _ -> range(place, place.least, place.most, step);
                    case Between between -> between(place, between, step);
                    // some crons take 5/15 for 5, others for 5-59/15
                    default -> throw new IllegalArgumentException("a step follows * or a range");
                };
            }
            case And and ->
                and.getExpressions().stream()
                        .mapToLong(part -> mask(place, part))
                        .reduce(0, (a, b) -> a | b);
            default -> throw new IllegalArgumentException("unknown form");
        };
    }

    private static long between(Place place, Between between, int step) {
        return range(
                place,
                (Integer) between.getFrom().getValue(),
                (Integer) between.getTo().getValue(),
                step);
    }

    /** The numbers from one to another; when that is the smaller one, across the largest and the smallest there is. */
    private static long range(Place place, int from, int to, int step) {
        int size = place.size();
        int length = from <= to ? to - from : Math.floorMod(to - from, size);
        long mask = 0;
        for (int i = 0; i <= length; i += step) {
            mask |= 1L << (place.least + (from - place.least + i) % size);
        }
        return mask;
    }
}

package dev.longshore.task;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.And;
import com.cronutils.model.field.expression.Between;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.field.expression.On;
import com.cronutils.parser.CronParser;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The five fields of a cron expression as sets of numbers, each a bit mask. What they are written in is read by
 * cron-utils; which field is wrong, and what it may be, is found here.
 */
record CronFields(
        long minutes, long hours, long days, long months, long weekdays, boolean everyHour, boolean eitherDay) {
    private static final Map<String, String> NICKNAMES = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");

    /** The library reads the digits of all scripts, and signs; crontab(5) knows neither. */
    private static final Pattern ASCII = Pattern.compile("[0-9A-Za-z*,/@-]*");

    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    /** A field: its name, which of the five it is, the numbers it goes from and to, and how its names are told. */
    private enum Place {
        MINUTE(CronFieldName.MINUTE, 0, 0, 59, ""),
        HOUR(CronFieldName.HOUR, 1, 0, 23, ""),
        DAY(CronFieldName.DAY_OF_MONTH, 2, 1, 31, ""),
        MONTH(CronFieldName.MONTH, 3, 1, 12, " or JAN to DEC"),
        WEEKDAY(CronFieldName.DAY_OF_WEEK, 4, 0, 7, " (0 and 7 are Sunday) or SUN to SAT");

        private final CronFieldName field;
        private final int index;
        private final int least;
        private final int most;
        private final String names;

        Place(CronFieldName field, int index, int least, int most, String names) {
            this.field = field;
            this.index = index;
            this.least = least;
            this.most = most;
            this.names = names;
        }

        String refusal(String written) {
            String name = field.name().toLowerCase(Locale.ROOT).replace('_', '-');
            return "has the " + name + " '" + written + "', and it takes " + least + " to " + most + names
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
        long weekdays = mask(Place.WEEKDAY, written, text);
        return new CronFields(
                mask(Place.MINUTE, written, text),
                mask(Place.HOUR, written, text),
                mask(Place.DAY, written, text),
                mask(Place.MONTH, written, text),
                weekdays | (weekdays >> 7 & 1), // 7 is Sunday too
                written[1].startsWith("*"),
                !written[2].startsWith("*") && !written[4].startsWith("*"));
    }

    private static String nicknamed(String text) {
        String plain = NICKNAMES.get(ASCII.matcher(text).matches() ? text.toLowerCase(Locale.ROOT) : text);
        if (plain == null) {
            throw new IllegalArgumentException("'" + text + "' is no nickname of a cron expression"
                    + Spelling.end(text, NICKNAMES.keySet()) + " Known: "
                    + String.join(", ", NICKNAMES.keySet().stream().sorted().toList()));
        }
        return plain;
    }

    /** Reads one field by itself, so that a mistake is known to be in it. */
    private static long mask(Place place, String[] written, String text) {
        String[] alone = {"*", "*", "*", "*", "*"};
        alone[place.index] = readable(place, written[place.index]);
        try {
            if (!ASCII.matcher(written[place.index]).matches()) {
                throw new IllegalArgumentException(
                        "a digit of another script, a sign, or a letter whose capital is ASCII");
            }
            Cron cron = PARSER.parse(String.join(" ", alone));
            FieldExpression field = Objects.requireNonNull(
                            cron.retrieveFieldsAsMap().get(place.field), "the library has read all five fields")
                    .getExpression();
            return mask(place, field);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' " + place.refusal(written[place.index]), e);
        }
    }

    /** The library knows names in capitals, and counts SUN as 7, and so takes SUN-SAT for a range that runs backwards. */
    private static String readable(Place place, String written) {
        String capitals = written.toUpperCase(Locale.ROOT);
        return place == Place.WEEKDAY ? capitals.replace("SUN-", "0-") : capitals;
    }

    private static long mask(Place place, @Nullable FieldExpression field) {
        return switch (field) {
            case Always _ -> range(place.least, place.most, 1);
            case On on -> range(on.getTime().getValue(), on.getTime().getValue(), 1);
            case Between between -> between(between, 1);
            case Every every -> {
                int step = every.getPeriod().getValue();
                yield switch (every.getExpression()) {
                    case Always _ -> range(place.least, place.most, step);
                    case Between between -> between(between, step);
                    // some crons take 5/15 for 5, others for 5-59/15
                    default -> throw new IllegalArgumentException("a step follows * or a range");
                };
            }
            case And and ->
                and.getExpressions().stream()
                        .mapToLong(part -> mask(place, part))
                        .reduce(0, (a, b) -> a | b);
            case null, default -> throw new IllegalArgumentException("unknown form");
        };
    }

    private static long between(Between between, int step) {
        return range(
                (Integer) between.getFrom().getValue(),
                (Integer) between.getTo().getValue(),
                step);
    }

    private static long range(int from, int to, int step) {
        long mask = 0;
        for (int value = from; value <= to; value += step) {
            mask |= 1L << value;
        }
        return mask;
    }
}

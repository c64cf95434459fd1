package dev.longshore.task;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cron expression of five fields, and the instants it means in a time zone. Fields are as in crontab(5): numbers,
 * names, ranges, steps, lists, {@code @daily} and the like; ranges may wrap ({@code FRI-MON}), and the day fields take {@code L},
 * {@code W}, {@code #} and {@code ?} as in Quartz. Where both day fields are restricted (neither starts with {@code *} or is
 * {@code ?}), a day that fits either fits; otherwise it has to fit both.
 *
 * <p>Where a zone puts its clocks forward or back ({@code docs/schedules.md}):
 *
 * <ul>
 *   <li>An expression of fixed hours fires when the wall clock first reaches or passes its time. A time that is skipped
 *       fires at the end of the gap, and all that are skipped together fire once; a time that comes twice fires the first
 *       time.
 *   <li>An expression whose hour field starts with {@code *} continues in real time: it fires in both passes of a doubled
 *       hour, and for a skipped one not at all.
 * </ul>
 */
public final class Cron implements Times {
    /** February 29 on a given day of the week: 40 years apart at most, over a century that has no leap year. */
    private static final int LONGEST_YEARS = 41;

    private static final LocalDateTime ANY_TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

    private final String text;
    private final CronFields fields;

    private Cron(String text, CronFields fields) {
        this.text = text;
        this.fields = fields;
    }

    /** @throws IllegalArgumentException that names the wrong field and what it takes, or says that no day ever fits */
    public static Cron parse(String text) {
        Cron cron = new Cron(text, CronFields.read(text));
        if (cron.firstMatch(ANY_TIME) == null) {
            throw new IllegalArgumentException("'" + text + "' never fires: no month has such a day");
        }
        return cron;
    }

    @Override
    public Optional<Instant> next(Instant after, ZoneId zone) {
        ZoneRules rules = zone.getRules();
        return Optional.ofNullable(fields.everyHour() ? nextInRealTime(after, rules) : nextByWallClock(after, rules));
    }

    private @Nullable Instant nextByWallClock(Instant after, ZoneRules rules) {
        LocalDateTime match = firstMatch(minuteOf(after, rules.getOffset(after)));
        while (match != null) {
            Instant at = firstReached(match, rules);
            if (at.isAfter(after)) {
                return at;
            }
            match = firstMatch(match.plusMinutes(1));
        }
        return null;
    }

    /** When the wall clock first shows this time, or one past it. */
    private static Instant firstReached(LocalDateTime time, ZoneRules rules) {
        ZoneOffsetTransition change = rules.getTransition(time);
        if (change == null) {
            return time.toInstant(rules.getOffset(time));
        }
        return change.isGap() ? change.getInstant() : time.toInstant(change.getOffsetBefore());
    }

    private @Nullable Instant nextInRealTime(Instant after, ZoneRules rules) {
        Instant from = after;
        LocalDateTime earliest = minuteOf(after, rules.getOffset(after)).plusMinutes(1);
        while (true) {
            LocalDateTime match = firstMatch(earliest);
            if (match == null) {
                return null;
            }
            Instant at = match.toInstant(rules.getOffset(from));
            ZoneOffsetTransition change = rules.nextTransition(from);
            if (change == null || at.isBefore(change.getInstant())) {
                return at;
            }
            from = change.getInstant();
            LocalDateTime start = change.getDateTimeAfter();
            LocalDateTime minute = start.truncatedTo(ChronoUnit.MINUTES);
            earliest = minute.isBefore(start) ? minute.plusMinutes(1) : minute;
        }
    }

    private static LocalDateTime minuteOf(Instant time, ZoneOffset offset) {
        return LocalDateTime.ofInstant(time, offset).truncatedTo(ChronoUnit.MINUTES);
    }

    /** The first matching minute from this one on, on a calendar without time zones. */
    private @Nullable LocalDateTime firstMatch(LocalDateTime from) {
        int minuteOfDay = from.getHour() * 60 + from.getMinute();
        LocalDate day = from.toLocalDate();
        LocalDate end = day.plusYears(LONGEST_YEARS);
        while (day.isBefore(end)) {
            if (!CronFields.has(fields.months(), day.getMonthValue())) {
                day = day.plusMonths(1).withDayOfMonth(1);
            } else {
                int found = fits(day) ? firstMinute(minuteOfDay) : -1;
                if (found >= 0) {
                    return day.atTime(found / 60, found % 60);
                }
                day = day.plusDays(1);
            }
            minuteOfDay = 0;
        }
        return null;
    }

    private boolean fits(LocalDate day) {
        boolean ofMonth = fields.days().test(day);
        boolean ofWeek = fields.weekdays().test(day);
        return fields.eitherDay() ? ofMonth || ofWeek : ofMonth && ofWeek;
    }

    /** The first matching minute of a day from this one on; -1 when there is none. */
    private int firstMinute(int from) {
        for (int hour = from / 60; hour < 24; hour++) {
            if (CronFields.has(fields.hours(), hour)) {
                long left = fields.minutes() >>> (hour == from / 60 ? from % 60 : 0);
                if (left != 0) {
                    return hour * 60 + (hour == from / 60 ? from % 60 : 0) + Long.numberOfTrailingZeros(left);
                }
            }
        }
        return -1;
    }

    /** As it was written. */
    @Override
    public String text() {
        return text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cron cron && text.equals(cron.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}

package dev.longshore.task;

import com.cronutils.model.field.expression.On;
import com.cronutils.model.field.value.SpecialChar;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.TemporalAdjusters;
import java.util.function.Predicate;

/** The days that {@code L}, {@code W} and {@code #} mean, which depend on the month and are no set of numbers. */
final class CronDays {
    private CronDays() {}

    /** {@code L}, {@code L-2}, {@code LW} or {@code 15W}. */
    static Predicate<LocalDate> ofMonth(On on) {
        return switch (on.getSpecialChar().getValue()) {
            case SpecialChar.L -> {
                int before = Math.max(0, on.getNth().getValue()); // -1 when it is not there
                yield day -> day.getDayOfMonth() == day.lengthOfMonth() - before;
            }
            case SpecialChar.LW -> day -> day.equals(nearestWeekday(day.with(TemporalAdjusters.lastDayOfMonth())));
            case SpecialChar.W -> {
                int wanted = on.getTime().getValue();
                yield day -> {
                    YearMonth month = YearMonth.from(day);
                    return month.isValidDay(wanted) && day.equals(nearestWeekday(month.atDay(wanted)));
                };
            }
            default -> throw new IllegalArgumentException("unknown form");
        };
    }

    /** {@code FRIL} or {@code FRI#2}. */
    static Predicate<LocalDate> ofWeek(On on) {
        int number = on.getTime().getValue();
        if (number < 0) { // not there
            throw new IllegalArgumentException("some crons take a single L for Saturday, others for the last day");
        }
        DayOfWeek wanted = DayOfWeek.of(number == 0 ? 7 : number);
        return switch (on.getSpecialChar().getValue()) {
            case SpecialChar.L -> day -> day.equals(day.with(TemporalAdjusters.lastInMonth(wanted)));
            case SpecialChar.HASH -> {
                int nth = on.getNth().getValue();
                yield day -> day.equals(day.with(TemporalAdjusters.dayOfWeekInMonth(nth, wanted)));
            }
            default -> throw new IllegalArgumentException("unknown form");
        };
    }

    /** As cron counts: Sunday is 0. */
    static int number(DayOfWeek day) {
        return day.getValue() % 7;
    }

    /** Monday to Friday, in the same month. */
    private static LocalDate nearestWeekday(LocalDate day) {
        return switch (day.getDayOfWeek()) {
            case SATURDAY -> day.getDayOfMonth() == 1 ? day.plusDays(2) : day.minusDays(1);
            case SUNDAY -> day.getDayOfMonth() == day.lengthOfMonth() ? day.minusDays(2) : day.plusDays(1);
            default -> day;
        };
    }
}

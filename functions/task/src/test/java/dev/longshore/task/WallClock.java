package dev.longshore.task;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The oracle for {@link Cron}: reads a wall clock every minute and compares it with the expression. No
 * library, no zone transitions; just java.time's answer to what the clock shows.
 */
final class WallClock {
    private static final List<String> MONTHS =
            List.of("", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    private WallClock() {}

    /** When the expression fires from {@code from} (left out) to {@code to} (included). */
    static List<Instant> firings(String cron, ZoneId zone, Instant from, Instant to) {
        String[] fields = cron.split(" ", -1);
        List<Set<Integer>> sets = List.of(
                set(fields[0], 0, 59, List.of()), set(fields[1], 0, 23, List.of()), set(fields[3], 1, 12, MONTHS));
        boolean either = !fields[2].matches("[*?].*") && !fields[4].matches("[*?].*");
        boolean realTime = fields[1].startsWith("*");
        List<Instant> firings = new ArrayList<>();
        LocalDateTime highest = LocalDateTime.ofInstant(from, zone);
        for (Instant now = from.plus(Duration.ofMinutes(1)); !now.isAfter(to); now = now.plusSeconds(60)) {
            LocalDateTime shown = LocalDateTime.ofInstant(now, zone);
            if (realTime) {
                if (matches(fields, sets, either, shown)) {
                    firings.add(now);
                }
                continue;
            }
            boolean reached = false; // all that the clock shows or passes for the first time
            while (highest.isBefore(shown)) {
                highest = highest.plusMinutes(1);
                reached |= matches(fields, sets, either, highest);
            }
            if (reached) {
                firings.add(now);
            }
        }
        return firings;
    }

    private static boolean matches(String[] fields, List<Set<Integer>> sets, boolean either, LocalDateTime time) {
        if (!sets.get(0).contains(time.getMinute())
                || !sets.get(1).contains(time.getHour())
                || !sets.get(2).contains(time.getMonthValue())) {
            return false;
        }
        LocalDate date = time.toLocalDate();
        boolean day = Stream.of(fields[2].split(",", -1)).anyMatch(part -> isDayOfMonth(part, date));
        boolean week = Stream.of(fields[4].split(",", -1)).anyMatch(part -> isDayOfWeek(part, date));
        return either ? day || week : day && week;
    }

    private static boolean isDayOfMonth(String part, LocalDate date) {
        int left = date.lengthOfMonth() - date.getDayOfMonth();
        if (part.equals("?")) {
            return true;
        }
        if (part.equals("LW")) {
            return isWorkday(date) && IntStream.rangeClosed(1, left).noneMatch(more -> isWorkday(date.plusDays(more)));
        }
        if (part.startsWith("L")) {
            return left == (part.equals("L") ? 0 : Integer.parseInt(part.substring(2)));
        }
        if (part.endsWith("W")) {
            int wanted = Integer.parseInt(part.substring(0, part.length() - 1));
            return isWorkday(date)
                    && wanted <= date.lengthOfMonth()
                    && nearest(date.withDayOfMonth(wanted)).equals(date);
        }
        return set(part, 1, 31, List.of()).contains(date.getDayOfMonth());
    }

    /** Of the workdays of the month, the one with the fewest days between; none is as near on both sides. */
    private static LocalDate nearest(LocalDate wanted) {
        return IntStream.rangeClosed(1, wanted.lengthOfMonth())
                .mapToObj(wanted::withDayOfMonth)
                .filter(WallClock::isWorkday)
                .min(Comparator.comparing(day -> Math.abs(day.getDayOfMonth() - wanted.getDayOfMonth())))
                .orElseThrow();
    }

    private static boolean isWorkday(LocalDate date) {
        return date.getDayOfWeek().getValue() <= 5;
    }

    private static boolean isDayOfWeek(String part, LocalDate date) {
        int weekday = date.getDayOfWeek().getValue();
        if (part.equals("?")) {
            return true;
        }
        if (part.endsWith("L")) {
            return number(part.substring(0, part.length() - 1), DAYS) % 7 == weekday % 7
                    && date.getDayOfMonth() + 7 > date.lengthOfMonth();
        }
        if (part.contains("#")) {
            String[] sides = part.split("#", -1);
            return number(sides[0], DAYS) % 7 == weekday % 7
                    && (date.getDayOfMonth() + 6) / 7 == Integer.parseInt(sides[1]);
        }
        Set<Integer> set = set(part, 0, 7, DAYS);
        return set.contains(weekday) || (weekday == 7 && set.contains(0));
    }

    private static Set<Integer> set(String field, int least, int most, List<String> names) {
        Set<Integer> set = new TreeSet<>();
        for (String part : field.split(",", -1)) {
            String[] sides = part.split("/", -1);
            String[] ends = sides[0].equals("*") ? new String[] {"" + least, "" + most} : sides[0].split("-", -1);
            int step = sides.length == 2 ? Integer.parseInt(sides[1]) : 1;
            int first = number(ends[0], names);
            int last = number(ends[ends.length - 1], names);
            List<Integer> range = new ArrayList<>(); // all there is from first to last, once round when that is before
            if (first <= last) {
                IntStream.rangeClosed(first, last).forEach(range::add);
            } else {
                IntStream.rangeClosed(first, most).forEach(range::add);
                IntStream.rangeClosed(least == 0 && most == 7 ? 1 : least, last).forEach(range::add);
            }
            for (int i = 0; i < range.size(); i += step) {
                set.add(range.get(i));
            }
        }
        return set;
    }

    private static int number(String text, List<String> names) {
        return names.contains(text) ? names.indexOf(text) : Integer.parseInt(text);
    }
}

package dev.longshore.task;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The oracle for {@link Cron}: somebody who looks at a wall clock every minute and knows the expression by heart. No
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
                set(fields[0], 0, 59, List.of()),
                set(fields[1], 0, 23, List.of()),
                set(fields[2], 1, 31, List.of()),
                set(fields[3], 1, 12, MONTHS),
                set(fields[4], 0, 7, DAYS));
        boolean either = !fields[2].startsWith("*") && !fields[4].startsWith("*");
        boolean realTime = fields[1].startsWith("*");
        List<Instant> firings = new ArrayList<>();
        LocalDateTime highest = LocalDateTime.ofInstant(from, zone);
        for (Instant now = from.plus(Duration.ofMinutes(1)); !now.isAfter(to); now = now.plusSeconds(60)) {
            LocalDateTime shown = LocalDateTime.ofInstant(now, zone);
            if (realTime) {
                if (matches(sets, either, shown)) {
                    firings.add(now);
                }
                continue;
            }
            boolean reached = false; // all that the clock shows or passes for the first time
            while (highest.isBefore(shown)) {
                highest = highest.plusMinutes(1);
                reached |= matches(sets, either, highest);
            }
            if (reached) {
                firings.add(now);
            }
        }
        return firings;
    }

    private static boolean matches(List<Set<Integer>> sets, boolean either, LocalDateTime time) {
        int weekday = time.getDayOfWeek().getValue();
        boolean day = sets.get(2).contains(time.getDayOfMonth());
        boolean week =
                sets.get(4).contains(weekday) || (weekday == 7 && sets.get(4).contains(0));
        return sets.get(0).contains(time.getMinute())
                && sets.get(1).contains(time.getHour())
                && sets.get(3).contains(time.getMonthValue())
                && (either ? day || week : day && week);
    }

    private static Set<Integer> set(String field, int least, int most, List<String> names) {
        Set<Integer> set = new TreeSet<>();
        for (String part : field.split(",", -1)) {
            String[] sides = part.split("/", -1);
            String[] ends = sides[0].equals("*") ? new String[] {"" + least, "" + most} : sides[0].split("-", -1);
            int step = sides.length == 2 ? Integer.parseInt(sides[1]) : 1;
            for (int i = number(ends[0], names); i <= number(ends[ends.length - 1], names); i += step) {
                set.add(i);
            }
        }
        return set;
    }

    private static int number(String text, List<String> names) {
        return names.contains(text) ? names.indexOf(text) : Integer.parseInt(text);
    }
}

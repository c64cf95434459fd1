package dev.longshore.task;

import java.time.zone.ZoneRulesProvider;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The names of time zones that schedules take: those of the IANA time zone database, as far as this Java has them. Fixed
 * offsets ({@code +02:00}), abbreviations ({@code EST}) and Java's own {@code SystemV/} names are not among them.
 */
public final class TimeZones {
    private static final String JAVAS_OWN = "SystemV/";

    private static final Collection<String> NAMES = names();

    /** What an abbreviation most often means; for hints alone, since many mean several zones. */
    static final Map<String, String> ABBREVIATIONS = Map.ofEntries(
            Map.entry("EST", "America/New_York"),
            Map.entry("EDT", "America/New_York"),
            Map.entry("CST", "America/Chicago"),
            Map.entry("CDT", "America/Chicago"),
            Map.entry("MST", "America/Denver"),
            Map.entry("MDT", "America/Denver"),
            Map.entry("PST", "America/Los_Angeles"),
            Map.entry("PDT", "America/Los_Angeles"),
            Map.entry("AKST", "America/Anchorage"),
            Map.entry("AKDT", "America/Anchorage"),
            Map.entry("YST", "America/Anchorage"),
            Map.entry("AST", "America/Halifax"),
            Map.entry("ADT", "America/Halifax"),
            Map.entry("HST", "Pacific/Honolulu"),
            Map.entry("BRT", "America/Sao_Paulo"),
            Map.entry("ART", "America/Argentina/Buenos_Aires"),
            Map.entry("BST", "Europe/London"),
            Map.entry("WEST", "Europe/Lisbon"),
            Map.entry("CEST", "Europe/Berlin"),
            Map.entry("EEST", "Europe/Athens"),
            Map.entry("MSK", "Europe/Moscow"),
            Map.entry("SAST", "Africa/Johannesburg"),
            Map.entry("EAT", "Africa/Nairobi"),
            Map.entry("GST", "Asia/Dubai"),
            Map.entry("PKT", "Asia/Karachi"),
            Map.entry("IST", "Asia/Kolkata"),
            Map.entry("ICT", "Asia/Bangkok"),
            Map.entry("SGT", "Asia/Singapore"),
            Map.entry("HKT", "Asia/Hong_Kong"),
            Map.entry("JST", "Asia/Tokyo"),
            Map.entry("KST", "Asia/Seoul"),
            Map.entry("AWST", "Australia/Perth"),
            Map.entry("ACST", "Australia/Adelaide"),
            Map.entry("AEST", "Australia/Sydney"),
            Map.entry("AEDT", "Australia/Sydney"),
            Map.entry("NZST", "Pacific/Auckland"),
            Map.entry("NZDT", "Pacific/Auckland"));

    private TimeZones() {}

    /** Whether it is the name of a zone, in the IANA's spelling. */
    public static boolean exists(String name) {
        return NAMES.contains(name);
    }

    /** Ends a sentence about an unknown zone: with {@code ; did you mean 'America/New_York'?}, or with a full stop. */
    public static String end(String given) {
        return ofAbbreviation(given)
                .or(() -> ofCity(given))
                .or(() -> Spelling.nearest(given, NAMES))
                .map(name -> "; did you mean '" + name + "'?")
                .orElse(".");
    }

    /** {@code EST}, and {@code SystemV/EST5EDT} by its first letters. */
    private static Optional<String> ofAbbreviation(String given) {
        String letters = given.startsWith(JAVAS_OWN)
                ? given.substring(JAVAS_OWN.length()).replaceFirst("[0-9].*", "")
                : given;
        return Optional.ofNullable(ABBREVIATIONS.get(letters.toUpperCase(Locale.ROOT)));
    }

    /** {@code new york}: the place without its continent. */
    private static Optional<String> ofCity(String given) {
        String city = given.strip().replace(' ', '_');
        return NAMES.stream()
                .filter(name -> name.contains("/"))
                .filter(name -> name.substring(name.lastIndexOf('/') + 1).equalsIgnoreCase(city))
                .findFirst();
    }

    private static Collection<String> names() {
        TreeSet<String> names = new TreeSet<>(ZoneRulesProvider.getAvailableZoneIds());
        names.removeIf(name -> name.startsWith(JAVAS_OWN));
        return names;
    }
}

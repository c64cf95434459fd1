package dev.longshore.task;

import java.net.URI;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Currency;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;

/**
 * The format of a string that is read as one of Java's own types. Jackson checks it with the worker's settings, so that the
 * API accepts what the worker can read.
 */
public enum PayloadFormat {
    UUID(java.util.UUID.class, "uuid", "a UUID, such as 019cd7b3-2d7b-7abc-8def-0123456789ab"),
    INSTANT(Instant.class, "date-time", "a time in ISO 8601 with its offset, such as 2026-03-10T12:00:00Z"),
    OFFSET_DATE_TIME(
            OffsetDateTime.class, "date-time", "a time in ISO 8601 with its offset, such as 2026-03-10T12:00:00+01:00"),
    ZONED_DATE_TIME(
            ZonedDateTime.class,
            "a time in ISO 8601 with its offset and, if wanted, its zone, such as 2026-03-10T12:00:00+01:00[Europe/Berlin]"),
    LOCAL_DATE_TIME(
            LocalDateTime.class,
            "date-time-local",
            "a date and time in ISO 8601 without an offset, such as 2026-03-10T12:00:00"),
    LOCAL_DATE(LocalDate.class, "date", "a date in ISO 8601, such as 2026-03-10"),
    LOCAL_TIME(LocalTime.class, "time-local", "a time of the day in ISO 8601 without an offset, such as 12:00:00"),
    OFFSET_TIME(OffsetTime.class, "time", "a time of the day in ISO 8601 with its offset, such as 12:00:00+01:00"),
    DATE(Date.class, "date-time", "a time in ISO 8601 with its offset, such as 2026-03-10T12:00:00Z"),
    DURATION(Duration.class, "duration", "a duration in ISO 8601, such as PT5M"),
    PERIOD(Period.class, "duration", "a period of days, months and years in ISO 8601, such as P1M"),
    YEAR(Year.class, "a year, such as 2026", true),
    YEAR_MONTH(YearMonth.class, "a year and month in ISO 8601, such as 2026-03"),
    MONTH_DAY(MonthDay.class, "a month and day in ISO 8601, such as --03-10"),
    MONTH(Month.class, "a month, 1 to 12 or JANUARY to DECEMBER", true),
    ZONE_ID(ZoneId.class, "a time zone, such as Europe/Berlin"),
    ZONE_OFFSET(ZoneOffset.class, "an offset from UTC, such as +01:00"),
    TIME_ZONE(TimeZone.class, "a time zone, such as Europe/Berlin"),
    URI(URI.class, "uri-reference", "a URI (RFC 3986), such as https://example.com/a"),
    URL(URL.class, "uri", "a URL, such as https://example.com/a"),
    PATH(Path.class, "the path of a file"),
    BASE64(byte[].class, "bytes in base64 (RFC 4648, section 4)"),
    CHARACTER(Character.class, "char", "one character of 16 bits"),
    CURRENCY(Currency.class, "a currency (ISO 4217), such as EUR"),
    LOCALE(Locale.class, "a locale, such as de-DE"),
    CHARSET(Charset.class, "a charset, such as UTF-8");

    private static final Map<Class<?>, PayloadFormat> BY_TYPE =
            Arrays.stream(values()).collect(Collectors.toMap(format -> format.type, Function.identity()));

    private final Class<?> type;
    private final @Nullable String standard;
    private final String description;
    private final boolean alsoNumbers;

    PayloadFormat(Class<?> type, String description) {
        this(type, null, description, false);
    }

    PayloadFormat(Class<?> type, String description, boolean alsoNumbers) {
        this(type, null, description, alsoNumbers);
    }

    PayloadFormat(Class<?> type, String standard, String description) {
        this(type, standard, description, false);
    }

    /**
     * @param standard its name in the OpenAPI Initiative's format registry (spec.openapis.org/registry/format), which has
     *     JSON Schema's own; null when none of them takes what Jackson writes
     * @param alsoNumbers whether Jackson writes such values as numbers, and reads them
     */
    PayloadFormat(Class<?> type, @Nullable String standard, String description, boolean alsoNumbers) {
        this.type = type;
        this.standard = standard;
        this.description = description;
        this.alsoNumbers = alsoNumbers;
    }

    /** The format of a type that is written as a string, if it is one of these. */
    static Optional<PayloadFormat> of(Class<?> type) {
        return type == char.class ? Optional.of(CHARACTER) : Optional.ofNullable(BY_TYPE.get(type));
    }

    /** Its {@code format} in a JSON Schema, if one comes close. */
    Optional<String> standard() {
        return Optional.ofNullable(standard);
    }

    boolean alsoNumbers() {
        return alsoNumbers;
    }

    /** The format in an error message, after "takes". */
    String description() {
        return description;
    }

    /** Whether a value is of the right kind of JSON, before it is looked at. */
    boolean isKindOf(JsonNode value) {
        return value.isString() || (alsoNumbers && WholeNumber.is(value));
    }

    /** Whether a worker reads the value; a number as a whole one, however it is written ({@link PayloadCompletion}). */
    boolean reads(JsonNode value) {
        JavaType read = Json.mapper().constructType(type);
        if (value.isString()) {
            return isRead(value, read);
        }
        return isKindOf(value)
                && WholeNumber.canBeWrittenOut(value)
                && isRead(Json.mapper().getNodeFactory().numberNode(WholeNumber.of(value)), read);
    }

    /** Whether a worker reads a map's key. */
    boolean readsKey(String key) {
        JavaType map = Json.mapper().getTypeFactory().constructMapType(Map.class, type, Object.class);
        return isRead(Json.mapper().createObjectNode().put(key, true), map);
    }

    /** For some types Jackson reads an empty string as no value, which is refused. */
    private static boolean isRead(JsonNode value, JavaType type) {
        try {
            Object read = Json.mapper().treeToValue(value, type);
            return read != null;
        } catch (RuntimeException e) {
            return false; // any failure here would be a failure in the worker
        }
    }
}

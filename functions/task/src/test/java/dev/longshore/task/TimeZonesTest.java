package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimeZonesTest {
    @Test
    void namesOfTheIanaAreTaken() {
        for (String name : List.of("UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "EST5EDT")) {
            assertThat(TimeZones.exists(name)).as(name).isTrue();
        }
    }

    @Test
    void namesOfJavaAloneOffsetsAndAbbreviationsAreNotTaken() {
        for (String name : List.of("SystemV/EST5EDT", "+02:00", "Z", "UTC+1", "EST", "europe/berlin", "")) {
            assertThat(TimeZones.exists(name)).as(name).isFalse();
        }
        assertThat(ZoneId.getAvailableZoneIds())
                .filteredOn(name -> !TimeZones.exists(name))
                .allSatisfy(name -> assertThat(name).startsWith("SystemV/"));
    }

    @Test
    void theHintNamesTheZoneThatWasMeant() {
        Map<String, String> meant = Map.ofEntries(
                Map.entry("EST", "America/New_York"),
                Map.entry("est", "America/New_York"),
                Map.entry("PDT", "America/Los_Angeles"),
                Map.entry("CEST", "Europe/Berlin"),
                Map.entry("BST", "Europe/London"),
                Map.entry("IST", "Asia/Kolkata"),
                Map.entry("SystemV/EST5EDT", "America/New_York"),
                Map.entry("SystemV/HST10", "Pacific/Honolulu"),
                Map.entry("europe/berlin", "Europe/Berlin"),
                Map.entry("Europe/Berln", "Europe/Berlin"),
                Map.entry("berlin", "Europe/Berlin"),
                Map.entry("New York", "America/New_York"),
                Map.entry("Buenos Aires", "America/Argentina/Buenos_Aires"),
                Map.entry("UTX", "UTC"));

        meant.forEach((given, zone) ->
                assertThat(TimeZones.end(given)).as(given).isEqualTo("; did you mean '" + zone + "'?"));
        assertThat(TimeZones.end("+02:00")).isEqualTo(".");
        assertThat(TimeZones.end("the moon")).isEqualTo(".");
    }

    @Test
    void everyHintIsAZone() {
        assertThat(TimeZones.ABBREVIATIONS.values()).allMatch(TimeZones::exists);
        assertThat(TimeZones.ABBREVIATIONS.keySet()).noneMatch(TimeZones::exists);
    }

    @Test
    void aScheduleInAZoneOfJavaAloneIsRefusedWithTheHint() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScheduleSpec.cron("@daily", ZoneId.of("SystemV/EST5EDT")))
                .withMessageContaining("'SystemV/EST5EDT' is no time zone; did you mean 'America/New_York'?");
    }
}

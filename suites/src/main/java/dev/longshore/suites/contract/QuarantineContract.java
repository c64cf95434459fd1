package dev.longshore.suites.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Page;
import dev.longshore.job.deadletter.Quarantine;
import dev.longshore.job.deadletter.Quarantine.Label;
import dev.longshore.job.deadletter.Quarantine.Quarantined;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a {@link Quarantine} has to keep. */
public abstract class QuarantineContract {
    private static final Instant NOW = Instant.parse("2096-03-10T12:00:00Z");

    /** The quarantine to test. */
    protected abstract Quarantine quarantine();

    @Test
    void everyTextThatAMessageCanHaveComesBackToTheByte() {
        String all = IntStream.rangeClosed(0, 0x10FFFF)
                .filter(letter -> letter < 0xD800 || letter > 0xDFFF)
                .filter(letter -> letter < 0x3000 || letter % 61 == 0) // all of the low ones, and some from everywhere
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        for (String body : List.of(all, "", "<xml\u0000/>", "x".repeat(1_048_576))) {
            Quarantined message = message(body);

            quarantine().keep(message);
            quarantine().keep(message);

            assertThat(quarantine().find(message.id())).contains(message);
        }
    }

    @Test
    void aListHasALabelForEachInPagesById() {
        List<Quarantined> kept =
                IntStream.range(0, 7).mapToObj(i -> message("\u00e9".repeat(i))).toList();
        kept.forEach(quarantine()::keep);

        List<Label> listed = new ArrayList<>();
        String after = null;
        do {
            Page<Label, String> page = quarantine().list(3, after);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(3);
            listed.addAll(page.items());
            after = page.next();
        } while (after != null);

        assertThat(listed).extracting(Label::id).isSorted().doesNotHaveDuplicates();
        assertThat(listed)
                .contains(new Label(kept.get(5).id(), "default", 10, NOW, NOW.plusSeconds(60)))
                .extracting(Label::id)
                .containsAll(kept.stream().map(Quarantined::id).toList());
    }

    @Test
    void aRemovedMessageIsGone() {
        Quarantined message = message("x".repeat(400_000));
        quarantine().keep(message);

        assertThat(quarantine().remove(message.id())).isTrue();

        assertThat(quarantine().find(message.id())).isEmpty();
        assertThat(quarantine().remove(message.id())).isFalse();
        quarantine().keep(new Quarantined(message.id(), "default", "short", NOW, NOW.plusSeconds(60)));
        assertThat(quarantine().find(message.id()).orElseThrow().body()).isEqualTo("short");
    }

    private static Quarantined message(String body) {
        return new Quarantined(UUID.randomUUID().toString(), "default", body, NOW, NOW.plusSeconds(60));
    }
}

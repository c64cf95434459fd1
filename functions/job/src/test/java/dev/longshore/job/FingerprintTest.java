package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FingerprintTest {
    @Test
    void deathsOfTheSameCauseHaveTheSameFingerprintWhateverTheirNumbers() {
        String first =
                Fingerprint.of("t", new JobError("Oops", "order 4711 of 019cd7a5-6400-7d6f-8a3c-2f1e0b9c8d71 failed"));
        String second =
                Fingerprint.of("t", new JobError("Oops", "order 12 of 019cd7a5-6401-7b02-9c11-7d5a4e3f2b10 failed"));

        assertThat(first).isEqualTo(second).hasSize(12);
        assertThat(Fingerprint.of("t", new JobError("Oops", "payment failed"))).isNotEqualTo(first);
        assertThat(Fingerprint.of("other", new JobError("Oops", "order 12 failed")))
                .isNotEqualTo(first);
    }
}

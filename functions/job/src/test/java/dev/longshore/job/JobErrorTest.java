package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JobErrorTest {
    @Test
    void whatFitsIsKeptWhole() {
        assertThat(JobError.cut("12345", 5)).isEqualTo("12345");
    }

    @Test
    void whatIsTooLongIsCutToTheLimitAndSaysSo() {
        assertThat(JobError.cut("123456", 5)).isEqualTo("1234…");
    }

    @Test
    void noCharacterIsCutInTwo() {
        assertThat(JobError.cut("123\ud83d\udea26", 5)).isEqualTo("123…");
        assertThat(JobError.cut("12\ud83d\udea256", 5)).isEqualTo("12\ud83d\udea2…");
    }

    @Test
    void anErrorWithoutAMessageSaysThatItHasNone() {
        JobError error = JobError.of(new IllegalStateException());

        assertThat(error.type()).isEqualTo("java.lang.IllegalStateException");
        assertThat(error.message()).isEqualTo("no message");
        assertThat(error.stack()).contains("JobErrorTest");
        assertThat(error.line()).isEqualTo("java.lang.IllegalStateException: no message");
    }
}

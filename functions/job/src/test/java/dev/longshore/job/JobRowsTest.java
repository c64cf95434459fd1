package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.task.Json;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JobRowsTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final JobId ID = JobId.of(NOON.toEpochMilli(), 1, 2);
    private static final NewJob JOB = NewJob.of(ID, "t", "default", 3, new Json("1"), NOON, "token");

    @Test
    void aPayloadInTheRowComesBackOutOfIt() {
        Row row = JobRows.of(JOB, new Body.Inline(JOB.payload()));

        assertThat(JobRows.toJob(ID, row).payload()).isEqualTo(new Body.Inline(JOB.payload()));
    }

    @Test
    void aPayloadOutsideOfItsRowHasItsPlaceAndSizeInTheRow() {
        Body apart = new Body.Apart("payload/1", 300_000);

        assertThat(JobRows.toJob(ID, JobRows.of(JOB, apart)).payload()).isEqualTo(apart);
    }

    @Test
    void aRowWithoutAPayloadIsOneOfNull() {
        Row row = JobRows.of(JOB, new Body.Inline(JOB.payload())).put(Field.PAYLOAD, null);

        assertThat(JobRows.toJob(ID, row).payload()).isEqualTo(new Body.Inline(new Json("null")));
    }
}

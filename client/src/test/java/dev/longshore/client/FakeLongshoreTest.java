package dev.longshore.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.client.testing.FakeLongshore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FakeLongshoreTest {
    record Charge(String currency, int cents) {}

    private final FakeLongshore fake = new FakeLongshore();
    private final Longshore longshore = fake.client();

    @Test
    void remembersWhatWasEnqueuedAndGivesScriptedResults() {
        fake.succeed("charge", new Charge("EUR", 1)).fail("broken", "no paper");

        Job charged = longshore.enqueue("charge", new Charge("EUR", 4200));
        List<EnqueueResult> both = longshore.enqueueAll(List.of(
                JobRequest.of("broken").tags("b"), JobRequest.of("waits", Map.of("text", "ü".repeat(2_000_000)))));

        assertThat(fake.payloads("charge", Charge.class)).containsExactly(new Charge("EUR", 4200));
        assertThat(longshore.await(charged.id(), Duration.ofDays(1)).result(Charge.class))
                .isEqualTo(new Charge("EUR", 1));
        assertThat(both.get(0).orThrow().state()).isEqualTo(JobState.DEAD);
        assertThat(fake.enqueued("broken").get(0).tags()).containsExactly("b");
        assertThat(fake.enqueued("waits").get(0).payload().get("text").asString())
                .hasSize(2_000_000);
        assertThat(longshore.list(JobFilter.all().task("charge")))
                .extracting(Job::id)
                .containsExactly(charged.id());
    }

    @Test
    void aWaitForAJobThatDoesNotEndTakesNoTime() {
        String id = longshore.enqueue("waits", Map.of()).id();

        assertThatThrownBy(() -> longshore.await(id, Duration.ofDays(1)))
                .isInstanceOf(CallTimeoutException.class)
                .hasMessageContaining("is QUEUED");
        fake.complete(id, "done");
        assertThat(longshore.await(id, Duration.ofDays(1)).result(String.class)).isEqualTo("done");
    }

    @Test
    void refusesWhatItWasToRefuseAndWhatItDoesNotHave() {
        fake.refuse("charge", "no such account");

        assertThatThrownBy(() -> longshore.enqueue("charge", Map.of()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("no such account");
        assertThatThrownBy(() -> longshore.keys().get("a")).hasMessageContaining("FakeLongshore has no GET /v1/keys/a");
        assertThat(fake.enqueued()).isEmpty();
    }

    @Test
    void aJobHasTheLimitKeyThatItWasEnqueuedWith() {
        Job job = longshore.enqueue(JobRequest.of("charge").limitKey("acme"));

        assertThat(job.limitKey()).isEqualTo("acme");
        assertThat(fake.enqueued().get(0).field("limitKey").orElseThrow().asString())
                .isEqualTo("acme");
    }

    @Test
    void theSameKeyIsOneJob() {
        JobRequest request = JobRequest.of("charge", Map.of()).idempotencyKey("order-1");

        assertThat(longshore.enqueue(request).id())
                .isEqualTo(longshore.enqueue(request).id());
        assertThat(fake.enqueued()).hasSize(1);
    }
}

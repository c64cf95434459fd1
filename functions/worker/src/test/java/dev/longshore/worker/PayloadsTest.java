package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.DeadReason;
import dev.longshore.job.JobId;
import dev.longshore.task.RetryPolicy;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** What a worker makes of payloads and checkpoints that are not what its code takes today. */
class PayloadsTest {
    private final WorkerStage stage = new WorkerStage();
    private final AtomicInteger starts = new AtomicInteger();

    /** As a team writes it without {@code @NullMarked}. */
    @NullUnmarked
    record Greeting(String name) {}

    record Even(int number) {
        Even {
            if (number % 2 == 1) {
                throw new IllegalArgumentException("number is odd");
            }
        }
    }

    record Order(UUID id) {}

    @Test
    void aPayloadThatLacksAFieldIsDeadAsUndecodableAndNeverGreetsNull() {
        stage.task("greet", Greeting.class, (greeting, job) -> "Hello " + greeting.name());
        for (String payload : new String[] {"{}", "{\"nmae\":\"Ann\"}", "{\"name\":null}"}) {
            JobId id = stage.enqueue("greet", payload);

            stage.workOnce();

            assertThat(stage.job(id).deadReason()).as(payload).isEqualTo(DeadReason.UNDECODABLE);
            assertThat(stage.job(id).error().message()).contains("payload/name ");
        }
    }

    @Test
    void aFieldThatWasRenamedSinceIsReadByTheOlderForm() {
        record Older(Optional<String> firstName) {}
        record Newer(Optional<String> name) {}
        stage.task(
                        "greet",
                        Newer.class,
                        (greeting, job) -> "Hello " + greeting.name().orElse("null"))
                .alsoReads(Older.class, older -> new Newer(older.firstName()));
        JobId id = stage.enqueue("greet", "{\"firstName\":\"Ann\"}");

        stage.workOnce();

        assertThat(stage.result(id)).isEqualTo("\"Hello Ann\"");
    }

    @Test
    void aPayloadThatARecordsConstructorRefusesIsUndecodableWithItsMessage() {
        stage.task("halve", Even.class, (even, job) -> starts.incrementAndGet());
        JobId id = stage.enqueue("halve", "{\"number\":3}");

        stage.workOnce();

        assertThat(starts).hasValue(0);
        assertThat(stage.job(id).deadReason()).isEqualTo(DeadReason.UNDECODABLE);
        assertThat(stage.job(id).error().message()).isEqualTo("payload number is odd");
    }

    @Test
    void aHandlerEnqueuesNoPayloadThatNoWorkerCouldRead() {
        stage.task("order", Order.class, (order, job) -> starts.incrementAndGet());
        stage.task("parent", (payload, job) -> job.enqueue("order", Map.of("id", "7")))
                .retry(RetryPolicy.never());
        JobId id = stage.enqueue("parent");

        stage.workUntilQuiet();

        assertThat(stage.job(id).error().message())
                .startsWith("The task order cannot read this payload: /id takes a UUID");
        assertThat(stage.memory.rows().all()).hasSize(1);
    }

    @Test
    void aCheckpointThatLacksAFieldIsNoCursorWithANullInIt() {
        record Older(int page) {}
        record Newer(int page, String token) {}
        stage.task("walk", (payload, job) -> {
                    if (job.attempt() == 1) {
                        job.checkpoint(new Older(3));
                        throw new IllegalStateException("the code is replaced here");
                    }
                    return job.checkpoint(Newer.class).orElseThrow().token();
                })
                .retry(RetryPolicy.exponential().maxAttempts(2));
        JobId id = stage.enqueue("walk");

        stage.workUntilQuiet();

        assertThat(stage.job(id).deadReason()).isEqualTo(DeadReason.EXHAUSTED);
        assertThat(stage.job(id).error().message())
                .isEqualTo("The checkpoint of job " + id + " cannot be read as Newer: /token is missing");
    }
}

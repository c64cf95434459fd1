package dev.longshore.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Change;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore.IndexPlace;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.deadletter.DeadJobCursor;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DeadJobCursorTest {
    private final InMemoryEngines memory = InMemoryEngines.create();
    private final WriteTokens tokens = new WriteTokens(memory.random());
    private final Instant start = memory.clock().instant();

    @Test
    void theDeadComeByTheTimeOfTheirDeathWhateverTheirShard() {
        List<JobId> dead = Stream.generate(this::dead).limit(40).toList();

        assertThat(rest(walk(Map.of()))).containsExactlyElementsOf(dead);
    }

    @Test
    void aWalkContinuesWhereAnEarlierOneEnded() {
        List<JobId> dead = Stream.generate(this::dead).limit(40).toList();
        DeadJobCursor earlier = walk(Map.of());
        assertThat(Stream.generate(earlier::next).limit(25).flatMap(Optional::stream))
                .hasSize(25);

        assertThat(rest(walk(earlier.places()))).containsExactlyElementsOf(dead.subList(25, 40));
    }

    private DeadJobCursor walk(Map<String, IndexPlace> places) {
        return new DeadJobCursor(memory.jobs(), start, memory.clock().instant(), places, 2);
    }

    private static List<JobId> rest(DeadJobCursor walk) {
        return Stream.generate(walk::next)
                .takeWhile(Optional::isPresent)
                .flatMap(Optional::stream)
                .map(Job::id)
                .toList();
    }

    /** One that dies a second after the one before. */
    private JobId dead() {
        memory.clock().advance(Duration.ofSeconds(1));
        Instant now = memory.clock().instant();
        JobId id = JobId.next(now, memory.random());
        memory.jobs().create(NewJob.of(id, "t", "default", 1, Json.parse("1"), now, tokens.next()), now);
        Job held = done(id, new Lifecycle(now, tokens.next()).claim(id, now.plusSeconds(60)));
        done(id, new Lifecycle(now, tokens.next()).kill(held, DeadReason.EXHAUSTED, new JobError("T", "m")));
        return id;
    }

    private Job done(JobId id, Change change) {
        return ((Change.Outcome.Done) memory.jobs().apply(id, change)).job();
    }
}

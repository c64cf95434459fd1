package dev.longshore.job.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Condition;
import dev.longshore.job.DayShards;
import dev.longshore.job.Field;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore.Query;
import dev.longshore.job.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** The work of one list: how many queries it makes, of how many rows, and how many at a time. */
@Timeout(20)
class QueriesOfAListTest {
    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

    private final Queue<QueryRequest> queries = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private CyclicBarrier together = new CyclicBarrier(1);

    private final DynamoDbClient emptyTable = new DynamoDbClient() {
        @Override
        public QueryResponse query(QueryRequest request) {
            queries.add(request);
            mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
            try {
                together.await();
            } catch (InterruptedException | BrokenBarrierException e) {
                throw new AssertionError(e);
            } finally {
                open.decrementAndGet();
            }
            return QueryResponse.builder().items(List.of()).build();
        }

        @Override
        public String serviceName() {
            return "dynamodb";
        }

        @Override
        public void close() {}
    };

    @Test
    void aListOfManyEmptyDaysReadsABoundedNumberOfPagesAndContinuesFromItsCursor() {
        assertPages(16, 25, 12, 20);
        assertPages(16, 1_000, 12, 100);
        assertPages(256, 25, 3, 5);
        assertPages(256, 1_000, 3, 6);
    }

    private void assertPages(int shards, int limit, int days, int rowsOfAPage) {
        queries.clear();

        Page<Job, JobId> page = list(shards, limit, Duration.ofDays(30));

        assertThat(queries).hasSize(shards * days).allMatch(query -> query.limit() == rowsOfAPage);
        assertThat(page.items()).isEmpty();
        Instant reached = Instant.parse("2026-03-11T00:00:00Z").minus(Duration.ofDays(days));
        assertThat(page.next()).isEqualTo(JobId.of(reached.toEpochMilli(), 0, 0));
    }

    /** Each query side by side takes a connection of the function. */
    @Test
    void atMost64ShardsAreReadAtATime() {
        together = new CyclicBarrier(64);

        list(256, 25, Duration.ofHours(1));

        assertThat(mostOpen).hasValue(64);
    }

    private Page<Job, JobId> list(int shards, int limit, Duration back) {
        return new DynamoDbRowStore(emptyTable, "jobs", new DayShards(shards))
                .list(new Query(NOW.minus(back), NOW, new Condition.Is(Field.TASK, "greet"), limit, null));
    }
}

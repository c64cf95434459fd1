package dev.longshore.job.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.BodyStore.Sweep;
import dev.longshore.job.DayShards;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.deadletter.Quarantine.Label;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.ledger.HourTally;
import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.job.ledger.LedgerStore.AuditProgress;
import dev.longshore.job.ledger.LedgerStore.Expected;
import dev.longshore.job.ledger.LedgerStore.Unfinished;
import dev.longshore.job.pause.Pausable;
import dev.longshore.job.pause.Pause;
import dev.longshore.task.Json;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** An item that broken or newer code has written keeps no other item from being read. */
class LenientReadsTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final JobId JOB = JobId.of(1_770_000_000_000L, 1, 2);

    private final StubTable table = new StubTable();

    @Test
    void rowOfAnHourThatCannotBeReadIsLeftOutAlthoughItsPartitionIsNotProjected() {
        table.queried = List.of(Map.of(JobTable.SORT_KEY, text(JOB.text())), Map.of());

        assertThat(new DynamoDbRowStore(table, "jobs", DayShards.SIXTEEN)
                        .hour(NOON, "0", null, 10)
                        .items())
                .isEmpty();
    }

    @Test
    void pauseWithoutItsTimeKeepsNoOtherPauseFromBeingRead() {
        table.queried = List.of(
                item("pauses", "task:broken", Map.of("b", text("k1"))),
                item("pauses", "pool:broken", Map.of("c", number(NOON.toEpochMilli()))),
                item("pauses", Pausable.task("t").text(), Map.of("c", number(NOON.toEpochMilli()), "b", text("k1"))));

        assertThat(new DynamoDbPauseStore(table, "jobs").all())
                .containsExactly(new Pause(Pausable.task("t"), NOON, "k1", null));
    }

    @Test
    void labelWithoutItsSizeKeepsNoOtherQuarantinedMessageFromBeingListed() {
        Map<String, AttributeValue> label = Map.of(
                "q",
                text("default"),
                "n",
                number(3),
                "c",
                number(NOON.toEpochMilli()),
                JobTable.TIME_TO_LIVE,
                number(1_800_000_000));
        Map<String, AttributeValue> broken = new HashMap<>(label);
        broken.remove("n");
        table.queried = List.of(item("quarantine", "a", broken), item("quarantine", "b", label));

        assertThat(new DynamoDbQuarantine(table, "jobs").list(10, null).items())
                .extracting(Label::id)
                .containsExactly("b");
    }

    @Test
    void noteThatCannotBeReadKeepsNoOtherBodyFromBeingSwept() {
        table.queried = List.of(
                item("p", "what is this", Map.of()),
                item("p", "no id#sweep#x", Map.of()),
                item("p", JOB + "#sweep#x", Map.of()));

        assertThat(new DynamoDbBodyStore(table, "jobs", DayShards.SIXTEEN, new NoFiles()).sweeps("0", NOON, 10))
                .containsExactly(new Sweep(JOB, "x"));
    }

    @Test
    void placeInTheLedgersIndexThatCannotBeReadKeepsNoOtherHourFromBeingCounted() {
        DynamoDbLedger ledger = new DynamoDbLedger(table, "jobs");
        table.queried =
                List.of(item("ledger#2026-03", "soon", Map.of()), item("ledger#2026-03", NOON.toString(), Map.of()));
        assertThat(ledger.open(NOON, 10)).containsExactly(NOON);

        table.queried = List.of(
                item("ledger", "expected#soon", Map.of()), item("ledger", "expected#" + NOON + "#" + NOON, Map.of()));
        assertThat(ledger.expected(NOON, 10)).containsExactly(new Expected(NOON, NOON));
    }

    @Test
    void entryOfAnHourThatCannotBeReadIsLeftOut() {
        table.found = item("ledger#2026-03", NOON.toString(), Map.of("j", text("[]")));

        assertThat(new DynamoDbLedger(table, "jobs").hour(NOON)).isEmpty();
    }

    @Test
    void stateThatNewerCodeHasCountedIsUnknownAndTheRestOfTheCountIsRead() {
        HourTally tally = new HourTally(
                Map.of(JobState.CANCELLED, 2L, JobState.DEAD, 3L), Map.of(JobState.CANCELLED, 4L), 5, 5, 0, null, 0);
        LedgerHour hour = LedgerHour.counted(NOON, NOON.plusSeconds(9_000), tally, null);
        AuditProgress progress =
                new AuditProgress(1, NOON, NOON, null, null, new Unfinished(NOON, NOON, null, Map.of(), tally));
        DynamoDbLedger ledger = new DynamoDbLedger(table, "jobs");

        table.found = item("ledger", "progress", Map.of("j", text(newer(progress))));
        assertThat(ledger.progress().orElseThrow().unfinished().tally().rows())
                .isEqualTo(Map.of(JobState.UNKNOWN, 2L, JobState.DEAD, 3L));

        table.found = item("ledger#2026-03", NOON.toString(), Map.of("j", text(newer(hour))));
        assertThat(ledger.hour(NOON).orElseThrow().memory().settled()).isEqualTo(Map.of(JobState.UNKNOWN, 4L));
    }

    @Test
    void throttledReadOfADueScheduleIsAFailureAndNoScheduleIsLeftOut() {
        table.queried = List.of(item("schedule#0", "nightly", Map.of()));
        table.failure = DynamoDbException.builder().statusCode(400).build();

        assertThatThrownBy(() -> new DynamoDbScheduleStore(table, "jobs").due("0", NOON, 10, null))
                .isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void dueScheduleThatCannotBeReadIsLeftOut() {
        table.queried = List.of(item("schedule#0", "nightly", Map.of()));
        table.found = item("schedule#0", "nightly", Map.of());

        assertThat(new DynamoDbScheduleStore(table, "jobs")
                        .due("0", NOON, 10, null)
                        .items())
                .isEmpty();
    }

    /** As code writes it that calls a state FROZEN. */
    @Test
    void scopeThatOnlyNewerCodeKnowsAllowsNothingAndTakesNothingAway() {
        table.found = key(Map.of("sc", AttributeValue.fromSs(List.of("READ", "TELEPORT"))));

        assertThat(keys().apiKey("k").orElseThrow().scopes()).containsExactly(ApiKey.Scope.READ);
    }

    @Test
    void keyThatCannotBeReadIsNoKey() {
        table.found = key(Map.of("ex", text("soon")));

        assertThat(keys().apiKey("k")).isEmpty();
    }

    private DynamoDbKeyStore keys() {
        return new DynamoDbKeyStore(table, "jobs", new Random(1));
    }

    private static Map<String, AttributeValue> key(Map<String, AttributeValue> more) {
        Map<String, AttributeValue> item = new HashMap<>(Map.of("h", text("aa"), "c", text(NOON.toString())));
        item.putAll(more);
        return item;
    }

    private static String newer(Object content) {
        return Json.of(content).text().replace("CANCELLED", "FROZEN");
    }

    private static Map<String, AttributeValue> item(String partition, String sort, Map<String, AttributeValue> others) {
        Map<String, AttributeValue> item = new HashMap<>(others);
        item.putAll(Item.of(partition, sort).attributes());
        return item;
    }

    private static AttributeValue text(String text) {
        return AttributeValue.fromS(text);
    }

    private static AttributeValue number(long number) {
        return AttributeValue.fromN(Long.toString(number));
    }

    /** A table whose every query finds these items, and whose every read finds one item or fails. */
    private static final class StubTable implements DynamoDbClient {
        private List<Map<String, AttributeValue>> queried = List.of();
        private Map<String, AttributeValue> found = Map.of();
        private RuntimeException failure;

        @Override
        public QueryResponse query(QueryRequest request) {
            return QueryResponse.builder().items(queried).build();
        }

        @Override
        public GetItemResponse getItem(GetItemRequest request) {
            if (failure != null) {
                throw failure;
            }
            return GetItemResponse.builder().item(found).build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}

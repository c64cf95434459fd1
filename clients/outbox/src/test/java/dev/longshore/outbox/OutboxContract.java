package dev.longshore.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.client.Exchange;
import dev.longshore.client.JobRequest;
import dev.longshore.client.Longshore;
import dev.longshore.client.testing.EnqueuedJob;
import dev.longshore.client.testing.FakeLongshore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an outbox promises, on any database. */
abstract class OutboxContract {
    private static final List<String> STEPS = List.of("start", "claimed", "sent", "failures kept", "deleted");

    private final FakeLongshore fake = new FakeLongshore();
    private Instant now = Instant.now();
    private final InstantSource clock = () -> now;
    private DataSource database;

    abstract DataSource database();

    @BeforeEach
    void empty() throws SQLException {
        database = database();
        Databases.execute(database, "DELETE FROM longshore_outbox");
    }

    @AfterEach
    void stop() {
        fake.close();
    }

    record Text(String text) {}

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    @Test
    void rollbackLeavesNoJobAndCommitMakesOne() throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            Outbox.enqueue(connection, JobRequest.of("ship", Map.of("order", 1)), clock);
            connection.rollback();
            String id = Outbox.enqueue(connection, JobRequest.of("ship", Map.of("order", 2)), clock);
            assertThat(relay().runOnce()).as("before the commit").isZero();
            connection.commit();

            assertThat(relay().runOnce()).isEqualTo(1);
            assertThat(fake.enqueued()).extracting(EnqueuedJob::id).containsExactly(id);
        }
        assertThat(fake.payloads("ship", Map.class)).containsExactly(Map.of("order", 2));
        assertThat(relay().backlog()).isEqualTo(new Backlog(0, Duration.ZERO, 0));
    }

    @Test
    void connectionThatCommitsByItselfIsRefused() throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(true);
            assertThatThrownBy(() -> Outbox.enqueue(connection, "ship", Map.of()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("auto-commit");
        }
    }

    @Test
    void requestIsSentWithAllItsFieldsAndADelayCountsFromItsEnqueue() throws SQLException {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        enqueue(JobRequest.of("ship", Map.of("text", "naïve ☃ 🚢"))
                .tags("a")
                .meta(Map.of("k", "v"))
                .delay(Duration.ofSeconds(90))
                .traceparent(trace));
        Instant enqueued = now;
        now = now.plusSeconds(600);

        relay().runOnce();

        EnqueuedJob job = fake.enqueued().get(0);
        assertThat(job.payload(Text.class)).isEqualTo(new Text("naïve ☃ 🚢"));
        assertThat(job.tags()).containsExactly("a");
        assertThat(job.meta()).containsEntry("k", "v");
        assertThat(job.field("delaySeconds")).isEmpty();
        assertThat(job.runAt()).contains(enqueued.plusSeconds(90));
        assertThat(job.traceparent()).contains(trace);
    }

    /** Kills the relay at every step, lets another one run after the lease, and looks for lost and doubled jobs. */
    @Test
    void aKillBetweenAnyTwoStepsLosesNothingAndDoublesNothing() throws SQLException {
        for (String step : STEPS) {
            fake.clear();
            Set<String> ids = new TreeSet<>();
            for (int i = 0; i < 3; i++) {
                ids.add(enqueue(JobRequest.of("ship", Map.of("order", i))));
            }
            List<String> reached = new ArrayList<>();
            OutboxRelay killed = relay(fake.client(), at -> {
                reached.add(at);
                if (at.equals(step)) {
                    throw new Killed();
                }
            });

            assertThatThrownBy(killed::runOnce).isInstanceOf(Killed.class);
            now = now.plus(RelayRound.LEASE).plusMillis(1);
            relay().runOnce();

            assertThat(reached).as(step).endsWith(step);
            assertThat(fake.enqueued()).as(step).extracting(EnqueuedJob::id).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(relay().backlog().waiting()).as(step).isZero();
        }
    }

    @Test
    void anotherRelayLeavesClaimedRowsAloneUntilTheirLeaseEnds() throws SQLException {
        enqueue(JobRequest.of("ship"));
        OutboxRelay killed = relay(fake.client(), at -> {
            if (at.equals("claimed")) {
                throw new Killed();
            }
        });
        assertThatThrownBy(killed::runOnce).isInstanceOf(Killed.class);

        assertThat(relay().runOnce()).isZero();
        now = now.plus(RelayRound.LEASE).plusMillis(1);
        assertThat(relay().runOnce()).isEqualTo(1);
    }

    @Test
    void refusedRowIsKeptWithItsReasonAndBlocksNothing() throws SQLException {
        fake.refuse("shp", "There is no task 'shp'; did you mean 'ship'?");
        String refused = enqueue(JobRequest.of("shp"));
        enqueue(JobRequest.of("ship"));

        relay().runOnce();

        assertThat(fake.enqueued("ship")).hasSize(1);
        assertThat(relay().backlog()).isEqualTo(new Backlog(0, Duration.ZERO, 1));
        RefusedRow row = relay().refused(10).get(0);
        assertThat(row.id()).isEqualTo(refused);
        assertThat(row.reason()).contains("did you mean 'ship'?");
        now = now.plus(Duration.ofDays(3));
        assertThat(relay().runOnce()).as("refused rows are not sent again").isZero();

        assertThat(relay().release(refused)).isTrue();
        assertThat(relay().backlog().waiting()).isEqualTo(1);
        relay().runOnce();
        String renamed = relay().refused(10).get(0).id();
        assertThat(relay().discard(renamed)).isTrue();
        assertThat(relay().backlog()).isEqualTo(new Backlog(0, Duration.ZERO, 0));
    }

    @Test
    void rowThatCannotBeReadBlocksNothing() throws SQLException {
        Databases.execute(
                database,
                "INSERT INTO longshore_outbox (id, task, request, created_at, due_at, tries) VALUES ('x', 'ship', '{', 0, 0, 0)");
        enqueue(JobRequest.of("ship"));

        relay().runOnce();

        assertThat(fake.enqueued()).hasSize(1);
        assertThat(relay().refused(10))
                .extracting(RefusedRow::reason)
                .singleElement()
                .asString()
                .contains("cannot be read");
    }

    @Test
    void failedRowsWaitLongerAndShowInTheBacklog() throws SQLException {
        enqueue(JobRequest.of("ship"));
        try (Longshore unreachable = client(request -> {
            throw new IOException("connection reset");
        })) {
            OutboxRelay failing = relay(unreachable, at -> {});
            failing.runOnce();
            assertThat(failing.runOnce()).as("at once").isZero();
            now = now.plusSeconds(30);
            assertThat(failing.runOnce()).as("after the backoff").isEqualTo(1);
            assertThat(failing.backlog().oldest()).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
            assertThat(failing.backlog().waiting()).isEqualTo(1);
        }
        now = now.plusSeconds(600);
        relay().runOnce();
        assertThat(fake.enqueued()).hasSize(1);
    }

    @Test
    void batchThatIsRefusedAsAWholeIsSentOneByOne() throws SQLException {
        enqueue(JobRequest.of("ship", Map.of("order", 1)));
        enqueue(JobRequest.of("ship", Map.of("order", 666)));
        List<String> bodies = new ArrayList<>();
        byte[] accepted = ("{\"results\":[{\"status\":202,\"job\":{\"id\":\"a\",\"task\":\"ship\",\"state\":\"QUEUED\","
                        + "\"createdAt\":\"2026-11-24T13:06:36.107Z\"}}]}")
                .getBytes(StandardCharsets.UTF_8);
        try (Longshore strict = client(request -> {
            String body = new String(request.body(), StandardCharsets.UTF_8);
            bodies.add(body);
            return body.contains("666")
                    ? new Exchange.Answer(400, Map.of(), new byte[0])
                    : new Exchange.Answer(207, Map.of(), accepted);
        })) {
            relay(strict, at -> {}).runOnce();
        }

        assertThat(bodies).hasSize(3);
        assertThat(relay().backlog()).isEqualTo(new Backlog(0, Duration.ZERO, 1));
    }

    @Test
    void rowThatWaitedForMoreThanADayGetsANewIdBeforeItIsSent() throws SQLException {
        String old = enqueue(JobRequest.of("ship", Map.of("order", 1)));
        now = now.plus(Duration.ofHours(24));
        relay().runOnce();
        assertThat(fake.enqueued())
                .as("neither the old id, which is refused, nor a new one, as a send of the old one may still arrive")
                .isEmpty();

        now = now.plus(Duration.ofHours(1)).plusSeconds(1);
        OutboxRelay killed = relay(fake.client(), at -> {
            if (at.equals("sent")) {
                throw new Killed();
            }
        });
        assertThatThrownBy(killed::runOnce).isInstanceOf(Killed.class);
        now = now.plus(RelayRound.LEASE).plusMillis(1);
        relay().runOnce();

        assertThat(fake.enqueued()).hasSize(1);
        assertThat(fake.enqueued().get(0).id()).isNotEqualTo(old);
        assertThat(relay().backlog().waiting()).isZero();
    }

    @Test
    void jobThatWasMadeBeforeACrashOfADayIsFoundAndNotMadeAgain() throws SQLException {
        String id = enqueue(JobRequest.of("ship"));
        OutboxRelay killed = relay(fake.client(), at -> {
            if (at.equals("sent")) {
                throw new Killed();
            }
        });
        assertThatThrownBy(killed::runOnce).isInstanceOf(Killed.class);
        now = now.plus(Duration.ofHours(26));

        relay().runOnce();

        assertThat(fake.enqueued()).extracting(EnqueuedJob::id).containsExactly(id);
        assertThat(relay().backlog().waiting()).isZero();
    }

    @Test
    void aKillAroundANewIdDoublesNothing() throws SQLException {
        for (String step : List.of("looked up", "renamed", "sent", "deleted")) {
            fake.clear();
            enqueue(JobRequest.of("ship"));
            now = now.plus(Duration.ofHours(26));
            OutboxRelay killed = relay(fake.client(), at -> {
                if (at.equals(step)) {
                    throw new Killed();
                }
            });

            assertThatThrownBy(killed::runOnce).isInstanceOf(Killed.class);
            now = now.plus(RelayRound.LEASE).plusMillis(1);
            relay().runOnce();

            assertThat(fake.enqueued()).as(step).hasSize(1);
            assertThat(relay().backlog().waiting()).as(step).isZero();
        }
    }

    @Test
    void startedRelaySendsWhatIsCommittedAndEndsWithClose() throws Exception {
        CountDownLatch sent = new CountDownLatch(2);
        OutboxRelay relay = new OutboxRelay(database, fake.client(), Duration.ofDays(1), InstantSource.system(), at -> {
            if (at.equals("deleted")) {
                sent.countDown();
            }
        });
        enqueue(JobRequest.of("ship"));
        relay.start();
        while (sent.getCount() == 2) {
            Thread.onSpinWait();
        }
        enqueue(JobRequest.of("ship"));
        relay.nudge();

        assertThat(sent.await(60, TimeUnit.SECONDS)).isTrue();
        relay.close();
        assertThat(fake.enqueued()).hasSize(2);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("longshore-outbox");
    }

    private String enqueue(JobRequest request) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            String id = Outbox.enqueue(connection, request, clock);
            connection.commit();
            return id;
        }
    }

    private OutboxRelay relay() {
        return relay(fake.client(), step -> {});
    }

    private OutboxRelay relay(Longshore longshore, RelayRound.Steps steps) {
        return new OutboxRelay(database, longshore, Duration.ofSeconds(1), clock, steps);
    }

    private static Longshore client(Exchange exchange) {
        return Longshore.builder()
                .url("http://longshore.invalid")
                .key("ls_a_b")
                .maxTries(1)
                .exchange(exchange)
                .build();
    }
}

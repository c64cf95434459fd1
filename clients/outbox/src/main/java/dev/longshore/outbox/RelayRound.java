package dev.longshore.outbox;

import dev.longshore.client.ConflictException;
import dev.longshore.client.EnqueueResult;
import dev.longshore.client.JobId;
import dev.longshore.client.Longshore;
import dev.longshore.client.LongshoreException;
import dev.longshore.client.NotFoundException;
import dev.longshore.client.RefusedException;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One round of a relay: rows are claimed, sent, and deleted. A crash between any two steps leaves rows that are claimed again when
 * their lease ends, and sent under the same ids.
 */
final class RelayRound {
    static final int BATCH = 100;
    /** Longer than a client's calls take, so that a row is not sent by two relays at once; if it is, Longshore recognises its id. */
    static final Duration LEASE = Duration.ofMinutes(5);

    /** Longshore refuses ids that are more than a day from now. From here on, a row waits for {@link #SURELY_REFUSED}. */
    static final Duration NEARLY_REFUSED = Duration.ofHours(23);
    /** With an hour for clocks that differ: no send under the old id, however late it comes, makes a job any more. */
    static final Duration SURELY_REFUSED = Duration.ofHours(25);

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);
    private static final System.Logger LOG = System.getLogger(RelayRound.class.getName());

    private final OutboxTable table;
    private final Longshore longshore;
    private final InstantSource clock;
    private final Steps steps;

    /** Called between the steps; tests crash there. */
    @FunctionalInterface
    interface Steps {
        void reached(String step);
    }

    RelayRound(OutboxTable table, Longshore longshore, InstantSource clock, Steps steps) {
        this.table = table;
        this.longshore = longshore;
        this.clock = clock;
        this.steps = steps;
    }

    /** Answers how many rows were claimed. */
    int run() throws SQLException {
        steps.reached("start");
        List<OutboxRow> claimed = table.claim(clock.instant(), LEASE, BATCH);
        steps.reached("claimed");
        List<OutboxRow> rows = new ArrayList<>();
        for (OutboxRow row : claimed) {
            OutboxRow sendable = isReadable(row) ? sendable(row) : null;
            if (sendable != null) {
                rows.add(sendable);
            }
        }
        if (!rows.isEmpty()) {
            send(rows);
        }
        return claimed.size();
    }

    /** A row that another program has changed must not keep the others from being sent. */
    private boolean isReadable(OutboxRow row) throws SQLException {
        try {
            row.request();
            row.ageOfId(clock.instant());
            return true;
        } catch (IllegalArgumentException e) {
            table.refuse(row, clock.instant(), "The row cannot be read: " + e.getMessage());
            return false;
        }
    }

    /** The row under an id that Longshore takes; null when it is not to be sent now. */
    private @Nullable OutboxRow sendable(OutboxRow row) throws SQLException {
        Instant now = clock.instant();
        Duration age = row.ageOfId(now);
        if (age.compareTo(NEARLY_REFUSED) < 0) {
            return row;
        }
        if (age.compareTo(SURELY_REFUSED) < 0) {
            table.retryAt(
                    row,
                    JobId.timeOf(row.id()).plus(SURELY_REFUSED),
                    "The id is nearly a day old; the job gets another one");
            return null;
        }
        try {
            if (row.tries() > 0 && exists(row)) {
                table.delete(List.of(row));
                return null;
            }
        } catch (LongshoreException failed) {
            table.retryAt(
                    row,
                    now.plus(backoff(row.tries())),
                    "Whether the job exists could not be read, which takes the scope read: " + failed.getMessage());
            return null;
        }
        OutboxRow renamed = row.withId(JobId.at(now.toEpochMilli()));
        steps.reached("looked up");
        table.rename(row, renamed);
        steps.reached("renamed");
        LOG.log(
                Level.INFO,
                "Outbox row {0} waited for more than {1}; its job has the id {2}",
                row.id(),
                SURELY_REFUSED,
                renamed.id());
        return renamed;
    }

    private boolean exists(OutboxRow row) {
        try {
            longshore.get(row.id());
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private void send(List<OutboxRow> rows) throws SQLException {
        List<EnqueueResult> results =
                longshore.enqueueAll(rows.stream().map(OutboxRow::request).toList());
        steps.reached("sent");
        if (rows.size() > 1 && wasRefusedAsAWhole(results)) {
            results = rows.stream().map(this::alone).toList();
        }
        List<OutboxRow> accepted = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            LongshoreException failure = results.get(i).failure();
            if (failure == null) {
                accepted.add(rows.get(i));
            } else {
                keep(rows.get(i), failure);
            }
        }
        steps.reached("failures kept");
        table.delete(accepted);
        steps.reached("deleted");
    }

    /** One job must not keep the others of its batch from being enqueued. */
    private static boolean wasRefusedAsAWhole(List<EnqueueResult> results) {
        LongshoreException first = results.get(0).failure();
        return first instanceof RefusedException && results.stream().allMatch(result -> result.failure() == first);
    }

    private EnqueueResult alone(OutboxRow row) {
        return longshore.enqueueAll(List.of(row.request())).get(0);
    }

    private void keep(OutboxRow row, LongshoreException failure) throws SQLException {
        String reason = Objects.requireNonNullElse(failure.getMessage(), failure.title());
        Instant now = clock.instant();
        boolean refused = failure instanceof RefusedException || failure instanceof ConflictException;
        if (refused) {
            table.refuse(row, now, reason);
            LOG.log(Level.WARNING, "Longshore refused outbox row {0} of task {1}: {2}", row.id(), row.task(), reason);
        } else {
            table.retryAt(row, now.plus(backoff(row.tries())), reason);
        }
    }

    /** 1 s, 2 s, 4 s … 5 min, less a random half of it. */
    private static Duration backoff(int tries) {
        long longest = Math.min(LONGEST_BACKOFF.toMillis(), FIRST_BACKOFF.toMillis() << Math.min(tries, 20));
        return Duration.ofMillis(longest - ThreadLocalRandom.current().nextLong(longest / 2));
    }
}

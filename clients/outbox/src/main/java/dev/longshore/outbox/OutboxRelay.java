package dev.longshore.outbox;

import dev.longshore.client.Longshore;
import dev.longshore.client.LongshoreException;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Sends the rows of an outbox to Longshore after their transactions have committed, 100 at a time. Any number of relays may work on
 * one table: each claims rows of its own.
 *
 * <ul>
 *   <li>What Longshore accepts is deleted. A crash before that makes a relay send it again, 5 minutes later, under the same id: no
 *       job is lost, and none is made twice.
 *   <li>What fails (network, 429, 5xx, a key that is not taken) is kept and tried again after 1 s, 2 s, 4 s … 5 min.
 *   <li>What is refused (400, 409, 413, 422) is kept with its reason and no longer sent, so that it blocks nothing:
 *       {@link #refused}, {@link #release}, {@link #discard}.
 *   <li>Longshore takes ids of the last day. A row that waits for more than 25 hours gets a new id, which is written before it is
 *       sent. Where an earlier send may have made the job, it is read first; that takes a key with the scope {@code read}.
 *       A job that had ended and whose retention was over by then would be made again.
 * </ul>
 */
public final class OutboxRelay implements AutoCloseable {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final System.Logger LOG = System.getLogger(OutboxRelay.class.getName());

    private final OutboxTable table;
    private final RelayRound round;
    private final InstantSource clock;
    private final Duration poll;
    private final Semaphore nudges = new Semaphore(0);
    private @Nullable Thread thread;
    private volatile boolean closed;

    /** Polls every second, when it is started. */
    public OutboxRelay(DataSource database, Longshore longshore) {
        this(database, longshore, Duration.ofSeconds(1));
    }

    /**
     * A relay that is not started.
     *
     * @param poll how long it waits when no row is due; {@link #nudge} ends the wait
     */
    public OutboxRelay(DataSource database, Longshore longshore, Duration poll) {
        this(database, longshore, poll, InstantSource.system(), step -> {});
    }

    OutboxRelay(DataSource database, Longshore longshore, Duration poll, InstantSource clock, RelayRound.Steps steps) {
        this.table = new OutboxTable(database);
        this.round = new RelayRound(table, longshore, clock, steps);
        this.clock = clock;
        this.poll = poll;
    }

    /** Starts the relay's thread; nothing when it runs. After {@link #close} it may be started again. */
    public synchronized void start() {
        if (thread == null) {
            closed = false;
            Thread started = new Thread(this::loop, "longshore-outbox");
            started.setDaemon(true);
            started.start();
            thread = started;
        }
    }

    /** Whether its thread runs. */
    public synchronized boolean isRunning() {
        return thread != null && thread.isAlive();
    }

    /** Looks for rows at once: for use after a commit. */
    public void nudge() {
        nudges.release();
    }

    /**
     * Claims and sends rows that are due, 100 at most; for applications that call it by a scheduler of their own, and for tests.
     *
     * @return how many rows were claimed; with 100 there may be more
     * @throws SQLException when the database fails. Rows that were claimed are sent again after 5 minutes
     */
    public int runOnce() throws SQLException {
        return round.run();
    }

    /** What the outbox holds. */
    public Backlog backlog() throws SQLException {
        return table.backlog(clock.instant());
    }

    /** Rows that Longshore has refused, the earliest refusal first. */
    public List<RefusedRow> refused(int limit) throws SQLException {
        return table.refused(limit);
    }

    /** Sends a refused row again; false when there is no such one. */
    public boolean release(String id) throws SQLException {
        return table.release(id, clock.instant());
    }

    /** Deletes a refused row; false when there is no such one. */
    public boolean discard(String id) throws SQLException {
        return table.discard(id);
    }

    private void loop() {
        Duration pause = poll;
        while (!closed) {
            try {
                int rows = round.run();
                pause = rows == RelayRound.BATCH ? Duration.ZERO : poll;
            } catch (SQLException | LongshoreException | IllegalArgumentException e) {
                pause = longer(pause);
                LOG.log(Level.WARNING, "The outbox could not be read or written; next try in " + pause, e);
            }
            waitFor(pause);
        }
    }

    private Duration longer(Duration pause) {
        Duration doubled = pause.compareTo(poll) < 0 ? poll : pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    private void waitFor(Duration pause) {
        try {
            if (nudges.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                nudges.drainPermits();
            }
        } catch (InterruptedException e) {
            closed = true;
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the thread after the batch that it sends, within 30 s. What is left is sent by the next relay. */
    @Override
    public synchronized void close() {
        Thread ending = thread;
        if (ending == null) {
            return;
        }
        thread = null;
        closed = true;
        nudge();
        try {
            // a round ends by itself; one that hangs is interrupted
            ending.join(LONGEST_PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ending.interrupt();
    }
}

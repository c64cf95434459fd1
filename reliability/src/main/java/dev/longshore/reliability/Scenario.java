package dev.longshore.reliability;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What one simulated history is made of. Shares are per thousand calls, or messages.
 *
 * @param requests how many requests clients make
 * @param workers how many workers poll the queue
 * @param refused calls that fail before they take effect
 * @param unanswered calls that take effect and whose caller hears of a failure
 * @param frozen calls at which the caller stands still, for a second to five minutes
 * @param crashed calls that are their sandbox's last
 * @param doubled messages that come twice
 * @param late deliveries that wait for up to three minutes between receipt and worker
 * @param outages how often an engine answers nobody for up to two minutes
 * @param skew how far a sandbox's clock may be off, either way
 * @param dispatchers how many dispatchers tick each minute
 * @param operator how often somebody cancels a job, sends a dead one back or all of them, mends or purges
 * @param schedules how many schedules clients put; with two, the code declares one more
 * @param losses how often up to three messages are lost
 */
record Scenario(
        long seed,
        int requests,
        int workers,
        int refused,
        int unanswered,
        int frozen,
        int crashed,
        int doubled,
        int late,
        int outages,
        Duration skew,
        int dispatchers,
        int operator,
        int schedules,
        int losses) {

    /** The scenario of a seed: mild ones, wild ones, and all between. */
    static Scenario of(long seed) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        boolean calmClocks = random.nextInt(4) == 0;
        return new Scenario(
                seed,
                3 + random.nextInt(10),
                1 + random.nextInt(3),
                share(random, 60),
                share(random, 60),
                calmClocks ? 0 : share(random, 20),
                share(random, 12),
                share(random, 400),
                calmClocks ? 0 : share(random, 100),
                random.nextInt(4),
                calmClocks ? Duration.ofMillis(2_500) : Duration.ofSeconds(random.nextInt(240)),
                1 + random.nextInt(2),
                random.nextInt(8),
                Math.max(0, random.nextInt(5) - 2),
                Math.max(0, random.nextInt(6) - 3));
    }

    /** A third of all scenarios goes without a kind of fault. */
    private static int share(Random random, int most) {
        return random.nextInt(3) == 0 ? 0 : random.nextInt(most + 1);
    }

    /** Whether two handlers of one job may run at once. */
    boolean handlersMayOverlap() {
        return frozen > 0 || late > 0 || skew.compareTo(Duration.ofMillis(2_500)) > 0;
    }

    /**
     * Whether a message can end while its job still needs it: the queue loses it, or two workers hold it at once and one deletes it
     * for what the other has not done yet.
     */
    boolean mayNeedTheAudit() {
        return losses > 0 || doubled > 0 || frozen > 0 || late > 0;
    }

    /** What a scenario can have less of. */
    private enum Dial {
        REQUESTS,
        WORKERS,
        REFUSED,
        UNANSWERED,
        FROZEN,
        CRASHED,
        DOUBLED,
        LATE,
        OUTAGES,
        SKEW,
        DISPATCHERS,
        OPERATOR,
        SCHEDULES,
        LOSSES
    }

    /** Each the same with one thing less; what a failure is shrunk by. */
    Stream<Scenario> simpler() {
        return Stream.of(
                        with(Dial.REQUESTS, requests / 2),
                        with(Dial.REQUESTS, requests - 1),
                        with(Dial.WORKERS, 1),
                        with(Dial.REFUSED, 0),
                        with(Dial.UNANSWERED, 0),
                        with(Dial.FROZEN, 0),
                        with(Dial.CRASHED, 0),
                        with(Dial.DOUBLED, 0),
                        with(Dial.LATE, 0),
                        with(Dial.OUTAGES, 0),
                        with(Dial.SKEW, 0),
                        with(Dial.OPERATOR, 0),
                        with(Dial.SCHEDULES, schedules / 2),
                        with(Dial.LOSSES, 0),
                        with(Dial.DISPATCHERS, 1))
                .filter(scenario -> scenario.requests() > 0 && !scenario.equals(this));
    }

    private Scenario with(Dial dial, int value) {
        return new Scenario(
                seed,
                dial == Dial.REQUESTS ? value : requests,
                dial == Dial.WORKERS ? value : workers,
                dial == Dial.REFUSED ? value : refused,
                dial == Dial.UNANSWERED ? value : unanswered,
                dial == Dial.FROZEN ? value : frozen,
                dial == Dial.CRASHED ? value : crashed,
                dial == Dial.DOUBLED ? value : doubled,
                dial == Dial.LATE ? value : late,
                dial == Dial.OUTAGES ? value : outages,
                dial == Dial.SKEW ? Duration.ofMillis(value) : skew,
                dial == Dial.DISPATCHERS ? value : dispatchers,
                dial == Dial.OPERATOR ? value : operator,
                dial == Dial.SCHEDULES ? value : schedules,
                dial == Dial.LOSSES ? value : losses);
    }

    /** The faults that are on. */
    List<String> faults() {
        return Stream.of(
                        refused > 0 ? "refused calls" : "",
                        unanswered > 0 ? "lost answers" : "",
                        frozen > 0 ? "frozen callers" : "",
                        crashed > 0 ? "crashes" : "",
                        doubled > 0 ? "doubled deliveries" : "",
                        late > 0 ? "late deliveries" : "",
                        outages > 0 ? "outages" : "",
                        losses > 0 ? "lost messages" : "",
                        skew.isZero() ? "" : "clocks off by " + skew,
                        dispatchers > 1 ? "doubled dispatchers" : "")
                .filter(fault -> !fault.isEmpty())
                .toList();
    }
}

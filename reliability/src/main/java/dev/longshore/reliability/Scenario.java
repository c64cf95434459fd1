package dev.longshore.reliability;

import static dev.longshore.reliability.Scenario.Dial.BODIES;
import static dev.longshore.reliability.Scenario.Dial.CRASHED;
import static dev.longshore.reliability.Scenario.Dial.DENIED;
import static dev.longshore.reliability.Scenario.Dial.DISPATCHERS;
import static dev.longshore.reliability.Scenario.Dial.DOUBLED;
import static dev.longshore.reliability.Scenario.Dial.FROZEN;
import static dev.longshore.reliability.Scenario.Dial.LATE;
import static dev.longshore.reliability.Scenario.Dial.LEAVING;
import static dev.longshore.reliability.Scenario.Dial.LIMITS;
import static dev.longshore.reliability.Scenario.Dial.LOSSES;
import static dev.longshore.reliability.Scenario.Dial.OPERATOR;
import static dev.longshore.reliability.Scenario.Dial.OUTAGES;
import static dev.longshore.reliability.Scenario.Dial.POOLS;
import static dev.longshore.reliability.Scenario.Dial.QUEUE_PURGES;
import static dev.longshore.reliability.Scenario.Dial.REFUSED;
import static dev.longshore.reliability.Scenario.Dial.REPEATED;
import static dev.longshore.reliability.Scenario.Dial.REQUESTS;
import static dev.longshore.reliability.Scenario.Dial.SCHEDULES;
import static dev.longshore.reliability.Scenario.Dial.SCHEDULE_CHANGES;
import static dev.longshore.reliability.Scenario.Dial.SKEW;
import static dev.longshore.reliability.Scenario.Dial.UNANSWERED;
import static dev.longshore.reliability.Scenario.Dial.UNIQUE;
import static dev.longshore.reliability.Scenario.Dial.WORKERS;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/** What one simulated history is made of. */
record Scenario(long seed, Map<Dial, Integer> dials) {
    /** How far clocks may differ within the lifecycle's allowance, in milliseconds. */
    private static final int CALM_MILLIS = 2_500;

    /** What a scenario can have more or less of. Rates are per 1,000 calls or messages. */
    enum Dial {
        /** How many requests clients make. */
        REQUESTS(1, ""),
        /** How many workers poll each pool's queue. */
        WORKERS(1, ""),
        /** Calls that fail before they take effect. */
        REFUSED(0, "refused calls"),
        /** How often one kind of call is denied to all callers for up to three minutes. */
        DENIED(0, "denied calls"),
        /** Calls that take effect and whose caller gets an exception. */
        UNANSWERED(0, "lost answers"),
        /** Calls to stores that take effect, whose answer is lost, and that the SDK makes again. */
        REPEATED(0, "repeated calls"),
        /** Calls at which the caller freezes, for a second to five minutes. */
        FROZEN(0, "frozen callers"),
        /** Calls that are their sandbox's last. */
        CRASHED(0, "crashes"),
        /** Messages that come twice. */
        DOUBLED(0, "doubled deliveries"),
        /** Deliveries that wait for up to three minutes between receipt and worker. */
        LATE(0, "late deliveries"),
        /** How often the calls of an engine fail for up to two minutes. */
        OUTAGES(0, "outages"),
        /** How far a sandbox's clock may be off in either direction, in milliseconds. */
        SKEW(0, "clocks that are off"),
        /** How many dispatchers tick each minute. */
        DISPATCHERS(1, ""),
        /** How often an operator cancels a job, redrives a dead one or all of them, replaces a payload, or purges. */
        OPERATOR(0, ""),
        /** How many schedules clients put; with two, the code declares one more. */
        SCHEDULES(0, ""),
        /** How often each schedule that a client put is replaced, paused or deleted; only where clocks agree. */
        SCHEDULE_CHANGES(0, ""),
        /** How often up to three messages are lost. */
        LOSSES(0, "lost messages"),
        /** How often all messages of a pool are lost, also those that workers hold. */
        QUEUE_PURGES(0, "purged queues"),
        /** How many pools there are. */
        POOLS(1, ""),
        /** Whether a deployment removes the last pool, with its messages and one task. */
        LEAVING(0, "a removed pool"),
        /** How many clients send bursts of jobs of tasks with limits. */
        LIMITS(0, "limits"),
        /** Where payloads and results are: 0 in their rows, 1 in items of their own, 2 in files, 3 in all of these. */
        BODIES(0, "bodies apart"),
        /** How many requests each of four clients makes whose requests have a unique key. */
        UNIQUE(0, "");

        private final int least;
        private final String fault;

        Dial(int least, String fault) {
            this.least = least;
            this.fault = fault;
        }
    }

    Scenario {
        dials = Collections.unmodifiableMap(new EnumMap<>(dials));
    }

    int get(Dial dial) {
        return Objects.requireNonNull(dials.get(dial), "a scenario has all dials");
    }

    /** The scenario of a seed: mild ones, wild ones, and all between. In a quarter nothing makes a message end too early. */
    static Scenario of(long seed) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        boolean calm = random.nextInt(4) == 0;
        Map<Dial, Integer> dials = new EnumMap<>(Dial.class);
        dials.put(REQUESTS, 3 + random.nextInt(10));
        dials.put(WORKERS, 1 + random.nextInt(3));
        dials.put(REFUSED, rate(random, 60));
        dials.put(UNANSWERED, rate(random, 60));
        dials.put(FROZEN, calm ? 0 : rate(random, 20));
        dials.put(CRASHED, rate(random, 12));
        dials.put(DOUBLED, rate(random, 400));
        dials.put(LATE, calm ? 0 : rate(random, 100));
        dials.put(OUTAGES, random.nextInt(4));
        boolean clocksAgree = calm || random.nextInt(3) == 0;
        dials.put(SKEW, clocksAgree ? CALM_MILLIS : random.nextInt(240) * 1_000);
        dials.put(DISPATCHERS, 1 + random.nextInt(2));
        dials.put(OPERATOR, random.nextInt(8));
        dials.put(SCHEDULES, Math.max(0, random.nextInt(5) - 2));
        dials.put(SCHEDULE_CHANGES, clocksAgree ? random.nextInt(5) : 0);
        dials.put(LOSSES, Math.max(0, random.nextInt(6) - 3));
        dials.put(DENIED, random.nextInt(4));
        dials.put(REPEATED, rate(random, 80));
        dials.put(QUEUE_PURGES, calm ? 0 : Math.max(0, random.nextInt(5) - 3));
        int pools = 1 + random.nextInt(3);
        dials.put(POOLS, pools);
        dials.put(LEAVING, calm || pools == 1 ? 0 : random.nextInt(2));
        dials.put(BODIES, random.nextInt(4));
        Random unique = new Random(seed * 0xC2B2AE3D27D4EB4FL); // its own, so that the other dials stay what they were
        dials.put(UNIQUE, unique.nextInt(3) == 0 ? 2 + unique.nextInt(8) : 0);
        dials.put(LIMITS, Math.max(0, random.nextInt(5) - 2));
        return new Scenario(seed, dials);
    }

    /** A third of all scenarios goes without a kind of fault. */
    private static int rate(Random random, int most) {
        return random.nextInt(3) == 0 ? 0 : random.nextInt(most + 1);
    }

    Duration skew() {
        return Duration.ofMillis(get(SKEW));
    }

    /** Whether two handlers of one job may run at once. */
    boolean handlersMayOverlap() {
        return get(FROZEN) > 0 || get(LATE) > 0 || !clocksAgree();
    }

    /** Whether clocks differ by no more than the lifecycle allows for. */
    boolean clocksAgree() {
        return get(SKEW) <= CALM_MILLIS;
    }

    /** Whether messages are lost, with which a job that has taken a slot would have come again. */
    boolean losesMessages() {
        return Stream.of(LOSSES, QUEUE_PURGES, LEAVING).anyMatch(dial -> get(dial) > 0);
    }

    /**
     * Whether a message can end while its job still needs it: the queue loses it, or two workers hold it at once and one deletes it
     * for what the other has not done yet.
     */
    boolean mayNeedTheAudit() {
        return Stream.of(LOSSES, QUEUE_PURGES, LEAVING, DOUBLED, FROZEN, LATE).anyMatch(dial -> get(dial) > 0);
    }

    /** Each the same with one thing less; what a failure is shrunk by. */
    Stream<Scenario> simpler() {
        return Stream.concat(
                        Stream.of(
                                with(REQUESTS, get(REQUESTS) / 2),
                                with(REQUESTS, get(REQUESTS) - 1),
                                with(SCHEDULES, get(SCHEDULES) / 2)),
                        Stream.of(Dial.values())
                                .filter(dial -> dial != REQUESTS)
                                .map(dial -> with(dial, dial.least)))
                .filter(scenario -> scenario.get(REQUESTS) > 0 && !scenario.equals(this));
    }

    private Scenario with(Dial dial, int value) {
        Map<Dial, Integer> changed = new EnumMap<>(dials);
        changed.put(dial, value);
        if (dial == POOLS) {
            changed.put(LEAVING, 0);
        }
        return new Scenario(seed, changed);
    }

    /** The faults that are on. */
    List<String> faults() {
        return Stream.of(Dial.values())
                .filter(dial -> !dial.fault.isEmpty() && get(dial) > dial.least)
                .map(dial -> dial.fault)
                .toList();
    }
}

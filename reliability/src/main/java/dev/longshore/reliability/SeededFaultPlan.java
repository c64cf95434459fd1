package dev.longshore.reliability;

import static dev.longshore.reliability.Scenario.Dial.CRASHED;
import static dev.longshore.reliability.Scenario.Dial.FROZEN;
import static dev.longshore.reliability.Scenario.Dial.REFUSED;
import static dev.longshore.reliability.Scenario.Dial.REPEATED;
import static dev.longshore.reliability.Scenario.Dial.UNANSWERED;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Faults drawn from a seed, until {@link #clear()}. */
final class SeededFaultPlan implements FaultPlan {
    private static final Set<String> CALLS_OF_THE_QUEUE =
            Set.of("send", "sendAll", "depth", "hide", "sendToDeadLetters", "hideDeadLetter");

    private static final int LONGEST_REPEAT_MILLIS = 1_500;

    private final Scenario scenario;
    private final Random random;
    private boolean clear;
    private Instant queueIsBack = Instant.MIN;
    private Instant storeIsBack = Instant.MIN;
    private final Set<String> seen = new TreeSet<>();
    private String denied = "";
    private Instant deniedUntil = Instant.MIN;

    SeededFaultPlan(Scenario scenario) {
        this.scenario = scenario;
        this.random = new Random(scenario.seed() ^ 0x5DEECE66DL);
    }

    /** From now on nothing fails. Clocks stay as they are. */
    void clear() {
        clear = true;
    }

    /** Fails all calls of one engine, or of both, for a while. */
    void breakDown(Instant now) {
        Instant back = now.plusSeconds(1 + random.nextInt(120));
        int which = random.nextInt(3);
        queueIsBack = which == 0 ? queueIsBack : back;
        storeIsBack = which == 1 ? storeIsBack : back;
    }

    /** Denies one kind of call, of those made so far, to all callers for a while, as a wrong policy does. */
    void deny(Instant now) {
        if (!seen.isEmpty()) {
            denied = List.copyOf(seen).get(random.nextInt(seen.size()));
            deniedUntil = now.plusSeconds(1 + random.nextInt(180));
        }
    }

    @Override
    public Fault before(Sandbox caller, String call) {
        if (clear) {
            return Fault.FINE;
        }
        seen.add(call);
        return isDown(caller, call) ? Fault.FAILED : draw(scenario.get(REFUSED));
    }

    @Override
    public Fault after(Sandbox caller, String call) {
        if (clear) {
            return Fault.FINE;
        }
        return !CALLS_OF_THE_QUEUE.contains(call) && happens(REPEATED)
                ? new Fault.Repeated(Duration.ofMillis(1 + random.nextInt(LONGEST_REPEAT_MILLIS)))
                : draw(scenario.get(UNANSWERED));
    }

    @Override
    public boolean failsUnderALock(Sandbox caller, String call) {
        return !clear && (isDown(caller, call) || happens(REFUSED));
    }

    private boolean isDown(Sandbox caller, String call) {
        Instant now = caller.truth();
        return now.isBefore(backAt(call)) || (call.equals(denied) && now.isBefore(deniedUntil));
    }

    private boolean happens(Scenario.Dial dial) {
        return random.nextInt(1_000) < scenario.get(dial);
    }

    private Instant backAt(String call) {
        return CALLS_OF_THE_QUEUE.contains(call) ? queueIsBack : storeIsBack;
    }

    private Fault draw(int failed) {
        int drawn = random.nextInt(1_000);
        if (drawn < failed) {
            return Fault.FAILED;
        }
        if (drawn < failed + scenario.get(FROZEN)) {
            return new Fault.Frozen(freeze());
        }
        return drawn < failed + scenario.get(FROZEN) + scenario.get(CRASHED) ? Fault.CRASHED : Fault.FINE;
    }

    /** A pause of the garbage collector, or of a whole sandbox beyond its lease. */
    private Duration freeze() {
        return random.nextBoolean()
                ? Duration.ofMillis(1 + random.nextInt(10_000))
                : Duration.ofSeconds(1 + random.nextInt(300));
    }

    @Override
    public boolean takesOnlySome() {
        return !clear && happens(REFUSED);
    }

    @Override
    public boolean indexLags() {
        return !clear && random.nextInt(10) == 0;
    }
}

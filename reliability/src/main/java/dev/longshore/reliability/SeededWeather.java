package dev.longshore.reliability;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.Set;

/** Faults drawn from a seed, until the weather clears. */
final class SeededWeather implements Fate.Weather {
    private static final Set<String> CALLS_OF_THE_QUEUE =
            Set.of("send", "sendAll", "depth", "hide", "sendToDeadLetters", "hideDeadLetter");

    private final Scenario scenario;
    private final Random random;
    private boolean clear;
    private Instant queueIsBack = Instant.MIN;
    private Instant storeIsBack = Instant.MIN;

    SeededWeather(Scenario scenario) {
        this.scenario = scenario;
        this.random = new Random(scenario.seed() ^ 0x5DEECE66DL);
    }

    /** From now on nothing fails. Clocks stay as they are. */
    void clear() {
        clear = true;
    }

    /** From now on one engine, or both, answer nobody for a while. */
    void breakDown(Instant now) {
        Instant back = now.plusSeconds(1 + random.nextInt(120));
        int which = random.nextInt(3);
        queueIsBack = which == 0 ? queueIsBack : back;
        storeIsBack = which == 1 ? storeIsBack : back;
    }

    @Override
    public Fate before(Sandbox caller, String call) {
        if (clear) {
            return Fate.FINE;
        }
        return caller.truth().isBefore(backAt(call)) ? Fate.FAILED : draw(scenario.refused());
    }

    @Override
    public Fate after(Sandbox caller, String call) {
        return clear ? Fate.FINE : draw(scenario.unanswered());
    }

    @Override
    public boolean failsUnderALock(Sandbox caller, String call) {
        return !clear && (caller.truth().isBefore(backAt(call)) || random.nextInt(1_000) < scenario.refused());
    }

    private Instant backAt(String call) {
        return CALLS_OF_THE_QUEUE.contains(call) ? queueIsBack : storeIsBack;
    }

    private Fate draw(int failed) {
        int drawn = random.nextInt(1_000);
        if (drawn < failed) {
            return Fate.FAILED;
        }
        if (drawn < failed + scenario.frozen()) {
            return new Fate.Frozen(freeze());
        }
        return drawn < failed + scenario.frozen() + scenario.crashed() ? Fate.CRASHED : Fate.FINE;
    }

    /** A pause of the garbage collector, or of a whole sandbox beyond its lease. */
    private Duration freeze() {
        return random.nextBoolean()
                ? Duration.ofMillis(1 + random.nextInt(10_000))
                : Duration.ofSeconds(1 + random.nextInt(300));
    }

    @Override
    public boolean takesOnlySome() {
        return !clear && random.nextInt(1_000) < scenario.refused();
    }

    @Override
    public boolean indexLags() {
        return !clear && random.nextInt(10) == 0;
    }
}

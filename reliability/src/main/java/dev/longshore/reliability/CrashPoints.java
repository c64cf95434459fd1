package dev.longshore.reliability;

import dev.longshore.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a flow once to count the calls that its sandbox makes to engines, and then again for each of them with a crash
 * right before it and right after it. After each crash, what runs anyway (redelivery, the dispatcher's ticks, the
 * dead-letter function, time) must bring every acknowledged job to its one right end; without the audit, unless a message
 * was lost or no client got an answer.
 */
final class CrashPoints {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(3);

    /** Before the audit first counts the hour in which flows begin. */
    private static final Duration BEFORE_THE_AUDIT = Duration.ofMinutes(70);

    private final Checker checker;

    CrashPoints(Checker checker) {
        this.checker = checker;
    }

    /**
     * The outcome of a flow.
     *
     * @param points at how many points it crashed
     * @param broken what is wrong after the first crash without recovery
     */
    record Result(Flow flow, int points, List<String> broken) {}

    Result attack(Flow flow) {
        Plan counting = new Plan(Integer.MAX_VALUE, false);
        List<String> broken = new ArrayList<>(run(flow, counting));
        int points = 0;
        for (int call = 1; call <= counting.calls() && broken.isEmpty(); call++) {
            for (boolean after : List.of(false, true)) {
                points++;
                broken.addAll(run(flow, new Plan(call, after)));
            }
        }
        return new Result(flow, points, broken);
    }

    /** Crashes its sandbox at one call. Calls of other sandboxes never fail. */
    private static final class Plan implements FaultPlan {
        private final int crashAt;
        private final boolean after;
        private int calls;
        private String crashedAt = "no call";

        Plan(int crashAt, boolean after) {
            this.crashAt = crashAt;
            this.after = after;
        }

        int calls() {
            return calls;
        }

        @Override
        public Fault before(Sandbox caller, String call) {
            if (!caller.name().equals(Flow.VICTIM)) {
                return Fault.FINE;
            }
            calls++;
            return crashes(!after, call);
        }

        @Override
        public Fault after(Sandbox caller, String call) {
            return caller.name().equals(Flow.VICTIM) ? crashes(after, call) : Fault.FINE;
        }

        private Fault crashes(boolean here, String call) {
            if (here && calls == crashAt) {
                crashedAt = (after ? "after " : "before ") + call;
                return Fault.CRASHED;
            }
            return Fault.FINE;
        }
    }

    private List<String> run(Flow flow, Plan plan) {
        World world = new World(1, plan);
        Stage stage = new Stage(world);
        Instant start = world.now();
        world.scheduler.start("flow", () -> stage.play(flow));
        world.scheduler.run(start);
        Instant next = start;
        List<Job> stranded = List.of();
        while (!(stage.isOver() && world.isQuiet()) && world.now().isBefore(start.plus(LONGEST))) {
            next = next.plus(MINUTE);
            world.scheduler.run(next);
            world.memory.clock().set(next);
            if (!flow.losesMessages() && next.equals(start.plus(BEFORE_THE_AUDIT))) {
                stranded = new ArrayList<>(world.stranded());
                stranded.addAll(world.strandedInLimits());
            }
        }
        History history = world.history(false, true, List.of(), stranded);
        world.scheduler.end();
        List<String> broken = new ArrayList<>();
        checker.check(history)
                .forEach(violation -> broken.add(line(flow, plan, violation.toString(), history, violation)));
        for (String wrong : stage.wrongEnds(flow)) {
            broken.add(line(flow, plan, wrong, history, null));
        }
        return broken;
    }

    private static String line(Flow flow, Plan plan, String what, History history, @Nullable Violation violation) {
        String story = violation == null || violation.job() == null ? "" : "\n" + history.storyOf(violation.job());
        return flow.name() + ", a crash " + plan.crashedAt + " (call " + plan.calls() + "): " + what + story;
    }
}

package dev.longshore.reliability;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** All checks of this module on whatever code is loaded, the quickest first, until one complains. */
public final class Hunt {
    private static final int LONGEST_COMPLAINT = 160;

    private Hunt() {}

    /**
     * Called in a class loader of its own, hence only with types of the JDK, which are the same in every loader.
     *
     * @return which check complained and of what; nothing when none did
     */
    public static String[] run(String lifecyclePage, int histories) {
        LifecyclePage page = LifecyclePage.read(Path.of(lifecyclePage));
        Checker checker = new Checker(page);
        List<String> wrong = new LifecycleModel().compare(page);
        if (!wrong.isEmpty()) {
            return new String[] {"model", cut(wrong.getFirst())};
        }
        CrashPoints crashPoints = new CrashPoints(checker);
        for (Flow flow : Flows.brief()) {
            CrashPoints.Result result = crashPoints.attack(flow);
            if (!result.broken().isEmpty()) {
                return new String[] {"crash points", cut(result.broken().getFirst())};
            }
        }
        for (long seed = 1; seed <= histories; seed++) {
            Optional<String> broken = broken(checker, seed);
            if (broken.isPresent()) {
                return new String[] {"simulation", cut("seed " + seed + ": " + broken.get())};
            }
        }
        return new String[0];
    }

    private static Optional<String> broken(Checker checker, long seed) {
        try {
            return checker.check(Simulation.run(Scenario.of(seed))).stream()
                    .map(Violation::toString)
                    .findFirst();
        } catch (IllegalStateException e) {
            return Optional.of(String.valueOf(e.getCause() == null ? e : e.getCause()));
        }
    }

    private static String cut(String complaint) {
        String line = complaint.lines().findFirst().orElse("");
        return line.length() > LONGEST_COMPLAINT ? line.substring(0, LONGEST_COMPLAINT) + "…" : line;
    }
}

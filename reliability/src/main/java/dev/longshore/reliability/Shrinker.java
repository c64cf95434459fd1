package dev.longshore.reliability;

import java.util.List;
import java.util.Optional;

/** Removes from a scenario everything that its failure does not need. */
final class Shrinker {
    private final Checker checker;

    Shrinker(Checker checker) {
        this.checker = checker;
    }

    /** The smallest scenario found that still breaks a promise of the same kind. */
    Scenario shrink(Scenario failing, Violation.Kind kind) {
        Scenario smallest = failing;
        Optional<Scenario> smaller = Optional.of(failing);
        while (smaller.isPresent()) {
            smallest = smaller.get();
            smaller = smallest.simpler()
                    .filter(scenario -> breaks(scenario, kind))
                    .findFirst();
        }
        return smallest;
    }

    private boolean breaks(Scenario scenario, Violation.Kind kind) {
        return checker.check(Simulation.run(scenario)).stream().anyMatch(violation -> violation.kind() == kind);
    }

    /** What a developer needs to fix it: the promise, the seed, the smallest scenario, the job's events. */
    String report(Scenario failing, List<Violation> violations) {
        Violation first = violations.getFirst();
        Scenario smallest = shrink(failing, first.kind());
        History history = Simulation.run(smallest);
        Violation shown = checker.check(history).stream()
                .filter(violation -> violation.kind() == first.kind())
                .findFirst()
                .orElse(first);
        return "Seed " + failing.seed() + " breaks a promise: " + violations + "\nreplay it with"
                + " -Dreliability.seed=" + failing.seed() + " -Dreliability.histories=1\nsmallest: " + smallest
                + " with " + smallest.faults() + "\n" + shown + "\n"
                + (shown.job() == null ? "" : history.storyOf(shown.job()));
    }
}

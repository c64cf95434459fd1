package dev.longshore.reliability;

import dev.longshore.job.JobState;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Many histories, one seed after the other, and their figures. */
final class Campaign {
    private final Checker checker;
    private final Map<JobState, Long> ends = new EnumMap<>(JobState.class);
    private int histories;
    private long jobs;
    private long acknowledged;
    private long changes;
    private long crashes;
    private long starts;
    private long succeeded;
    private long effects;
    private long wrongWithoutFence;
    private long rescued;
    private long scheduled;
    private Duration simulated = Duration.ZERO;

    Campaign(Checker checker) {
        this.checker = checker;
    }

    /** Runs them until one breaks a promise; answers what it broke, shrunk. */
    Optional<String> run(long firstSeed, int many) {
        for (long seed = firstSeed; seed < firstSeed + many; seed++) {
            Scenario scenario = Scenario.of(seed);
            History history = Simulation.run(scenario);
            List<Violation> violations = checker.check(history);
            if (!violations.isEmpty()) {
                return Optional.of(new Shrinker(checker).report(scenario, violations));
            }
            count(history);
        }
        return Optional.empty();
    }

    private void count(History history) {
        histories++;
        simulated = simulated.plus(history.took());
        for (Event event : history.events()) {
            switch (event) {
                case Event.Acknowledged _ -> acknowledged++;
                case Event.Changed _ -> changes++;
                case Event.Crashed _ -> crashes++;
                case Event.Started _ -> starts++;
                default -> {}
            }
        }
        history.ledger().forEach(hour -> rescued += hour.rescued());
        Effects made = Effects.of(history);
        history.rows().values().forEach(job -> {
            jobs++;
            scheduled += job.meta().containsKey("schedule") ? 1 : 0;
            ends.merge(job.state(), 1L, Long::sum);
            if (job.state() == JobState.SUCCEEDED) {
                succeeded++;
                effects += made.made(job.id());
                Long kept = made.keptWithoutFence(job.id());
                wrongWithoutFence += kept == null || kept != job.fence() ? 1 : 0;
            }
        });
    }

    /** The effects that handlers made for each job that succeeded; with the fence exactly one of them is kept. */
    double effectsPerJobWithoutFence() {
        return succeeded == 0 ? 0 : (double) effects / succeeded;
    }

    String figures() {
        return """
                %,d histories of %,d simulated hours: %,d jobs (%,d acknowledgements), %,d changes, %,d handler starts, \
                %,d crashes; no promise broken
                ends: %s; %,d jobs of schedules; the audit found and rescued %,d
                effects per job that succeeded: 1.000 with the fence, %.3f without; \
                jobs whose last effect was a loser's without the fence: %,d""".formatted(
                        histories,
                        simulated.toHours(),
                        jobs,
                        acknowledged,
                        changes,
                        starts,
                        crashes,
                        ends,
                        scheduled,
                        rescued,
                        effectsPerJobWithoutFence(),
                        wrongWithoutFence);
    }
}

package dev.longshore.testkit;

import dev.longshore.job.JobState;
import dev.longshore.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The runs of {@link LongshoreTest#crashEverywhere}, and what they are compared by. */
final class CrashEverywhere {
    private static final int MOST_REPORTED = 10;
    private static final int MORE_ATTEMPTS = 10;
    private static final int MOST_ATTEMPTS = 100;

    private final LongshoreTest test;
    private final Deployment deployment;
    private final String task;
    private final Object payload;
    private final UnaryOperator<EnqueueOptions> options;
    private final Supplier<?> takeEffects;

    /**
     * One run.
     *
     * @param stuck why the job has not ended; null when it has
     * @param enqueued how many jobs of each task its handler enqueued
     * @param history of the job
     */
    private record Run(
            JobState end,
            @Nullable String stuck,
            @Nullable Object effects,
            Map<String, Integer> enqueued,
            String history,
            CrashPlan plan) {}

    CrashEverywhere(
            LongshoreTest test,
            Deployment deployment,
            String task,
            Object payload,
            UnaryOperator<EnqueueOptions> options,
            Supplier<?> takeEffects) {
        this.test = test;
        this.deployment = deployment;
        this.task = task;
        this.payload = payload;
        this.options = options;
        this.takeEffects = takeEffects;
    }

    void run() {
        var _ = takeEffects.get(); // what came before is no effect of this job
        Run without = run(CrashPlan.none());
        requireEnded(without);
        requireRepeatable(without, run(CrashPlan.none()));
        List<String> calls = without.plan().calls();
        List<String> failures = new ArrayList<>();
        for (int call = 0; call < calls.size(); call++) {
            for (boolean afterwards : new boolean[] {false, true}) {
                String place = (afterwards ? "after " : "before ") + calls.get(call);
                compare(place, without, run(CrashPlan.at(call, afterwards)), failures);
            }
        }
        deployment.reset();
        if (!failures.isEmpty()) {
            throw new AssertionError(report(failures, 2 * calls.size()));
        }
    }

    private Run run(CrashPlan plan) {
        deployment.reset(plan);
        TestJob job = test.enqueue(task, payload, each -> options.apply(each).maxAttempts(attempts()));
        plan.of(job.jobId());
        String stuck = null;
        try {
            test.runToEnd();
        } catch (AssertionError e) {
            stuck = e.getMessage();
        }
        return new Run(
                job.state(), stuck, takeEffects.get(), deployment.rows().enqueuedBy(job.jobId()), job.history(), plan);
    }

    private int attempts() {
        int usual = deployment
                .tasks()
                .find(task)
                .map(Task::retry)
                .map(policy -> policy.maxAttempts())
                .orElse(1);
        return Math.min(MOST_ATTEMPTS, usual + MORE_ATTEMPTS);
    }

    private void requireEnded(Run without) {
        if (without.stuck() != null) {
            throw new AssertionError(
                    "The job does not end without any crash, so a crash cannot be judged\n" + without.stuck());
        }
        if (without.end() != JobState.SUCCEEDED) {
            throw new AssertionError("The job is " + without.end()
                    + " without any crash, so a crash cannot be judged; give crashEverywhere a payload that succeeds\n"
                    + without.history());
        }
    }

    private static void requireRepeatable(Run first, Run second) {
        if (!Objects.equals(first.effects(), second.effects())
                || !first.enqueued().equals(second.enqueued())) {
            throw new AssertionError("Two runs without a crash differ, so a crash cannot be judged"
                    + "\n  first:  " + first.effects() + ", enqueued " + first.enqueued()
                    + "\n  second: " + second.effects() + ", enqueued " + second.enqueued()
                    + "\n"
                    + "Let the supplier of the effects return what came since its last call and remove it;"
                    + " leave out what is random");
        }
    }

    private static void compare(String place, Run without, Run with, List<String> failures) {
        if (!with.plan().hasCrashed()) {
            failures.add("a crash " + place + " was not possible: the handler did not make this call again");
        } else if (with.stuck() != null) {
            failures.add("with a crash " + place + " the work does not end\n" + with.stuck());
        } else if (with.end() != without.end()) {
            failures.add("with a crash " + place + " the job is " + with.end() + ", not " + without.end() + "\n"
                    + with.history());
        } else if (!Objects.equals(with.effects(), without.effects())) {
            failures.add("with a crash " + place + " its effects are others\n    without: " + without.effects()
                    + "\n    with:    " + with.effects());
        } else if (!with.enqueued().equals(without.enqueued())) {
            failures.add("with a crash " + place + " it enqueued other jobs\n    without: " + without.enqueued()
                    + "\n    with:    " + with.enqueued());
        } else if (!with.plan().differences().isEmpty()) {
            failures.add(
                    "with a crash " + place + " " + with.plan().differences().getFirst());
        }
    }

    private String report(List<String> failures, int places) {
        StringBuilder text = new StringBuilder(
                "The task " + task + " is not idempotent: " + failures.size() + " of " + places + " crashes show");
        failures.stream()
                .limit(MOST_REPORTED)
                .forEach(failure -> text.append("\n  ").append(failure));
        if (failures.size() > MOST_REPORTED) {
            text.append("\n  and ").append(failures.size() - MOST_REPORTED).append(" more");
        }
        return text.append("\n"
                        + "Give each effect a key made of job.id() and its place in the work, so that its"
                        + " repetition is recognised")
                .toString();
    }
}

package dev.longshore.testkit;

import dev.longshore.job.JobId;
import dev.longshore.job.NewJob;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * At which of a job's calls its attempt crashes, if at any; and which calls the job made.
 *
 * <p>A place is before or after a write of the attempt: a checkpoint, an enqueue, its end. What a handler will be able to write
 * besides, such as the result of a step, is a place as well, under the name of that change.
 */
final class CrashPlan {
    private final int at;
    private final boolean afterwards;
    private final List<String> calls = new ArrayList<>();
    private final List<String> differences = new ArrayList<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private @Nullable JobId job;
    private boolean crashed;

    /** What a handler sees when its process ends; every later call of the attempt throws it again. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;

        Crash() {
            super("The test kit ended the process of this attempt; let this error through");
        }
    }

    private CrashPlan(int at, boolean afterwards) {
        this.at = at;
        this.afterwards = afterwards;
    }

    static CrashPlan none() {
        return new CrashPlan(-1, false);
    }

    /**
     * Crashes once.
     *
     * @param call the index of the call, from 0
     * @param afterwards whether the call has taken effect
     */
    static CrashPlan at(int call, boolean afterwards) {
        return new CrashPlan(call, afterwards);
    }

    /** The job that crashes, and whose calls count; no other does. */
    void of(JobId crashing) {
        job = crashing;
    }

    /** The calls of the job so far, as in "checkpoint 2" and "enqueue 1 (send-receipt)". */
    List<String> calls() {
        return List.copyOf(calls);
    }

    /** What repeated calls of {@code enqueue} did otherwise than the first time. */
    List<String> differences() {
        return List.copyOf(differences);
    }

    boolean hasCrashed() {
        return crashed;
    }

    boolean crashesAt(JobId of, String call, @Nullable String task, boolean after) {
        if (!of.equals(job)) {
            return false;
        }
        if (!after) {
            int number = counts.merge(call, 1, Integer::sum);
            calls.add(call + " " + number + (task == null ? "" : " (" + task + ")"));
        }
        if (calls.size() - 1 != at || after != afterwards) {
            return false;
        }
        crashed = true;
        return true;
    }

    void enqueuedDifferently(NewJob before, NewJob repeated) {
        differences.add("a later attempt repeated the enqueue of " + before.task() + " as another one:\n    first: "
                + before.task() + " " + before.payload().text() + "\n    then:  " + repeated.task() + " "
                + repeated.payload().text());
    }
}

package dev.longshore.reliability;

import dev.longshore.job.JobState;
import java.util.Set;

/**
 * One flow of the product that is attacked at each of its calls. A new one is a line in {@link Flows}: its preparation, what
 * its victim does, and how the jobs may end.
 *
 * @param before prepares the flow; nothing crashes in it
 * @param act what the sandbox {@value #VICTIM} does, once
 * @param ends the states in which an acknowledged job may end
 * @param losesMessages whether only the audit can recover it
 */
record Flow(String name, Part before, Part act, Set<JobState> ends, boolean losesMessages) {
    /** The sandbox that crashes. */
    static final String VICTIM = "victim";

    /** A part of a flow. */
    interface Part {
        void play(Stage stage) throws InterruptedException;
    }
}

/**
 * Runs jobs. Read in this order:
 *
 * <ol>
 *   <li>{@link dev.longshore.worker.WorkerFunction}: what a team extends; its catalogue, and the engines it runs on;
 *   <li>{@code JobBatches}: a batch of messages in, the ones to be delivered again out;
 *   <li>{@code JobWorker}: what happens to one message: it is read, its job is claimed, run, and its outcome written; while
 *       {@code PauseWatch} finds a pause, its job is held;
 *   <li>{@code Attempt}: one run of the handler on a thread of its own, with deadline and heartbeats;
 *   <li>{@code Decider}: which change of the job follows from the result;
 *   <li>{@code DecisionWriter}: that change is written, and then the message is deleted or delivered again.
 * </ol>
 *
 * <p>A message is deleted only when its job's outcome is durable. Otherwise it is received again, and a message that comes too
 * often does no harm: the claim decides.
 */
@NullMarked
package dev.longshore.worker;

import org.jspecify.annotations.NullMarked;

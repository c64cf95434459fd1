/**
 * Runs jobs. Read in this order:
 *
 * <ol>
 *   <li>{@link dev.longshore.worker.WorkerFunction}: what a team extends; its catalogue, and the engines it runs on;
 *   <li>{@code JobBatches}: a batch of messages in, the ones to be delivered again out;
 *   <li>{@code JobWorker}: the way of one message, from reading it over the claim to the verdict, unless {@code PauseWatch}
 *       knows of a pause: then the job is set aside;
 *   <li>{@code Attempt}: one run of the handler on a thread of its own, with deadline and heartbeats;
 *   <li>{@code Outcomes}: what is written when it ended, first into the row, then into the queue.
 * </ol>
 *
 * <p>A message is DONE only when its job's outcome is durable. Everything else keeps it, and a message that comes too
 * often does no harm: the claim decides.
 */
@NullMarked
package dev.longshore.worker;

import org.jspecify.annotations.NullMarked;

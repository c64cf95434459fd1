/**
 * Keeps house: what no request and no worker sees to.
 *
 * <p>{@link dev.longshore.keeper.DeadLetterFunction} drains the dead-letter queues: it rescues jobs that have attempts
 * left, says DEAD of those that have none, and keeps unreadable messages in quarantine. {@link
 * dev.longshore.keeper.DispatcherFunction} is called every minute: it sends the messages of jobs that are due ({@link
 * dev.longshore.keeper.DueJobs}) and of those that waited for the end of a pause, makes the jobs of schedules ({@link
 * dev.longshore.keeper.Schedules}), deletes the files of purged jobs, and audits the rows ({@link
 * dev.longshore.keeper.Audit}): the ledger counts them and says whether any is missing, and stuck jobs are rescued ({@link
 * dev.longshore.keeper.Rescuer}).
 *
 * <p>Both may be called twice for the same thing, and may die at any point: what they send is only a nudge, and what they
 * write are changes of {@link dev.longshore.job.Lifecycle} with a condition.
 */
@NullMarked
package dev.longshore.keeper;

import org.jspecify.annotations.NullMarked;

/**
 * Keeps house: what no request and no worker sees to.
 *
 * <p>{@link dev.longshore.keeper.DeadLetterFunction} drains the dead-letter queues: it rescues jobs that have attempts
 * left, says DEAD of those that have none, and keeps unreadable messages in quarantine. {@link
 * dev.longshore.keeper.DispatcherFunction} is called every minute, sends the messages of parked jobs and of those
 * that waited for the end of a pause, and makes the jobs of schedules.
 *
 * <p>Both may be called twice for the same thing, and may die half-way: what they send is only a nudge, and what they
 * write are changes of {@link dev.longshore.job.Lifecycle} with a condition.
 */
@NullMarked
package dev.longshore.keeper;

import org.jspecify.annotations.NullMarked;

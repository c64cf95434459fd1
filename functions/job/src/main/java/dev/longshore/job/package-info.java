/**
 * A job, its states, and what may change it.
 *
 * <p>A {@link dev.longshore.job.Job} is what its row tells. It changes only by a {@link dev.longshore.job.Change} out of
 * {@link dev.longshore.job.Lifecycle}: a named write with the condition under which it is legal. A {@link
 * dev.longshore.job.JobStore} carries it out, and answers {@code Done} with the job as it then is, {@code Refused} with
 * the job as it stands, or {@code Missing}:
 *
 * <pre>{@code
 * switch (store.apply(id, engines.lifecycle().claim(leaseUntil))) {
 *     case Done(Job job) -> run(job);
 *     case Refused(Job current) -> ...; // terminal, running elsewhere, not due yet
 *     case Missing() -> ...;
 * }
 * }</pre>
 *
 * <p>The row is the truth. A {@link dev.longshore.job.JobMessage} in a {@link dev.longshore.job.JobQueue} only says that
 * there may be something to do; it may be doubled, late, or sent again at any time.
 *
 * <p>Of three guards the promises are made. The <b>fence</b>, raised by each claim and required by each later write of
 * that claim, keeps late workers out. The <b>lease</b> says from when on a silent worker's job may be claimed again. The
 * <b>write token</b> tells one's own write whose answer was lost from somebody else's.
 */
@NullMarked
package dev.longshore.job;

import org.jspecify.annotations.NullMarked;

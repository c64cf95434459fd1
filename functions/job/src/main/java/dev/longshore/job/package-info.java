/**
 * A job, its states, and what may change it.
 *
 * <p>A {@link dev.longshore.job.Job} is what was read from its row. It changes only by a {@link dev.longshore.job.Change} of
 * {@link dev.longshore.job.Lifecycle}: a named write with the condition under which it is legal. A {@link
 * dev.longshore.job.JobStore} applies it, and returns {@code Done} with the changed job, {@code Refused} with the job as it
 * is, or {@code Missing}:
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
 * <p>Three guards keep the promises. The <b>fence</b>, raised by each claim and required by each later write of that claim,
 * refuses late workers. The <b>lease</b> says when a silent worker's job may be claimed again. By the <b>write token</b> a
 * writer whose response was lost recognises its own write.
 */
@NullMarked
package dev.longshore.job;

import org.jspecify.annotations.NullMarked;

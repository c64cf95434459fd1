/**
 * What every {@link dev.longshore.job.JobStore} and every {@link dev.longshore.job.JobQueue} has to do. A test class per
 * implementation extends the suite, so that the one in memory, on which most tests stand, cannot drift from those that
 * keep real jobs.
 */
@NullMarked
package dev.longshore.testkit.contract;

import org.jspecify.annotations.NullMarked;

/**
 * What every {@link dev.longshore.job.JobStore} and every {@link dev.longshore.job.JobQueue} has to do. A test class per
 * implementation extends the suite, so that the one in memory, which most tests use, cannot drift from those that
 * keep real jobs.
 */
@NullMarked
package dev.longshore.suites.contract;

import org.jspecify.annotations.NullMarked;

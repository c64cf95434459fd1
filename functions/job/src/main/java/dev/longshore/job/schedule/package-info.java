/** Schedules: when they fire, the jobs that they make, and where they are stored. */
@NullMarked
package dev.longshore.job.schedule;

import org.jspecify.annotations.NullMarked;

/** Limits: how many jobs run at once, of a task, of several, or of each key. */
@NullMarked
package dev.longshore.job.limit;

import org.jspecify.annotations.NullMarked;

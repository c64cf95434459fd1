/** What operators have paused: pools and tasks. */
@NullMarked
package dev.longshore.job.pause;

import org.jspecify.annotations.NullMarked;

/** The stores and queues that a function runs on, and what uses several of them: enqueueing, the release of held jobs, uploads, and the change of a schedule. */
@NullMarked
package dev.longshore.job.engines;

import org.jspecify.annotations.NullMarked;

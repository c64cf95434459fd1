/** Messages as a queue delivers them, and the response to a batch of them. */
@NullMarked
package dev.longshore.job.delivery;

import org.jspecify.annotations.NullMarked;

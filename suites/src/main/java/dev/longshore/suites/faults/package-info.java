/** Engines that fail when a test says so: before a call takes effect, or after it, when only the answer is lost. */
@NullMarked
package dev.longshore.suites.faults;

import org.jspecify.annotations.NullMarked;

/**
 * Every engine in memory under a clock that is set by hand, and Lambda's part of running a function. It is the inside of the
 * test kit ({@code longshore-testkit}) and of Longshore's own tests: no API, and it changes without notice. Teams test their handlers
 * with {@code dev.longshore.testkit}.
 */
@NullMarked
package dev.longshore.memory;

import org.jspecify.annotations.NullMarked;

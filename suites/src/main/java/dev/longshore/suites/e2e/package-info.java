/**
 * One end-to-end suite for every runtime: {@link dev.longshore.suites.e2e.EndToEndSuite} needs a URL and a key, and
 * speaks HTTP only.
 */
@NullMarked
package dev.longshore.suites.e2e;

import org.jspecify.annotations.NullMarked;

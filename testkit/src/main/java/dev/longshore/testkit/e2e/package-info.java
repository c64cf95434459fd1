/**
 * One end-to-end suite for every runtime: {@link dev.longshore.testkit.e2e.EndToEndSuite} needs a URL and a key, and
 * speaks HTTP only.
 */
@NullMarked
package dev.longshore.testkit.e2e;

import org.jspecify.annotations.NullMarked;

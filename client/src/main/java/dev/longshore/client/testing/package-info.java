/** For tests of code that enqueues jobs: {@link dev.longshore.client.testing.FakeLongshore} in place of a deployed Longshore. */
@NullMarked
package dev.longshore.client.testing;

import org.jspecify.annotations.NullMarked;

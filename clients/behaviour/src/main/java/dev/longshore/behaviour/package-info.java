/**
 * A local runtime behind a proxy that injects faults. Every client of Longshore runs the table {@code clients/behaviour.json}
 * against it, so that all of them do the same when an answer is lost, late, broken or refused.
 *
 * <p>{@link dev.longshore.behaviour.FaultyRuntime} starts both. {@code FaultyFront} is the proxy; a {@code Run} is one row's
 * plan of faults and what the front received of it.
 */
@NullMarked
package dev.longshore.behaviour;

import org.jspecify.annotations.NullMarked;

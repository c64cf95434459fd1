/**
 * For tests of handlers and of functions: every engine in memory under a clock that is set by hand.
 *
 * <pre>{@code
 * InMemoryEngines memory = InMemoryEngines.create();
 * LambdaRunner worker = new LambdaRunner(new VideoWorker().on(memory.engines()), memory.clock(), Duration.ofMinutes(15));
 * // ... enqueue ...
 * worker.workAll(memory.queue(), "default");
 * memory.clock().advance(Duration.ofHours(1));
 * }</pre>
 *
 * <p>{@link dev.longshore.testkit.FaultyRowStore} and {@link dev.longshore.testkit.FaultyJobQueue} fail on purpose: before
 * a call takes effect, or after it, when only the answer is lost.
 */
@NullMarked
package dev.longshore.testkit;

import org.jspecify.annotations.NullMarked;

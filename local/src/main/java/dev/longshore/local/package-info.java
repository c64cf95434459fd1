/**
 * Longshore on a laptop: one JVM, real engines, the same functions.
 *
 * <p>{@link dev.longshore.local.LocalRuntime} starts ElasticMQ and DynamoDB Local, and around the functions what AWS
 * would do: {@code HttpFront} is API Gateway, {@code Poller} is the event source mapping, {@code Ticker} is EventBridge.
 * {@link dev.longshore.local.DevRuntime} runs the worker in a process of its own, and replaces it when its classes change.
 * {@link dev.longshore.local.Main} starts either for the worker that its arguments name. What neither copies from AWS is listed in
 * {@code docs/runtimes.md}.
 */
@NullMarked
package dev.longshore.local;

import org.jspecify.annotations.NullMarked;

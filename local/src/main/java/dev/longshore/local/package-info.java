/**
 * Longshore on a laptop: one JVM, real engines, the same functions.
 *
 * <p>{@link dev.longshore.local.LocalRuntime} starts ElasticMQ and DynamoDB Local, and around the functions what AWS
 * would do: {@code HttpFront} is API Gateway, {@code Poller} is the event source mapping, {@code Ticker} is EventBridge.
 * What it does not copy from AWS is listed in {@code docs/runtimes.md}.
 */
@NullMarked
package dev.longshore.local;

import org.jspecify.annotations.NullMarked;

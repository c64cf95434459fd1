/**
 * Java client of Longshore's HTTP API, for Java 17 and newer.
 *
 * <pre>{@code
 * try (Longshore longshore = Longshore.fromEnvironment()) {
 *     Job job = longshore.enqueue("process-video", new Video("s3://films/1.mp4"));
 *     Receipt receipt = longshore.await(job.id(), Duration.ofMinutes(5)).result(Receipt.class);
 * }
 * }</pre>
 *
 * <p>{@link dev.longshore.client.Longshore} has the calls about jobs, and a group for each of schedules, queues, tasks, dead jobs,
 * keys, quarantine and ledger. Calls that fail are repeated where that makes nothing twice, and end with a
 * {@link dev.longshore.client.LongshoreException}. Tests use {@link dev.longshore.client.testing.FakeLongshore}.
 */
@NullMarked
package dev.longshore.client;

import org.jspecify.annotations.NullMarked;

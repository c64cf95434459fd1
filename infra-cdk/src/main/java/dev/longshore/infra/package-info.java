/**
 * Longshore as a CDK construct: {@link dev.longshore.infra.Longshore} with its {@link dev.longshore.infra.WorkerPool}s.
 *
 * <pre>{@code
 * new Longshore(stack, "Jobs", LongshoreProps.of(tasks, Path.of("target/worker.jar"), "com.example.VideoWorker"));
 * }</pre>
 *
 * <p>Every number follows from the task catalogue, {@link dev.longshore.infra.PoolSettings}; what contradicts it stops the
 * synthesis. A deployment reads in this order: the table and the bucket ({@code Storage}), each pool's queues ({@code
 * PoolQueues}), the functions ({@code Functions}), the front door ({@code FrontDoors}), alarms and dashboard ({@code
 * Watch}).
 */
@NullMarked
package dev.longshore.infra;

import org.jspecify.annotations.NullMarked;

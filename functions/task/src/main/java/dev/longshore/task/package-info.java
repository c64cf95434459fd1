/**
 * What a team writes: tasks.
 *
 * <p>A <b>task</b> is a named kind of work. It has a {@link dev.longshore.task.TaskHandler handler}, a payload type (a
 * record) and a policy: how long an attempt may take, how often and after what wait a failure is tried again, which pool
 * of workers runs it. All tasks are in one {@link dev.longshore.task.TaskCatalog catalogue}:
 *
 * <pre>{@code
 * record Greeting(String name) {}
 *
 * tasks.add("greet", Greeting.class, (greeting, job) -> {
 *     job.logger().info("attempt {}", job.attempt());
 *     return "Hello " + greeting.name();
 * }).timeout(Duration.ofSeconds(5)).retry(RetryPolicy.exponential().maxAttempts(3));
 * }</pre>
 *
 * <p>A payload has to have every component of the record, but for those that are {@code Optional}, {@code @Nullable} or have
 * a default ({@link dev.longshore.task.PayloadType}); the API refuses others before they are jobs.
 *
 * <p>A handler that needs a database, a client or files gets them by a supplier, which only a worker calls, at the task's
 * first job: {@code tasks.add("ship", Order.class, () -> new ShipOrder(openDatabase()))}.
 *
 * <p>A <b>job</b> is one enqueued run of a task; an <b>attempt</b> is one start of its handler. What the handler may know
 * and request is its {@link dev.longshore.task.JobContext}: id, attempt and fence, progress, checkpoints, cancellation,
 * further jobs. It ends by returning (SUCCEEDED), by throwing (another attempt, or DEAD), or by throwing a {@link
 * dev.longshore.task.JobSignal} that it had the context make: {@code throw job.retryIn(...)}, {@code throw
 * job.discard(...)}, {@code throw job.snooze(...)}, {@code throw job.continueWith(...)}.
 *
 * <p>Nothing here knows AWS: handlers are plain Java and run the same in Lambda, on a laptop and in a test.
 */
@NullMarked
package dev.longshore.task;

import org.jspecify.annotations.NullMarked;

/**
 * Example tasks that do real work on real files: read them to learn how a task is written, run them to see the
 * platform at work.
 *
 * <p>{@link dev.longshore.examples.ExampleWorker} adds all of them, and runs the same in Lambda and on a laptop:
 *
 * <pre>{@code
 * LocalRuntime.start(settings, new ExampleWorker());
 * LongshoreProps.of(new ExampleWorker(), workerJar);
 * }</pre>
 *
 * <p>What each one teaches:
 *
 * <table>
 * <caption>The example tasks</caption>
 * <tr><th>task</th><th>does</th><th>shows</th></tr>
 * <tr><td>{@link dev.longshore.examples.ProcessImage process-image}</td><td>scales and watermarks a picture</td>
 *     <td>input in the payload or in the {@link dev.longshore.task.FileStore}; {@code job.discard} for input that no
 *     attempt can fix</td></tr>
 * <tr><td>{@link dev.longshore.examples.ProcessVideo process-video}</td><td>poster and preview of an MP4</td>
 *     <td>a pool of its own, {@code job.progress}, {@code job.checkpoint}: a crash costs two seconds of film, not all
 *     of it</td></tr>
 * <tr><td>{@link dev.longshore.examples.GenerateReport generate-report}</td><td>CSV to PDF</td>
 *     <td>results that are files: named after the job, so that a second start writes the same file again</td></tr>
 * <tr><td>{@link dev.longshore.examples.ContactSheet rebuild-contact-sheet}</td><td>one picture of an album's pictures</td>
 *     <td>a unique task that debounces: requests within a moment are one run</td></tr>
 * <tr><td>{@link dev.longshore.examples.SendEmails send-emails}</td><td>one template to many recipients</td>
 *     <td>effects that must not happen twice: a cursor, and a key that the other side can recognise</td></tr>
 * <tr><td>{@link dev.longshore.examples.CallApi call-api}</td><td>an HTTP call</td>
 *     <td>{@code job.retryIn} when the other side says when; {@code job.id()} as idempotency key; what a payload from
 *     outside must not reach</td></tr>
 * <tr><td>{@link dev.longshore.examples.Rehearse rehearse}</td><td>behaves as its payload says</td>
 *     <td>snooze, cancellation, hanging, dying: what the platform does about each</td></tr>
 * </table>
 *
 * <p>Four habits are the same in all of them, and worth copying:
 *
 * <ol>
 *   <li><b>A payload checks itself.</b> It is a record whose constructor refuses what makes no sense, with a sentence
 *       that says what does. Optional fields are {@code @Nullable}, and the API knows them from that.
 *   <li><b>Errors are sorted once.</b> Input that will never work: {@code throw job.discard(...)}. Everything else is
 *       simply thrown, and the task's retry policy does the rest.
 *   <li><b>A second start does no harm.</b> Files are named after the job, mails and calls carry its id.
 *   <li><b>Interruption is let through.</b> When an attempt's time is over its thread is interrupted; long loops look.
 * </ol>
 */
@NullMarked
package dev.longshore.examples;

import org.jspecify.annotations.NullMarked;

/**
 * What a team tests its handlers with. There are three levels; take the lowest that shows what matters.
 *
 * <p><b>1. A handler alone</b>, {@link dev.longshore.testkit.HandlerRun}: one run with a made-up {@code JobContext}. For what the handler
 * does with a payload, a checkpoint, little time, a cancellation request, and how it ends.
 *
 * <pre>{@code
 * HandlerRun<Greeting, String> run = HandlerRun.of(new Greet());
 * assertThat(run.run(new Greeting("Ada"))).returned("Hello, Ada");
 * }</pre>
 *
 * <p><b>2. A worker with its jobs</b>, {@link dev.longshore.testkit.LongshoreTest}: the real functions over a table and queues in memory, by a
 * clock that the test moves. For retries and their waits, jobs that enqueue others, schedules, deaths, what an operator does.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final LongshoreTest jobs = LongshoreTest.of(new GreetWorker());
 *
 * TestJob job = jobs.enqueue("greet", new Greeting("Ada"), options -> options.delay(Duration.ofHours(1)));
 * jobs.advance(Duration.ofHours(1));
 * assertThat(job).succeeded().withResult("Hello, Ada");
 * }</pre>
 *
 * <p><b>3. Crashes</b>, {@link dev.longshore.testkit.LongshoreTest#crashEverywhere}: the same with a crash at every place where one shows. A
 * handler may start more than once for one job (at-least-once); this finds what it then does twice, or not at all.
 *
 * <pre>{@code
 * jobs.crashEverywhere("charge-card", new Order("o-7", 1200), bank::takeCharges);
 * }</pre>
 *
 * <p>{@link dev.longshore.testkit.LongshoreAssertions#assertThat} is imported beside AssertJ's own. A failed assertion about a job shows the
 * job's history. {@code docs/testing.md} has an example of each.
 */
@NullMarked
package dev.longshore.testkit;

import org.jspecify.annotations.NullMarked;

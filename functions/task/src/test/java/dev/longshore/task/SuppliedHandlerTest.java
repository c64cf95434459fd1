package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A handler that is made by a supplier, at its task's first job. */
class SuppliedHandlerTest {
    /** The handlers under test do not look at their job. */
    private static final @Nullable JobContext NO_JOB = null;

    private static final Json PAYLOAD = Json.parse("{}");

    private final TaskCatalog tasks = new TaskCatalog();
    private final AtomicInteger made = new AtomicInteger();

    /** A handler that answers which one it is: 1 for the first that was made. */
    private TaskHandler<Json, Integer> nextHandler() {
        int number = made.incrementAndGet();
        return (payload, job) -> number;
    }

    private <O> Task<Json, O> add(Supplier<TaskHandler<Json, O>> supplier) {
        return tasks.add("ship", Json.class, supplier);
    }

    @Test
    void describingTheCatalogueMakesNoHandler() {
        add(this::nextHandler).every("@daily", ZoneId.of("UTC")).timeout(Duration.ofSeconds(5));

        assertThat(tasks.descriptions()).hasSize(1);
        assertThat(tasks.pools()).containsExactly("default");
        assertThat(tasks.find("ship").orElseThrow().handler()).isNotNull();

        assertThat(made).hasValue(0);
    }

    @Test
    void supplierIsCalledOnceAtTheFirstJob() throws Exception {
        TaskHandler<Json, Integer> handler = add(this::nextHandler).handler();

        assertThat(handler.handle(PAYLOAD, NO_JOB)).isEqualTo(1);
        assertThat(handler.handle(PAYLOAD, NO_JOB)).isEqualTo(1);

        assertThat(made).hasValue(1);
    }

    @Test
    void firstJobsThatStartTogetherGetOneHandler() throws Exception {
        CountDownLatch supplying = new CountDownLatch(1);
        CountDownLatch everyJobStarted = new CountDownLatch(8);
        TaskHandler<Json, Integer> handler = add(() -> {
                    supplying.countDown();
                    awaitOrFail(everyJobStarted);
                    return nextHandler();
                })
                .handler();
        List<Future<Integer>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> job = () -> {
                everyJobStarted.countDown();
                return handler.handle(PAYLOAD, NO_JOB);
            };
            for (int i = 0; i < 8; i++) {
                results.add(threads.submit(job));
            }
        }

        assertThat(supplying.getCount()).isZero();
        for (Future<Integer> result : results) {
            assertThat(result.resultNow()).isEqualTo(1);
        }
    }

    @Test
    void failingSupplierFailsTheAttemptWithTheTaskAndTheCauseAndIsCalledAgain() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        TaskHandler<Json, Integer> handler = add(() -> {
                    if (calls.incrementAndGet() == 1) {
                        throw new IllegalStateException("DB_URL is not set");
                    }
                    return nextHandler();
                })
                .handler();

        assertThatThrownBy(() -> handler.handle(PAYLOAD, NO_JOB))
                .isInstanceOf(HandlerUnavailableException.class)
                .hasMessage(
                        "The supplier of the handler of task ship failed: java.lang.IllegalStateException: DB_URL is not set")
                .hasRootCauseMessage("DB_URL is not set");
        assertThat(handler.handle(PAYLOAD, NO_JOB)).isEqualTo(1);
    }

    @Test
    void classThatCannotBeLoadedFailsTheAttemptLikeAnyOtherFailureOfTheSupplier() {
        TaskHandler<Json, Integer> handler = this.<Integer>add(() -> {
                    throw new NoClassDefFoundError("org/postgresql/Driver");
                })
                .handler();

        assertThatThrownBy(() -> handler.handle(PAYLOAD, NO_JOB))
                .isInstanceOf(HandlerUnavailableException.class)
                .hasMessageContaining("org/postgresql/Driver");
    }

    @Test
    void supplierThatReturnsNullFailsTheAttemptAndSaysSo() {
        TaskHandler<Json, Integer> handler = this.<Integer>add(() -> null).handler();

        assertThatThrownBy(() -> handler.handle(PAYLOAD, NO_JOB))
                .isInstanceOf(HandlerUnavailableException.class)
                .hasMessage("The supplier of the handler of task ship returned null; return the handler");
    }

    /** The error says nothing about the job: the next attempt may find the service. */
    @Test
    void failureOfTheSupplierIsRetriedWhateverThePolicyDiscardsOn() {
        RetryPolicy policy = RetryPolicy.exponential().discardOn(RuntimeException.class);
        TaskHandler<Json, Integer> handler = this.<Integer>add(() -> {
                    throw new IllegalArgumentException("no such host");
                })
                .handler();

        assertThatThrownBy(() -> handler.handle(PAYLOAD, NO_JOB))
                .satisfies(error -> assertThat(policy.retries(error)).isTrue());
        assertThat(policy.retries(new IllegalArgumentException("a bad order"))).isFalse();
    }

    @Test
    void jobWhoseTimeIsOverDoesNotWaitForTheSupplierThatAnotherJobCalled() throws Exception {
        CountDownLatch supplying = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        TaskHandler<Json, Integer> handler = add(() -> {
                    supplying.countDown();
                    awaitOrFail(release);
                    return nextHandler();
                })
                .handler();
        Thread first = Thread.startVirtualThread(() -> handleQuietly(handler, new AtomicReference<>()));
        supplying.await();
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Thread second = Thread.startVirtualThread(() -> handleQuietly(handler, thrown));

        second.interrupt();
        second.join();

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        release.countDown();
        first.join();
        assertThat(handler.handle(PAYLOAD, NO_JOB)).isEqualTo(1);
    }

    private static void handleQuietly(TaskHandler<Json, Integer> handler, AtomicReference<@Nullable Throwable> thrown) {
        try {
            handler.handle(PAYLOAD, NO_JOB);
        } catch (Throwable e) {
            thrown.set(e);
        }
    }

    private static void awaitOrFail(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

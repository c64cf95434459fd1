package dev.longshore.job;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Runs the same work for each of many items, each on a virtual thread of its own. */
public final class Parallel {
    private Parallel() {}

    /** The sum of the results. Ends as {@link #each} does. */
    public static <T> int sum(List<T> items, ToIntFunction<T> work) {
        return each(items, work::applyAsInt).stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    /**
     * The results, in order. Returns when all have ended; if one of them threw, throws that then.
     *
     * @throws StoreUnavailableException also when this thread is interrupted meanwhile; then some were not done
     */
    public static <T, R> List<R> each(List<T> items, Function<T, R> work) {
        return each(items, items.size(), work);
    }

    /** The same, with at most {@code atOnce} of them at a time, from the first on. */
    public static <T, R> List<R> each(List<T> items, int atOnce, Function<T, R> work) {
        int most = Math.max(1, Math.min(items.size(), atOnce));
        try (ExecutorService threads =
                Executors.newFixedThreadPool(most, Thread.ofVirtual().factory())) {
            List<Callable<R>> calls = items.stream()
                    .<Callable<R>>map(item -> () -> work.apply(item))
                    .toList();
            List<R> results = new ArrayList<>();
            for (Future<R> call : threads.invokeAll(calls)) {
                results.add(call.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("Interrupted in the middle of " + items.size() + " calls", e);
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case RuntimeException cause -> cause;
                case Error error -> throw error;
                default -> new IllegalStateException(e.getCause());
            };
        }
    }
}

package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ParallelTest {
    private final AtomicInteger working = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    @Test
    void allAreDoneAtOnceWhereNoNumberIsGiven() {
        CyclicBarrier all = new CyclicBarrier(90);

        assertThat(Parallel.each(numbers(90), number -> workedWith(all, number)))
                .isEqualTo(numbers(90));
    }

    @Test
    void asManyAsAreGivenAreDoneAtATimeAndTheResultsAreInOrder() {
        CyclicBarrier three = new CyclicBarrier(3);

        assertThat(Parallel.each(numbers(90), 3, number -> workedWith(three, number)))
                .isEqualTo(numbers(90));

        assertThat(most).hasValue(3);
    }

    @Test
    void nothingIsDoneWithNothing() {
        assertThat(Parallel.each(List.of(), 3, number -> number)).isEmpty();
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    /** Ends when as many are at work as the barrier takes. */
    private int workedWith(CyclicBarrier others, int number) {
        most.accumulateAndGet(working.incrementAndGet(), Math::max);
        try {
            others.await();
            return number;
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new AssertionError(e);
        } finally {
            working.decrementAndGet();
        }
    }
}

package dev.longshore.testkit;

import org.jspecify.annotations.Nullable;

/** The entry to assertions about jobs; imported beside AssertJ's own {@code assertThat}. */
public final class LongshoreAssertions {
    private LongshoreAssertions() {}

    /** Assertions about a job as it is now. */
    public static JobAssert assertThat(TestJob job) {
        return new JobAssert(job);
    }

    /** Assertions about one run of a handler. */
    public static <O extends @Nullable Object> HandlerEndAssert<O> assertThat(HandlerEnd<O> end) {
        return new HandlerEndAssert<>(end);
    }
}

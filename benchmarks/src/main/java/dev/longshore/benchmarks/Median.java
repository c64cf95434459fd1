package dev.longshore.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The middle one of what several runs have measured: a noisy machine moves it least. */
final class Median {
    private Median() {}

    static <T> double of(List<T> runs, ToDoubleFunction<T> measure) {
        return runs.stream()
                .mapToDouble(measure)
                .sorted()
                .skip(runs.size() / 2)
                .findFirst()
                .orElseThrow();
    }
}

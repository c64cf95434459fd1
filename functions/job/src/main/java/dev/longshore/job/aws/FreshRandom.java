package dev.longshore.job.aws;

import java.security.SecureRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Randomness that differs between copies of one snapshot. SnapStart starts any number of functions from the same memory; what
 * they draw from a generator that was in it could be the same for all of them ("Handling uniqueness with Lambda SnapStart",
 * AWS Lambda Developer Guide). So each gets a generator of its own when it is restored.
 */
final class FreshRandom implements RandomGenerator {
    private final Supplier<? extends RandomGenerator> generators;
    private volatile RandomGenerator generator;

    FreshRandom(Supplier<? extends RandomGenerator> generators) {
        this.generators = generators;
        this.generator = generators.get();
    }

    static FreshRandom secure() {
        return new FreshRandom(SecureRandom::new);
    }

    void renew() {
        generator = generators.get();
    }

    @Override
    public long nextLong() {
        return generator.nextLong();
    }

    @Override
    public void nextBytes(byte[] bytes) {
        generator.nextBytes(bytes);
    }
}

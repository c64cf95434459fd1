package dev.longshore.job;

import java.util.Base64;
import java.util.random.RandomGenerator;

/** Draws write tokens: 12 random bytes, 16 characters, unique for all purposes. */
public final class WriteTokens {
    private final RandomGenerator random;

    public WriteTokens(RandomGenerator random) {
        this.random = random;
    }

    public String next() {
        byte[] bytes = new byte[12];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

package dev.longshore.api;

import dev.longshore.job.key.KeyStore;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Cursors of lists: where to continue, signed together with the filters of the list. */
final class Cursors {
    private static final int SIGNATURE_BYTES = 16;

    private final KeyStore keys;
    private volatile byte @Nullable [] secret;

    Cursors(KeyStore keys) {
        this.keys = keys;
    }

    /** @param next an id or a name; has no full stop */
    String write(String next, String filters) {
        String signature = Base64.getUrlEncoder().withoutPadding().encodeToString(sign(next, filters));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(next + "." + signature));
    }

    /** Empty when it is not ours, or belongs to a list with other filters. */
    Optional<String> read(String cursor, String filters) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split("\\.", -1);
            if (parts.length != 2
                    || !MessageDigest.isEqual(Base64.getUrlDecoder().decode(parts[1]), sign(parts[0], filters))) {
                return Optional.empty();
            }
            return Optional.of(parts[0]);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // no Base64
        }
    }

    private byte[] sign(String next, String filters) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret(), "HmacSHA256"));
            return Arrays.copyOf(mac.doFinal(bytes(next + "\n" + filters)), SIGNATURE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HMAC with SHA-256", e);
        }
    }

    private byte[] secret() {
        byte[] read = secret;
        if (read == null) {
            read = keys.secret("cursor");
            secret = read;
        }
        return read;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

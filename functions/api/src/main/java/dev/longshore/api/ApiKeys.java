package dev.longshore.api;

import dev.longshore.job.Sha256;
import dev.longshore.job.key.ApiKey;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** API keys as text: {@code ls_<keyId>_<secret>}. The id is public, the secret is seen once and kept as a hash. */
public final class ApiKeys {
    private static final Pattern TEXT = Pattern.compile("ls_([A-Za-z0-9]{1,32})_([A-Za-z0-9_-]{1,128})");
    private static final int SECRET_BYTES = 32;
    private static final int ID_BYTES = 5;

    private ApiKeys() {}

    /** The two parts of a key. */
    record Parts(String id, String secret) {
        @Override
        public String toString() {
            return "key " + id;
        }
    }

    /** Draws a new key. */
    public static String draw(RandomGenerator random) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return text(HexFormat.of().formatHex(id), drawSecret(random));
    }

    /** Draws 256 bits. */
    static String drawSecret(RandomGenerator random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    static String text(String id, String secret) {
        return "ls_" + id + "_" + secret;
    }

    /**
     * What is stored of a key that may do everything.
     *
     * @throws IllegalArgumentException when the text is no key
     */
    public static ApiKey withAllScopes(String text, Instant now) {
        Parts parts = parse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "An API key is ls_<id>_<secret>: an id of 1 to 32 letters and digits, a secret of 1 to 128 letters, digits,"
                                + " _ and -"));
        return ApiKey.of(parts.id(), "all scopes", Sha256.hex(parts.secret()), EnumSet.allOf(ApiKey.Scope.class), now);
    }

    /** Whether the text has the form of a key. */
    public static boolean isKey(String text) {
        return parse(text).isPresent();
    }

    static Optional<Parts> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches() ? Optional.of(new Parts(matcher.group(1), matcher.group(2))) : Optional.empty();
    }
}

package dev.longshore.client;

/**
 * Bytes of a JSON text, in the two forms in which a front door may hand it to Lambda.
 *
 * @param utf8 in UTF-8
 * @param escaped escaped once more: {@code "} and {@code \\} count 2, a UTF-16 unit outside of ASCII 6
 */
record Size(long utf8, long escaped) {
    /** Largest body in bytes of UTF-8 that every front door takes, less a margin for the rest of the request (docs/limits.md). */
    private static final long BODY_BYTES = 4_600_000;

    /** Largest body as Lambda's event carries it where that is text, with the same margin. */
    private static final long EVENT_BYTES = 6_200_000;

    static Size of(String json) {
        long utf8 = json.length();
        long escaped = json.length();
        for (int i = 0; i < json.length(); i++) {
            char unit = json.charAt(i);
            if (unit == '"' || unit == '\\') {
                escaped++;
            } else if (unit >= 0x80) {
                escaped += 5;
                // half of a surrogate pair is 2 of the pair's 4 bytes
                utf8 += unit < 0x800 || Character.isSurrogate(unit) ? 1 : 2;
            }
        }
        return new Size(utf8, escaped);
    }

    /** Of both, with a comma between them. */
    Size plus(Size other) {
        return new Size(utf8 + other.utf8 + 1, escaped + other.escaped + 1);
    }

    /** Whether a request can carry it through every front door. */
    boolean fits() {
        return utf8 <= BODY_BYTES && escaped <= EVENT_BYTES;
    }
}

package dev.longshore.client;

/** Closes what the compiler cannot see as closeable: HttpClient is so from JDK 21 on. */
final class Closing {
    private Closing() {}

    static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("The HTTP client could not be closed", e);
        }
    }
}

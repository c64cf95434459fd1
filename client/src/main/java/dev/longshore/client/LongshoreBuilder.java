package dev.longshore.client;

import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Settings of a client. {@link #url} and {@link #key} are needed. */
public final class LongshoreBuilder {
    /** What a header does not take would be an error of the HTTP client that shows it. */
    private static final Pattern KEY = Pattern.compile("ls_[A-Za-z0-9]{1,32}_[A-Za-z0-9_-]{1,128}");

    private @Nullable URI url;
    private @Nullable String key;
    private Duration tryTimeout = Duration.ofSeconds(30);
    private Duration totalTimeout = Duration.ofSeconds(60);
    private int maxTries = 5;
    private Supplier<@Nullable String> traceparent = () -> null;
    private Pacing pacing = Pacing.system();
    private @Nullable Exchange exchange;

    LongshoreBuilder() {}

    /**
     * Where the API is, such as {@code https://abc123.execute-api.eu-central-1.amazonaws.com}; a path is kept.
     *
     * @throws IllegalArgumentException when it is no such URL
     */
    public LongshoreBuilder url(String url) {
        URI uri;
        try {
            uri = URI.create(url.strip().replaceAll("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("url is no URL; it is that of the API, such as http://127.0.0.1:8787");
        }
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!http
                || uri.getHost() == null
                || uri.getUserInfo() != null
                || uri.getQuery() != null
                || uri.getFragment() != null) {
            throw new IllegalArgumentException(
                    "url begins with http:// or https:// and a host, and has no user, query or fragment");
        }
        this.url = uri;
        return this;
    }

    /**
     * An API key, {@code ls_<id>_<secret>}.
     *
     * @throws IllegalArgumentException when it has another form; the message does not show it
     */
    public LongshoreBuilder key(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException(
                    "key is not of the form ls_<id>_<secret>; spaces and line ends do not belong to it");
        }
        this.key = key;
        return this;
    }

    /** How long one request may take, to the last byte of its answer; 30 s when not given. */
    public LongshoreBuilder tryTimeout(Duration time) {
        tryTimeout = positive("tryTimeout", time);
        return this;
    }

    /** How long a call may take with its repeats; 60 s when not given. */
    public LongshoreBuilder totalTimeout(Duration time) {
        totalTimeout = positive("totalTimeout", time);
        return this;
    }

    /** How many requests a call makes at most; 5 when not given. */
    public LongshoreBuilder maxTries(int tries) {
        if (tries < 1) {
            throw new IllegalArgumentException("maxTries is 1 or more, and is " + tries);
        }
        maxTries = tries;
        return this;
    }

    /**
     * The W3C trace context of the calling thread, sent with every call that has none of its own; null where there is none. A text
     * of another form is left out.
     */
    public LongshoreBuilder traceparent(Supplier<@Nullable String> current) {
        traceparent = current;
        return this;
    }

    /** In place of the JDK's HTTP client. The client closes it. */
    public LongshoreBuilder exchange(Exchange other) {
        exchange = other;
        return this;
    }

    /** Time and chance; for tests. */
    public LongshoreBuilder pacing(Pacing other) {
        pacing = other;
        return this;
    }

    /**
     * Makes the client.
     *
     * @throws IllegalStateException when url or key is not given
     */
    public Longshore build() {
        if (url == null || key == null) {
            throw new IllegalStateException(
                    (url == null ? "url" : "key") + " is not set; a client needs both url and key");
        }
        Transport.Settings settings =
                new Transport.Settings(url, key, tryTimeout, totalTimeout, maxTries, traceparent, pacing);
        return new Longshore(new Transport(settings, exchange == null ? new JdkExchange(tryTimeout) : exchange));
    }

    private static Duration positive(String name, Duration time) {
        if (time.toMillis() < 1) {
            throw new IllegalArgumentException(name + " is 1 ms or more, and is " + time);
        }
        return time;
    }
}

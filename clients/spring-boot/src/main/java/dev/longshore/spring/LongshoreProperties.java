package dev.longshore.spring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties under {@code longshore}. The string form leaves the key out.
 *
 * @param url URL of the API. Without it there is no Longshore bean.
 * @param key API key, ls_&lt;id&gt;_&lt;secret&gt;. From the environment: LONGSHORE_KEY.
 * @param tryTimeout How long one request may take.
 * @param totalTimeout How long a call may take with its repeats.
 * @param maxTries How many requests a call makes at most.
 * @param outbox The transactional outbox.
 */
@ConfigurationProperties("longshore")
public record LongshoreProperties(
        @Nullable String url,
        @Nullable String key,
        @DefaultValue("30s") Duration tryTimeout,
        @DefaultValue("60s") Duration totalTimeout,
        @DefaultValue("5") int maxTries,
        @DefaultValue Outbox outbox) {

    /**
     * Properties under {@code longshore.outbox}.
     *
     * @param enabled Whether there is an outbox in the application's DataSource.
     * @param relay Whether this application sends the rows of the outbox.
     * @param poll How long the relay waits when no row is due.
     */
    public record Outbox(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("true") boolean relay,
            @DefaultValue("1s") Duration poll) {}

    @Override
    public String toString() {
        return "LongshoreProperties[url=" + url + "]";
    }
}

package dev.longshore.job.aws;

import dev.longshore.task.Secrets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * The secrets that {@code LONGSHORE_SECRETS} names, read from Secrets Manager when a handler asks. Values are in memory only:
 * neither in the template nor in the function's environment, and a SnapStart snapshot that has one loses it at the restore.
 */
final class StackSecrets implements Secrets, Resource {
    /** A rotated value is seen within this time; 8,640 reads a month by one busy environment cost $0.04. */
    static final Duration REMEMBERED = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(StackSecrets.class);

    private final SecretsManagerClient client;
    private final Map<String, String> arns;
    private final InstantSource clock;
    private final Map<String, Read> read = new HashMap<>();

    private record Read(String value, Instant at) {
        @Override
        public String toString() {
            return "secret read at " + at;
        }
    }

    /** @param arns of the secrets, by name */
    StackSecrets(SecretsManagerClient client, Map<String, String> arns, InstantSource clock) {
        this.client = client;
        this.arns = arns;
        this.clock = clock;
    }

    /** Ensures that no restored function uses a value of its snapshot. The caller keeps this: CRaC does not. */
    StackSecrets registered() {
        Core.getGlobalContext().register(this);
        return this;
    }

    /**
     * Reads {@code <name>=<ARN>} entries separated by blanks.
     *
     * @throws IllegalStateException when an entry has another form
     */
    static Map<String, String> arns(String setting) {
        Map<String, String> arns = new LinkedHashMap<>();
        for (String entry : setting.trim().split("\\s+", -1)) {
            String[] sides = entry.split("=", 2);
            if (sides.length != 2 || sides[0].isEmpty() || sides[1].isEmpty()) {
                throw new IllegalStateException(
                        "LONGSHORE_SECRETS takes '<name>=<ARN of the secret>' entries separated by"
                                + " blanks, and has '" + entry + "'");
            }
            arns.put(sides[0], sides[1]);
        }
        return arns;
    }

    @Override
    public synchronized String value(String name) {
        Optional<Read> before = Optional.ofNullable(read.get(name));
        if (before.filter(this::isFresh).isPresent()) {
            return before.get().value();
        }
        try {
            return latest(name);
        } catch (SecretUnreadableException e) {
            // a call that AWS throttles is no reason to fail jobs that the value of five minutes ago still serves
            Read old = before.orElseThrow(() -> e);
            LOG.atWarn()
                    .setCause(e)
                    .addKeyValue("secret", name)
                    .addKeyValue("readAt", old.at())
                    .log("secret could not be read again; the value read before is used for another minute");
            read.put(
                    name,
                    new Read(old.value(), clock.instant().minus(REMEMBERED).plus(Duration.ofMinutes(1))));
            return old.value();
        }
    }

    @Override
    public synchronized String latest(String name) {
        String value = get(name, arn(name));
        read.put(name, new Read(value, clock.instant()));
        return value;
    }

    private boolean isFresh(Read one) {
        return clock.instant().isBefore(one.at().plus(REMEMBERED));
    }

    private String arn(String name) {
        String arn = arns.get(name);
        if (arn == null) {
            throw new IllegalArgumentException("This function has no secret " + name + "; it has "
                    + (arns.isEmpty() ? "none" : String.join(", ", arns.keySet()))
                    + ". Give it one by FunctionSettings.secret(\"" + name + "\", …)");
        }
        return arn;
    }

    private String get(String name, String arn) {
        @Nullable String text;
        try {
            text = client.getSecretValue(get -> get.secretId(arn)).secretString();
        } catch (SdkException e) {
            throw new SecretUnreadableException(
                    "Secrets Manager call failed for the secret " + name + " (" + arn + ")", e);
        }
        if (text == null) {
            throw new SecretUnreadableException(
                    "The secret " + name + " (" + arn + ") holds bytes and no text; put its value as a SecretString",
                    null);
        }
        return text;
    }

    /** Says which secret, and never its value. */
    private static final class SecretUnreadableException extends IllegalStateException {
        private static final long serialVersionUID = 1;

        SecretUnreadableException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {}

    @Override
    public synchronized void afterRestore(Context<? extends Resource> context) {
        read.clear();
    }
}

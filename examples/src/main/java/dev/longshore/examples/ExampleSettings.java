package dev.longshore.examples;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the example tasks need to know of the place they run in.
 *
 * @param smtp where {@code send-emails} hands its mails in; without it that task's jobs are DEAD at once, and say why
 * @param mailFrom the sender of those mails
 * @param reach where {@code call-api} may go
 */
public record ExampleSettings(@Nullable SmtpServer smtp, String mailFrom, Reach reach) {

    /** An SMTP server (RFC 5321) that takes mails without a login: a relay of one's own, or a catcher on a laptop. */
    public record SmtpServer(String host, int port) {
        public SmtpServer {
            if (host.isBlank() || port < 1 || port > 65_535) {
                throw new IllegalArgumentException(
                        "An SMTP server is a host and a port from 1 to 65535, and got port " + port);
            }
        }
    }

    /** Which addresses {@code call-api} may call. Each reach includes those before it. */
    public enum Reach {
        /** What the Internet routes to. */
        PUBLIC,
        /** Also this machine: 127.0.0.0/8 and ::1. For a laptop; in Lambda these are the runtime's own. */
        LOOPBACK,
        /** Every address, a VPC's and the metadata services among them. */
        PRIVATE
    }

    /** Nothing set: no SMTP server, public addresses only. */
    public static ExampleSettings none() {
        return new ExampleSettings(null, "longshore@localhost", Reach.PUBLIC);
    }

    /**
     * Reads {@code LONGSHORE_SMTP} (host:port), {@code LONGSHORE_SMTP_FROM} (longshore@localhost when not set) and
     * {@code LONGSHORE_CALL_API_ALLOW_PRIVATE} (true or false; false when not set).
     *
     * @throws IllegalArgumentException when one of them is malformed
     */
    public static ExampleSettings fromEnvironment(Map<String, String> environment) {
        String smtp = environment.getOrDefault("LONGSHORE_SMTP", "").strip();
        String from = environment.getOrDefault("LONGSHORE_SMTP_FROM", "").strip();
        String allowed =
                environment.getOrDefault("LONGSHORE_CALL_API_ALLOW_PRIVATE", "").strip();
        return new ExampleSettings(
                smtp.isEmpty() ? null : server(smtp),
                from.isEmpty() ? none().mailFrom() : from,
                privateAllowed(allowed) ? Reach.PRIVATE : Reach.PUBLIC);
    }

    /** The same, with {@code call-api} allowed to go at least this far. */
    public ExampleSettings reaching(Reach atLeast) {
        return new ExampleSettings(smtp, mailFrom, reach.compareTo(atLeast) < 0 ? atLeast : reach);
    }

    /** The same, with another SMTP server. */
    public ExampleSettings mailingThrough(String host, int port) {
        return new ExampleSettings(new SmtpServer(host, port), mailFrom, reach);
    }

    private static SmtpServer server(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        try {
            return new SmtpServer(
                    hostAndPort.substring(0, Math.max(colon, 0)), Integer.parseInt(hostAndPort.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "LONGSHORE_SMTP takes host:port, as in localhost:1025, and got '" + hostAndPort + "'", e);
        }
    }

    private static boolean privateAllowed(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "", "false" -> false;
            case "true" -> true;
            default ->
                throw new IllegalArgumentException(
                        "LONGSHORE_CALL_API_ALLOW_PRIVATE takes true or false, and got '" + value + "'");
        };
    }
}

package dev.longshore.outbox;

import java.time.Duration;

/**
 * What the outbox holds.
 *
 * @param waiting rows that are to be sent
 * @param oldest age of the oldest of them; zero when there is none
 * @param refused rows that Longshore has refused; {@link OutboxRelay#refused} lists them
 */
public record Backlog(long waiting, Duration oldest, long refused) {}

package dev.longshore.client;

import java.time.Instant;

/**
 * A pause of a pool or a task.
 *
 * @param by id of the key that paused it
 */
public record Paused(Instant since, String by) {}

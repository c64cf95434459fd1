package dev.longshore.client;

import org.jspecify.annotations.Nullable;

/**
 * Whether a pool or a task is paused.
 *
 * @param pool null for a task
 * @param task null for a pool
 * @param paused null when it is not
 * @param setAside jobs that wait for the end of the pause, counted up to 1,600
 */
public record PauseState(
        @Nullable String pool,
        @Nullable String task,
        @Nullable Paused paused,
        int setAside) {}

package dev.longshore.client;

import org.jspecify.annotations.Nullable;

/**
 * How full a pool is, by SQS's approximate counts.
 *
 * @param depthUnknown true when the SQS call failed: the counts are null then
 * @param visible waiting for a worker
 * @param inFlight with a worker, or hidden by a backoff
 * @param oldestAgeSeconds age of the oldest message
 * @param paused null when it is not
 * @param setAside jobs that wait for the end of the pause, counted up to 1,600
 */
public record Queue(
        String pool,
        boolean depthUnknown,
        @Nullable Long visible,
        @Nullable Long inFlight,
        @Nullable Long delayed,
        @Nullable Long deadLetters,
        @Nullable Long oldestAgeSeconds,
        @Nullable Paused paused,
        int setAside) {}

/**
 * The HTTP API.
 *
 * <p>{@link dev.longshore.api.ApiFunction} is the entry: {@code HttpEvents} makes a request of the front door's event,
 * {@code Router} says who answers it and asks {@code Authenticator} whether it may, {@code JobRequests} and {@code
 * AboutRequests} answer. Whatever is wrong with a request is thrown as a {@code Problem} where it is found.
 *
 * <p>An enqueue goes: {@code JsonBody} (size, encoding, form), {@code EnqueueRequests} (fields, task, payload), {@link
 * dev.longshore.job.engines.Enqueuer} (row, then message), {@code JobJson} (the answer).
 */
@NullMarked
package dev.longshore.api;

import org.jspecify.annotations.NullMarked;

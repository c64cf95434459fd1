package dev.longshore.task;

import org.jspecify.annotations.Nullable;

/**
 * The failure of an attempt whose handler could not be made. It says nothing about the job, which is therefore retried,
 * whatever {@link RetryPolicy#discardOn} names; the next attempt calls the supplier again.
 */
public final class HandlerUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    HandlerUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

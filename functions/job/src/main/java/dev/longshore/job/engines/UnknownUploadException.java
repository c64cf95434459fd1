package dev.longshore.job.engines;

/** A reference to an upload that does not exist, is of another key, or is older than {@link Uploads#KEPT}. */
public final class UnknownUploadException extends RuntimeException {
    UnknownUploadException(String message) {
        super(message);
    }
}

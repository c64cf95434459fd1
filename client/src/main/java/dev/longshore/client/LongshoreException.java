package dev.longshore.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A call that failed, with the fields of the problem (RFC 9457) where Longshore answered with one. Neither message nor fields
 * have the key or a payload.
 */
public abstract sealed class LongshoreException extends RuntimeException
        permits RefusedException,
                UnauthorizedException,
                ForbiddenException,
                NotFoundException,
                ConflictException,
                RateLimitedException,
                ServerException,
                ConnectionException,
                CallTimeoutException {
    private static final long serialVersionUID = 1;

    private final transient Failure failure;
    private int tries = 1;

    /**
     * One offending field of a request.
     *
     * @param field JSON pointer (RFC 6901); null when it is in no field of the body
     */
    public record FieldError(@Nullable String field, String detail) {}

    LongshoreException(Failure failure) {
        super(failure.message(), failure.cause());
        this.failure = failure;
    }

    /** The exception that belongs to the status of an answer. */
    static LongshoreException of(Failure failure) {
        int status = failure.status() == null ? 0 : failure.status();
        if (status >= 500) {
            return new ServerException(failure);
        }
        return switch (status) {
            case 401 -> new UnauthorizedException(failure);
            case 403 -> new ForbiddenException(failure);
            case 404 -> new NotFoundException(failure);
            case 409 -> new ConflictException(failure);
            case 429 -> new RateLimitedException(failure);
            default -> new RefusedException(failure);
        };
    }

    /** URI of the problem, {@code https://longshore.dev/problems/…}; {@code about:blank} where the answer had no problem. */
    public String type() {
        return failure.type();
    }

    /** What kind of problem, in short. */
    public String title() {
        return failure.title();
    }

    /** HTTP status; empty when there was no answer. */
    public OptionalInt status() {
        return failure.status() == null ? OptionalInt.empty() : OptionalInt.of(failure.status());
    }

    /** What is wrong, and how to fix it. */
    public String detail() {
        return failure.detail();
    }

    /** JSON pointer to the first offending field of the request. */
    public Optional<String> field() {
        return Optional.ofNullable(failure.field());
    }

    /** The offending parameter of the query. */
    public Optional<String> parameter() {
        return Optional.ofNullable(failure.parameter());
    }

    /** All offending fields, when there is more than one. */
    public List<FieldError> errors() {
        return failure.errors();
    }

    /** State of the job that forbids the call. */
    public Optional<JobState> state() {
        return Optional.ofNullable(failure.state());
    }

    /** Whether the same call may succeed later. */
    public boolean retryable() {
        return failure.retryable();
    }

    /** Names the request in Longshore's log. */
    public Optional<String> requestId() {
        return Optional.ofNullable(failure.requestId());
    }

    /** How long to wait before the next try, as the answer's {@code Retry-After} says. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(failure.retryAfter());
    }

    /** How many requests the call made. */
    public int tries() {
        return tries;
    }

    void tries(int count) {
        tries = count;
    }
}

package dev.longshore.api;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is wrong with a request while its parts are read, so that a client can fix all of it at once. A part that
 * needs another one which was refused is not read. No part is read after {@value Problem#MOST_ERRORS} refusals, so that a
 * body of mistakes costs no more than one with as many.
 */
final class Refusals {
    private static final int REFUSED = 422;

    private final List<Problem> refusals = new ArrayList<>();

    /**
     * Reads a part of the request.
     *
     * @return null when it is refused, absent, or not read
     * @throws Problem at once when it is no refusal of a field: a body that is too large, say
     */
    <T> @Nullable T read(Supplier<@Nullable T> part) {
        if (refusals.size() >= Problem.MOST_ERRORS) {
            return null;
        }
        try {
            return part.get();
        } catch (Problem problem) {
            if (problem.status() != REFUSED) {
                throw problem;
            }
            refusals.add(problem);
            return null;
        }
    }

    /** Adds a refusal of what is not read at all, such as an unknown field. */
    void add(Supplier<Problem> refusal) {
        if (refusals.size() < Problem.MOST_ERRORS) {
            refusals.add(refusal.get());
        }
    }

    /** Checks a part of the request whose value is not needed. */
    void check(Runnable part) {
        this.<Object>read(() -> {
            part.run();
            return null;
        });
    }

    /** @throws Problem 422 that names all that was refused, if anything was */
    void requireNone() {
        if (!refusals.isEmpty()) {
            throw Problem.together(refusals);
        }
    }
}

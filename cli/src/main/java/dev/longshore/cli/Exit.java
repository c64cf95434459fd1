package dev.longshore.cli;

import dev.longshore.client.CallTimeoutException;
import dev.longshore.client.ConnectionException;
import dev.longshore.client.ForbiddenException;
import dev.longshore.client.LongshoreException;
import dev.longshore.client.RateLimitedException;
import dev.longshore.client.ServerException;
import dev.longshore.client.UnauthorizedException;

/** Exit codes, as docs/command-line.md lists them. */
final class Exit {
    /** Done. */
    static final int DONE = 0;
    /** The answer is no: the job ended DEAD or CANCELLED, the ledger is not balanced, a check has findings. */
    static final int NO = 1;
    /** Wrong usage; nothing was sent. */
    static final int USAGE = 2;
    /** The API refused the request. */
    static final int REFUSED = 3;
    /** No answer, or one of 429 or 5xx: the same command may succeed later. */
    static final int UNREACHABLE = 4;
    /** The key is missing, unknown, expired, or lacks the scope. */
    static final int KEY = 5;
    /** A mistake of this program (EX_SOFTWARE of sysexits.h). */
    static final int BUG = 70;

    private Exit() {}

    static int of(LongshoreException e) {
        if (e instanceof UnauthorizedException || e instanceof ForbiddenException) {
            return KEY;
        }
        boolean later = e instanceof ConnectionException
                || e instanceof CallTimeoutException
                || e instanceof ServerException
                || e instanceof RateLimitedException;
        return later ? UNREACHABLE : REFUSED;
    }
}

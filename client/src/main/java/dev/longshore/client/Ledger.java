package dev.longshore.client;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether every job that was accepted is accounted for.
 *
 * @param explanation why it is not balanced, when it is not
 * @param auditedAt when an audit last counted all that was to be counted
 * @param tickedAt when the dispatcher, which runs every minute, last got through all its parts
 * @param auditRequestedAt there while a requested audit is not done
 */
public record Ledger(
        boolean balanced,
        String explanation,
        Instant from,
        Instant to,
        @Nullable Instant auditedAt,
        @Nullable Instant tickedAt,
        @Nullable Instant auditRequestedAt,
        Counts totals,
        List<Hour> hours) {
    /** Lists that the answer left out are empty. */
    public Ledger {
        hours = Answers.list(hours);
    }

    /**
     * Jobs by what became of them.
     *
     * @param missing counted once and absent before the end of their retention
     * @param mended how often the audit sent or held a job again
     */
    public record Counts(
            long accepted,
            long succeeded,
            long dead,
            long cancelled,
            long waiting,
            long running,
            long missing,
            long mended) {}

    /**
     * Jobs whose ids are of this hour.
     *
     * @param closed nothing in it can change any more
     */
    public record Hour(
            Instant hour,
            @JsonUnwrapped Counts counts,
            @Nullable Instant countedAt,
            boolean closed) {}
}

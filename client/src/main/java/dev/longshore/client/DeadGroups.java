package dev.longshore.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What jobs died of.
 *
 * @param groups the largest first
 * @param otherGroups how many groups the limit left out
 * @param complete false when there are more dead jobs: the same call from {@code next} counts on
 */
public record DeadGroups(
        List<Group> groups,
        int otherGroups,
        boolean complete,
        @Nullable Instant next) {
    /** Lists that the answer left out are empty. */
    public DeadGroups {
        groups = Answers.list(groups);
    }

    /**
     * Dead jobs with one cause.
     *
     * @param errorMessage of the last one
     * @param first the earliest death
     * @param last the latest death
     * @param job id of the last one
     */
    public record Group(
            String fingerprint,
            String task,
            @Nullable String reason,
            @Nullable String errorType,
            @Nullable String errorMessage,
            long count,
            Instant first,
            Instant last,
            String job) {
        @Override
        public String toString() {
            return "Group[fingerprint=" + fingerprint + ", task=" + task + ", count=" + count + "]";
        }
    }
}

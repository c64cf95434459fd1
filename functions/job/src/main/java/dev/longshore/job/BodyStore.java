package dev.longshore.job;

import dev.longshore.task.Json;
import dev.longshore.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Keeps payloads and results that do not fit their job's row. Which body belongs to which row is up to {@link JobStore}.
 *
 * <p>Every method may throw {@link StoreUnavailableException} when a call failed after its own retries, or was refused.
 */
public interface BodyStore {
    /** How long a file may stay after its job's retention, so that its note is seldom written again. */
    Duration LONGEST_OVERTIME = Duration.ofDays(1);

    /**
     * When the file of a new payload is checked first: right for a job that ends within a day and has the default retention.
     * For another job the note is written again at its end.
     */
    Duration USUAL_STAY = Task.USUAL_RETENTION.plus(LONGEST_OVERTIME);

    /**
     * How long after its write a payload that is not a file ends by itself, so that none stays forever after a crash before
     * its row or its end was written. {@link #keepOn} starts this time again.
     */
    Duration LONGEST_STAY = Duration.ofDays(400);

    /** The role of a body. */
    enum Kind {
        PAYLOAD(Field.PAYLOAD, Field.PAYLOAD_PLACE, Field.PAYLOAD_SIZE),
        RESULT(Field.RESULT, Field.RESULT_PLACE, Field.RESULT_SIZE);

        final Field inline;
        final Field place;
        final Field size;

        Kind(Field inline, Field place, Field size) {
            this.inline = inline;
            this.place = place;
            this.size = size;
        }
    }

    /**
     * Keeps a payload: a small one stays in the row, and nothing is written. It has no end yet; {@link #endAt} sets it later.
     *
     * @param name unique among the job's bodies; written again under the same name, it is the same body
     * @return where it is
     */
    Body keepPayload(JobId id, String name, Json payload, Instant now);

    /**
     * Keeps a result, in the same places as a payload.
     *
     * @param end when the retention of its job ends, and the result with it: nothing has to be written for that later
     * @return where it is
     */
    Body keepResult(JobId id, String name, Json result, Instant end);

    /** @throws BodyMissingException when it is not there */
    Json read(JobId id, Body.Apart body);

    /** Ends a body at this time, or within {@link #LONGEST_OVERTIME} after it. */
    void endAt(JobId id, Body.Apart body, Instant at);

    /** Keeps a payload for {@link #LONGEST_STAY} from now on. A file is kept anyway while a row names it. */
    void keepOn(JobId id, Body.Apart payload, Instant now);

    /** Deletes a body at once. */
    void discard(JobId id, Body.Apart body);

    /** Bodies that are files and may have no row that names them any more, earliest first. */
    List<Sweep> sweeps(String shard, Instant until, int limit);

    /**
     * Deletes a body's file, and then its note. After a crash in between, the file is deleted once more, which is harmless.
     */
    void sweep(Sweep sweep);

    /** Keeps a body's file until then. Also called before a file is written, so that no file stays without a note. */
    void postpone(Sweep sweep, Instant until);

    /**
     * A note to check a body's file later, and to delete it when no row names it.
     *
     * @param name of the file, within those of its job
     */
    record Sweep(JobId job, String name) {
        /** The note of a body that is a file. */
        public static Sweep of(JobId job, Body.Apart file) {
            return new Sweep(job, file.place().substring(file.place().lastIndexOf('/') + 1));
        }

        /** The file's name in the {@link dev.longshore.task.FileStore}. */
        public String file() {
            return folder(job) + name;
        }

        /** Where the files of a job are; ends with a slash. */
        public static String folder(JobId job) {
            return "jobs/" + job.time().toString().substring(0, 10) + "/" + job + "/";
        }

        /** Whether this is the file of one of the job's bodies. */
        public boolean isNamedBy(Job row) {
            return isFileOf(row.payload()) || (row.result() != null && isFileOf(row.result()));
        }

        private boolean isFileOf(Body body) {
            return body instanceof Body.Apart apart && apart.place().endsWith("/" + name);
        }
    }
}

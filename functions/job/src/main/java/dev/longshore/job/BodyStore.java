package dev.longshore.job;

import dev.longshore.task.Json;
import java.time.Instant;
import java.util.List;

/**
 * Keeps payloads and results that do not fit their job's row. Which body belongs to which row is up to {@link JobStore}.
 *
 * <p>Every method may throw {@link StoreUnavailableException} when the store did not answer after its own retries, or refused.
 */
public interface BodyStore {
    /** What a body is to its job. */
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
     * Puts a body where it belongs. A small one belongs into the row, and nothing is written.
     *
     * @param name tells it from the job's other bodies; written again under the same name, it is the same body
     * @return where it is
     */
    Body keep(JobId id, Kind kind, String name, Json body, Instant now);

    /** @throws BodyMissingException when it is not there */
    Json read(JobId id, Body.Apart body);

    /** Lets a body end at this time, or some time after it. */
    void endAt(JobId id, Body.Apart body, Instant at);

    /** Lets a body stay for as long as its job. */
    void keepOn(JobId id, Body.Apart body);

    /** Takes a body away at once. */
    void discard(JobId id, Body.Apart body);

    /** Bodies that are files and may have no row that names them any more, earliest first. */
    List<Sweep> sweeps(String shard, Instant until, int limit);

    /** Deletes a body's file, and then the note of it: a crash in between deletes what is not there, and loses nothing. */
    void sweep(Sweep sweep);

    /** Leaves a body's file where it is until then. Also notes a file that is not written yet, so that none is left behind. */
    void postpone(Sweep sweep, Instant until);

    /**
     * A note that a body's file is to be looked at, and deleted when no row names it.
     *
     * @param name of the file, within those of its job
     */
    record Sweep(JobId job, String name) {
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

package dev.longshore.job;

import dev.longshore.task.Json;

/** A payload or a result: in the row itself, or somewhere apart with its size in bytes of UTF-8. */
public sealed interface Body {
    /** The largest payload, in bytes of UTF-8. Results have less. */
    int LARGEST = 5 * 1024 * 1024;

    int size();

    record Inline(Json json) implements Body {
        @Override
        public int size() {
            return json.utf8Length();
        }
    }

    /** @param place where a {@link JobStore} finds it: {@code item:<sort key>} or {@code file:<name>} */
    record Apart(String place, int size) implements Body {}
}

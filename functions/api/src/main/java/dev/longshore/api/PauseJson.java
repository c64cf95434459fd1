package dev.longshore.api;

import dev.longshore.job.HoldReason;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.Parallel;
import dev.longshore.job.pause.Pausable;
import dev.longshore.job.pause.Pause;
import dev.longshore.job.pause.PauseStore;
import dev.longshore.task.TaskDescription;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is paused, as clients see it. */
final class PauseJson {
    /** How many held jobs of a shard are counted at most. */
    static final int COUNTED = 100;

    private final PauseStore pauses;
    private final JobStore jobs;

    PauseJson(PauseStore pauses, JobStore jobs) {
        this.pauses = pauses;
        this.jobs = jobs;
    }

    /** All pauses there are, as one look. */
    Look look() {
        return new Look(pauses.all());
    }

    /** One look at the pauses, for a whole answer. */
    final class Look {
        private final List<Pause> all;

        private Look(List<Pause> all) {
            this.all = all;
        }

        /**
         * Puts into an answer whether a pool or a task is paused, and how many of its jobs wait for the end of that.
         *
         * @param names the name of today, then the aliases under which it may have been paused
         */
        void addTo(List<Pausable> names, Map<String, Object> json) {
            List<Pause> pauses =
                    all.stream().filter(pause -> names.contains(pause.what())).toList();
            Optional<Pause> holding = pauses.stream().filter(Pause::holds).findFirst();
            holding.ifPresent(pause -> {
                Map<String, Object> paused = new LinkedHashMap<>();
                paused.put("since", pause.since());
                paused.put("by", pause.by());
                json.put("paused", paused);
            });
            int held = pauses.stream().mapToInt(pause -> held(pause.what())).sum();
            if (holding.isPresent() || held > 0) {
                json.put("setAside", held);
            }
        }
    }

    /** A task as it may be paused: under its name of today, and under its aliases. */
    static List<Pausable> names(TaskDescription task) {
        return task.names().stream().map(Pausable::task).toList();
    }

    private int held(Pausable what) {
        return Parallel.sum(
                JobId.SHARDS,
                shard -> jobs.held(HoldReason.paused(what), shard, COUNTED).size());
    }
}

package dev.longshore.api;

import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.Pausable;
import dev.longshore.job.Pause;
import dev.longshore.job.PauseStore;
import dev.longshore.job.SideBySide;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is paused, as clients see it. */
final class PauseJson {
    /** Up to how many set aside jobs of a shard are counted. */
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

    /** One look at the pauses, for all that an answer tells. */
    final class Look {
        private final List<Pause> all;

        private Look(List<Pause> all) {
            this.all = all;
        }

        /** Tells of a pool or a task whether it is paused, and how many of its jobs are set aside. */
        void tell(Pausable what, Map<String, Object> json) {
            all.stream().filter(pause -> pause.what().equals(what)).findFirst().ifPresent(pause -> {
                if (pause.holds()) {
                    Map<String, Object> paused = new LinkedHashMap<>();
                    paused.put("since", pause.since());
                    paused.put("by", pause.by());
                    json.put("paused", paused);
                }
                int setAside = setAside(what);
                if (pause.holds() || setAside > 0) {
                    json.put("setAside", setAside);
                }
            });
        }
    }

    private int setAside(Pausable what) {
        return SideBySide.sum(
                JobId.SHARDS, shard -> jobs.setAside(what, shard, COUNTED).size());
    }
}

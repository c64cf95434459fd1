package dev.longshore.keeper;

import dev.longshore.job.Page;
import dev.longshore.job.Sha256;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.ScheduleHandover;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.job.schedule.ScheduleStore;
import dev.longshore.task.Json;
import dev.longshore.task.ScheduleSpec;
import dev.longshore.task.TaskDescription;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the store agree with the schedules that the code declares. Changes and removals are handed over as those of the API
 * are: no job of the old definition starts any more. A fingerprint of what the code declares is stored, so that a tick reads
 * one small item, and what a late dispatcher of an older deployment changes is corrected a minute later.
 */
final class DeclaredSchedules {
    private static final int PAGE = 100;
    private static final Logger LOG = LoggerFactory.getLogger(DeclaredSchedules.class);

    private final Engines engines;
    private final ScheduleHandover handover;
    private final Map<String, Declared> declared = new TreeMap<>();
    private final String fingerprint;

    private record Declared(String task, ScheduleSpec spec) {}

    DeclaredSchedules(Engines engines, List<TaskDescription> tasks) {
        this.engines = engines;
        Map<String, TaskDescription> byName = TaskDescription.byName(tasks);
        this.handover = new ScheduleHandover(engines, name -> Optional.ofNullable(byName.get(name)));
        tasks.forEach(task ->
                task.schedules().forEach((name, spec) -> declared.put(name, new Declared(task.name(), spec))));
        this.fingerprint = Sha256.hex(Json.of(declared).text());
    }

    /** Creates, changes and removes declared schedules where the store differs. Pauses and past firings stay. */
    void agree() {
        ScheduleStore store = engines.schedules();
        if (store.agreement().filter(fingerprint::equals).isPresent()) {
            return;
        }
        Instant now = Instant.ofEpochMilli(engines.clock().instant().toEpochMilli());
        boolean allPut = true;
        for (Map.Entry<String, Declared> one : declared.entrySet()) {
            allPut &= put(one.getKey(), one.getValue(), now);
        }
        if (removeUndeclared(store) && allPut) {
            store.agree(fingerprint);
            LOG.info("{} schedules are as the code declares them", declared.size());
        }
    }

    /** Whether it is as declared. A schedule that cannot be read or written does not stop the others. */
    private boolean put(String name, Declared declared, Instant now) {
        try {
            handover.put(name, there -> agreed(name, declared, there, now));
            return true;
        } catch (RuntimeException e) {
            FailedPart.leave(LOG, e, "The declared schedule {} was not written; the next tick tries again", name);
            return false;
        }
    }

    private static Schedule agreed(String name, Declared declared, Optional<Schedule> there, Instant now) {
        if (there.isEmpty()) {
            return Schedule.of(name, declared.task(), declared.spec(), true, now);
        }
        if (there.get().isFromNewerCode()) {
            return there.get();
        }
        if (!there.get().declared()) {
            LOG.warn("Schedule {} was made by the API and is declared in code now; the code takes it over", name);
        }
        return there.get().changedTo(declared.task(), declared.spec(), true, now);
    }

    /** Whether all are gone; one that is being changed is left for the next tick. */
    private boolean removeUndeclared(ScheduleStore store) {
        boolean allGone = true;
        String after = null;
        do {
            Page<Schedule, String> page = store.list(PAGE, after);
            for (Schedule schedule : page.items()) {
                if (schedule.declared() && !declared.containsKey(schedule.name())) {
                    LOG.info("Schedule {} is no longer declared in code and is removed", schedule.name());
                    allGone &= handover.delete(schedule);
                }
            }
            after = page.next();
        } while (after != null);
        return allGone;
    }
}

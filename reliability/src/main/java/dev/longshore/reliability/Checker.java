package dev.longshore.reliability;

import dev.longshore.job.DeadReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.reliability.Violation.Kind;
import dev.longshore.task.TaskCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says which promises a history breaks; a pure function of it. It uses the page {@code docs/lifecycle.md} and the promises
 * of the design, and no production code that keeps them.
 */
final class Checker {
    private static final Set<String> WRITES_OF_A_HOLDER = Set.of(
            "extendLease",
            "progress",
            "checkpoint",
            "succeed",
            "retry",
            "snooze",
            "continueLater",
            "kill",
            "killUnstarted",
            "cancelRunning");

    private static final Set<String> NO_MORE_ONCE_STOPPED = Set.of("retry", "snooze", "continueLater");

    private static final Set<String> GIVES_BACK = Set.of("snooze", "killUnstarted");

    private static final Set<String> REDRIVES = Set.of("redrive", "redriveAsTask", "redriveWithPayload");

    private final LifecyclePage page;

    Checker(LifecyclePage page) {
        this.page = page;
    }

    /** All that is wrong with a history; empty when every promise held. */
    List<Violation> check(History history) {
        List<Violation> found = new ArrayList<>();
        Acceptance.check(history, found);
        checkEnds(history, found);
        history.events().forEach(event -> {
            if (event instanceof Event.Changed changed) {
                checkChange(changed, history.events(), found);
            }
        });
        checkTerminals(history, found);
        checkDeaths(history, found);
        checkAttempts(history, found);
        checkEffects(history, found);
        Contents.check(history, found);
        ScheduleChanges.check(history, found);
        UniqueChecks.check(history, found);
        BalanceChecks.check(history, found);
        if (history.clocksAgree()) {
            LimitChecks.check(history, found);
        }
        history.stranded()
                .forEach(job -> found.add(new Violation(
                        Kind.STRANDED, job.id(), job.state() + ", due " + job.due() + ", left to the audit")));
        if (!history.handlersMayOverlap()) {
            checkOverlaps(history, found);
        }
        return found;
    }

    /** Everything has ended after quiescence, and every death was handled. */
    private static void checkEnds(History history, List<Violation> found) {
        for (Job job : history.rows().values()) {
            if (!job.state().isTerminal()) {
                found.add(new Violation(
                        Kind.UNFINISHED,
                        job.id(),
                        job.state() + ", attempt " + job.attempt() + ", due " + job.due() + ", index " + job.indexedAt()
                                + "; messages left " + history.messagesLeft()));
            }
            if (job.state() == JobState.DEAD && !job.deathHandled()) {
                found.add(new Violation(Kind.UNHANDLED_DEATH, job.id(), "DEAD as " + job.deadReason()));
            }
            if (job.deadReason() == DeadReason.UNKNOWN_POOL && !job.task().equals(SimulatedTasks.STRANGE)) {
                found.add(new Violation(Kind.UNTRUE, job.id(), "DEAD for want of a pool, and its task has one"));
            }
        }
    }

    private void checkChange(Event.Changed changed, List<Event> events, List<Violation> found) {
        Job before = changed.before();
        Job after = changed.after();
        Adder add = (kind, what) -> found.add(new Violation(kind, after.id(), changed.change() + " " + what));
        if (!page.allows(changed.change(), before.state(), after.state())) {
            add.violation(Kind.ILLEGAL_CHANGE, "led from " + before.state() + " to " + after.state());
        }
        long raised = changed.change().equals("claim") ? 1 : 0;
        if (after.fence() != before.fence() + raised) {
            add.violation(Kind.ILLEGAL_CHANGE, "moved the fence from " + before.fence() + " to " + after.fence());
        }
        if (after.attempt() != attemptAfter(changed)) {
            add.violation(
                    Kind.ILLEGAL_CHANGE,
                    "moved the attempt from " + before.attempt() + " to " + after.attempt() + ", not to "
                            + attemptAfter(changed));
        }
        if (after.attempt() < 0 || after.attempt() > after.maxAttempts()) {
            add.violation(Kind.ILLEGAL_CHANGE, "counts attempt " + after.attempt() + " of " + after.maxAttempts());
        }
        if (WRITES_OF_A_HOLDER.contains(changed.change())
                && (changed.claim() == null || changed.claim() != before.fence())) {
            add.violation(
                    Kind.STALE_WRITE,
                    "by " + changed.sandbox() + " under fence " + changed.claim() + " when the last was "
                            + before.fence());
        }
        if (NO_MORE_ONCE_STOPPED.contains(changed.change()) && before.cancelRequestedAt() != null) {
            add.violation(Kind.ILLEGAL_CHANGE, "after its cancellation was requested at " + before.cancelRequestedAt());
        }
        checkTimes(changed, events, add);
    }

    private interface Adder {
        void violation(Kind kind, String what);
    }

    private static int attemptAfter(Event.Changed changed) {
        int before = changed.before().attempt();
        return switch (changed.change()) {
            case "claim" -> before + 1;
            case "snooze", "continueLater", "killUnstarted" -> before - 1;
            case "redrive", "redriveAsTask", "redriveWithPayload" -> 0;
            default -> before;
        };
    }

    /** What a writer does by its own clock; other clocks may say otherwise. */
    private static void checkTimes(Event.Changed changed, List<Event> events, Adder add) {
        Job before = changed.before();
        boolean takes = Set.of("claim", "rescue", "killCrashed").contains(changed.change());
        if (takes
                && before.state() == JobState.RUNNING
                && before.leaseUntil() != null
                && changed.clock().isBefore(before.leaseUntil().plus(Lifecycle.CLOCK_SKEW))) {
            add.violation(
                    Kind.STOLEN,
                    "at " + changed.clock() + " by its clock, and the lease was until " + before.leaseUntil());
        }
        boolean starts = changed.change().equals("claim") && before.state().isWaiting();
        if (starts && changed.clock().isBefore(before.due())) {
            add.violation(Kind.EARLY, "at " + changed.clock() + ", and it was due at " + before.due());
        }
        if (starts && before.isExpired(decidedAt(changed, events))) {
            add.violation(Kind.EARLY, "after its expiresAt, " + before.expiresAt());
        }
        if (before.state() != JobState.DEAD
                && changed.after().deadReason() == DeadReason.UNKNOWN_POOL
                && changed.clock().isBefore(before.due().plus(Lifecycle.DEPLOYMENT_GRACE))) {
            add.violation(Kind.EARLY, "before a deployment could bring its pool");
        }
        if (changed.change().equals("expire") && !before.isExpired(changed.clock())) {
            add.violation(Kind.UNTRUE, "before its expiresAt, " + before.expiresAt());
        }
    }

    /** A claim's start time says when it was decided. Only a sandbox that froze in between may write it later. */
    private static Instant decidedAt(Event.Changed claim, List<Event> events) {
        Instant decided = claim.after().startedAt();
        if (decided == null) {
            return claim.clock();
        }
        Instant from = claim.at().minus(Duration.between(decided, claim.clock()));
        boolean froze = any(
                events,
                event -> event instanceof Event.Frozen frozen
                        && frozen.sandbox().equals(claim.sandbox())
                        && !frozen.at().isBefore(from)
                        && !frozen.at().isAfter(claim.at()));
        return froze ? decided : claim.clock();
    }

    /** A death counts as handled when its hook was called, and not before. */
    private static void checkDeaths(History history, List<Violation> found) {
        Set<JobId> handled = new HashSet<>();
        for (Event event : history.events()) {
            switch (event) {
                case Event.DeathHandled death -> handled.add(death.id());
                case Event.Changed changed
                when changed.change().equals("markDeathHandled") -> {
                    if (!handled.contains(changed.after().id())
                            && !isOurs(changed.after().id(), history)) {
                        found.add(new Violation(
                                Kind.UNHANDLED_DEATH,
                                changed.after().id(),
                                "marked as handled before its hook was called"));
                    }
                }
                case Event.Changed changed
                when REDRIVES.contains(changed.change()) ->
                    handled.remove(changed.after().id());
                default -> {}
            }
        }
    }

    /** One terminal state, until an operator redrives the job; both in the events and in the row's history. */
    private static void checkTerminals(History history, List<Violation> found) {
        Map<JobId, JobState> ended = new HashMap<>();
        Set<JobId> cancelAsked = new HashSet<>();
        for (Event event : history.events()) {
            if (event instanceof Event.CancelAsked asked) {
                cancelAsked.add(asked.id());
            }
            if (!(event instanceof Event.Changed changed)) {
                continue;
            }
            JobId id = changed.after().id();
            JobState state = changed.after().state();
            if (REDRIVES.contains(changed.change())) {
                ended.remove(id);
            } else if (ended.containsKey(id) && ended.get(id) != state) {
                found.add(new Violation(Kind.FORKED, id, "was " + ended.get(id) + " and became " + state));
            }
            if (state.isTerminal()) {
                ended.put(id, state);
            }
            if (state == JobState.CANCELLED && !cancelAsked.contains(id) && !isReplaced(changed.after())) {
                found.add(new Violation(Kind.INVENTED, id, "CANCELLED, and no client had requested it"));
            }
        }
        for (Job job : history.rows().values()) {
            boolean end = false;
            for (var entry : job.history()) {
                if (end && entry.state() != JobState.QUEUED) {
                    found.add(new Violation(Kind.FORKED, job.id(), "its row has " + entry.state() + " after an end"));
                }
                end = entry.state().isTerminal();
            }
        }
    }

    /** A schedule whose overlap policy says so ends its older job. */
    private static boolean isReplaced(Job job) {
        return job.tags().contains(String.valueOf(job.history().getLast().by()));
    }

    /** Longshore's own tasks have handlers of their own, which are watched by what they do to jobs. */
    private static boolean isOurs(JobId id, History history) {
        Job job = history.rows().get(id);
        return job != null && job.task().startsWith(TaskCatalog.RESERVED);
    }

    /** An attempt counts only when its handler started, and an end is the handler's own. */
    private static void checkAttempts(History history, List<Violation> found) {
        for (Event event : history.events()) {
            switch (event) {
                case Event.Claimed claim when isOurs(claim.id(), history) -> {}
                case Event.Changed changed when isOurs(changed.after().id(), history) -> {}
                case Event.Claimed claim
                when !isAccountedFor(claim, history.events()) ->
                    found.add(new Violation(
                            Kind.UNFAIR_ATTEMPT,
                            claim.id(),
                            "fence " + claim.fence() + " is counted, and " + claim.sandbox() + " started no handler"));
                case Event.Changed changed
                when changed.change().equals("succeed")
                        && !any(
                                history.events(),
                                past -> past instanceof Event.Ended ended
                                        && ended.id().equals(changed.after().id())
                                        && ended.fence() == changed.before().fence()
                                        && ended.returned()) ->
                    found.add(new Violation(
                            Kind.UNTRUE,
                            changed.after().id(),
                            "SUCCEEDED under fence " + changed.before().fence() + ", whose handler did not return"));
                default -> {}
            }
        }
    }

    /** It started a handler, gave the attempt back or tried to, or found the job cancelled; or it crashed or froze. */
    private static boolean isAccountedFor(Event.Claimed claim, List<Event> events) {
        return any(events, event -> switch (event) {
            case Event.Started started -> started.id().equals(claim.id()) && started.fence() == claim.fence();
            case Event.Crashed crashed -> crashed.sandbox().equals(claim.sandbox());
            case Event.Frozen frozen -> frozen.sandbox().equals(claim.sandbox());
            case Event.Failed failed ->
                failed.sandbox().equals(claim.sandbox())
                        && failed.id().equals(claim.id())
                        && GIVES_BACK.contains(failed.change());
            // clocks are off by more than the lease allows: the attempt was declared crashed before it was given back
            case Event.Refused refused ->
                refused.sandbox().equals(claim.sandbox())
                        && refused.id().equals(claim.id())
                        && GIVES_BACK.contains(refused.change());
            case Event.Changed changed ->
                changed.after().id().equals(claim.id())
                        && changed.after().fence() == claim.fence()
                        && (changed.after().attempt() < changed.before().attempt()
                                || changed.after().state() == JobState.CANCELLED);
            default -> false;
        });
    }

    /** A store that refuses lower fences keeps just the effect of the attempt that succeeded. */
    private static void checkEffects(History history, List<Violation> found) {
        Effects effects = Effects.of(history);
        for (Event event : history.events()) {
            if (event instanceof Event.Changed changed
                    && changed.after().state() == JobState.SUCCEEDED
                    && !isOurs(changed.after().id(), history)) {
                JobId id = changed.after().id();
                Long kept = effects.keptWithFence(id);
                if (kept == null || kept != changed.after().fence()) {
                    found.add(new Violation(
                            Kind.WRONG_EFFECT,
                            id,
                            "succeeded under fence " + changed.after().fence() + ", and the kept effect is of "
                                    + kept));
                }
            }
        }
    }

    private static void checkOverlaps(History history, List<Violation> found) {
        Map<JobId, Event.Started> running = new HashMap<>();
        for (Event event : history.events()) {
            switch (event) {
                case Event.Started started -> {
                    Event.@Nullable Started other = running.put(started.id(), started);
                    if (other != null) {
                        found.add(new Violation(
                                Kind.OVERLAP,
                                started.id(),
                                "fence " + started.fence() + " started while " + other.fence() + " ran"));
                    }
                }
                case Event.Ended ended -> {
                    Event.@Nullable Started last = running.get(ended.id());
                    if (last != null && last.fence() == ended.fence()) {
                        running.remove(ended.id());
                    }
                }
                case Event.Crashed crashed ->
                    running.values().removeIf(started -> started.sandbox().equals(crashed.sandbox()));
                default -> {}
            }
        }
    }

    private static boolean any(List<Event> events, Predicate<Event> what) {
        return events.stream().anyMatch(what);
    }
}

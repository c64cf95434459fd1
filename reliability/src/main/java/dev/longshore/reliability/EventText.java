package dev.longshore.reliability;

import dev.longshore.job.JobId;

/** Events as lines of text. */
final class EventText {
    private EventText() {}

    /** What an event has to do with a job; empty for nothing. */
    static String line(Event event, JobId id) {
        return switch (event) {
            case Event.Acknowledged answer when answer.id().equals(id) -> "acknowledged to " + answer.origin();
            case Event.Duplicate answer when answer.id().equals(id) -> "answers a duplicate";
            case Event.Created created
            when created.job().id().equals(id) ->
                "created for " + created.origin() + ", " + created.job().task();
            case Event.Withdrawn taken when taken.job().id().equals(id) -> "withdrawn";
            case Event.Changed changed when changed.after().id().equals(id) -> change(changed);
            case Event.Claimed claimed
            when claimed.id().equals(id) -> claimed.sandbox() + " knows of its claim, fence " + claimed.fence();
            case Event.Started started
            when started.id().equals(id) ->
                started.sandbox() + " starts attempt " + started.attempt() + ", fence " + started.fence();
            case Event.Ended ended
            when ended.id().equals(id) ->
                ended.sandbox() + " ends fence " + ended.fence() + (ended.returned() ? ", returned" : ", threw");
            case Event.Effect effect when effect.id().equals(id) -> "effect under fence " + effect.fence();
            case Event.CancelAsked asked when asked.id().equals(id) -> "cancellation requested";
            case Event.DeathHandled death when death.id().equals(id) -> "death handled";
            case Event.Failed failed
            when failed.id().equals(id) -> failed.sandbox() + " hears that " + failed.change() + " failed";
            case Event.Refused refused
            when refused.id().equals(id) -> refused.change() + " of " + refused.sandbox() + " was refused";
            case Event.Crashed crashed -> crashed.sandbox() + " crashed";
            default -> "";
        };
    }

    private static String change(Event.Changed changed) {
        return "%s by %s (its clock %s): %s -> %s, fence %d, attempt %d of %d, due %s, lease %s, index %s"
                .formatted(
                        changed.change(),
                        changed.sandbox(),
                        changed.clock(),
                        changed.before().state(),
                        changed.after().state(),
                        changed.after().fence(),
                        changed.after().attempt(),
                        changed.after().maxAttempts(),
                        changed.after().due(),
                        changed.after().leaseUntil(),
                        changed.after().indexedAt());
    }
}

package dev.longshore.reliability;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.task.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * One run from its first event to its quiet end.
 *
 * @param rows all rows there are at the end
 * @param schedules all schedules there are at the end
 * @param ledger what an audit counted at the end; empty where none did
 * @param stranded acknowledged jobs that were left to the audit although no queue had lost a message
 * @param payloads those of all rows; one that is not there cannot be read
 * @param results those of all rows that have one; one that is not there cannot be read
 * @param messagesLeft how many messages the queues still hold at the end
 * @param handlersMayOverlap whether clocks differed by more than the lifecycle allows for, or a sandbox froze: then two
 *     handlers of a job may run at once, and only the fence distinguishes them
 * @param clocksAgree whether clocks differed by no more than the lifecycle allows for
 * @param took how much simulated time passed
 */
record History(
        List<Event> events,
        Map<JobId, Job> rows,
        List<Schedule> schedules,
        List<LedgerHour> ledger,
        List<Job> stranded,
        Map<JobId, Json> payloads,
        Map<JobId, Json> results,
        long messagesLeft,
        boolean handlersMayOverlap,
        boolean clocksAgree,
        Duration took) {

    /** The same for the same history, to the last byte. */
    String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Event event : events) {
                digest.update(event.toString().getBytes(StandardCharsets.UTF_8));
            }
            digest.update(rows.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** The events of one job, a line each. */
    String storyOf(JobId id) {
        StringBuilder story = new StringBuilder();
        for (Event event : events) {
            String line = EventText.line(event, id);
            if (!line.isEmpty()) {
                story.append("  ").append(event.at()).append(' ').append(line).append('\n');
            }
        }
        return story.toString();
    }
}

package dev.longshore.cli;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.longshore.client.ApiKey;
import dev.longshore.client.DeadGroups;
import dev.longshore.client.ForbiddenException;
import dev.longshore.client.Ledger;
import dev.longshore.client.Longshore;
import dev.longshore.client.LongshoreException;
import dev.longshore.client.Period;
import dev.longshore.client.Queue;
import dev.longshore.client.Schedule;
import dev.longshore.client.UnauthorizedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Looks at the connection, the key, the clocks and the state of a deployment, as far as the API and this key show it. */
final class Doctor {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** A skew at which delays and expiries of jobs begin to surprise. */
    private static final Duration SKEW = Duration.ofSeconds(30);

    private static final Duration SOON = Duration.ofDays(14);
    private static final Duration OLD_MESSAGE = Duration.ofMinutes(15);
    /** A tick a minute; the alarm MissingTick rings after this time, too. */
    private static final Duration OLD_TICK = Duration.ofMinutes(5);
    /** An audit gets through once an hour, also without jobs; a large one takes some ticks (docs/ledger.md). */
    private static final Duration OLD_AUDIT = Duration.ofMinutes(90);

    private final Shell shell;
    private final Target target;
    private final List<Finding> findings = new ArrayList<>();

    /** How a check ended. */
    enum Result {
        OK,
        WARNING,
        PROBLEM,
        /** not to be seen with this key */
        UNKNOWN;

        @Override
        @JsonValue
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What a check found.
     *
     * @param about what was looked at
     * @param advice what to do; null when nothing is
     */
    record Finding(
            String about,
            Result result,
            String detail,
            @Nullable String advice) {}

    private interface Check {
        void run();
    }

    Doctor(Shell shell, Target target) {
        this.shell = shell;
        this.target = target;
    }

    List<Finding> examine() throws IOException, InterruptedException {
        if (!reachable()) {
            return findings;
        }
        version();
        Longshore built;
        try {
            built = target.client(shell)
                    .maxTries(2)
                    .tryTimeout(TIMEOUT)
                    .totalTimeout(TIMEOUT.multipliedBy(2))
                    .build();
        } catch (CommandFailure e) {
            add("key", Result.PROBLEM, e.text(), null);
            return findings;
        }
        try (Longshore longshore = built) {
            if (key(longshore, target.key(shell))) {
                check("queues", () -> longshore.queues().list().forEach(this::queue));
                check("dead jobs", () -> dead(longshore.deadJobs().groups(null, Period.recent(), 1)));
                check("ledger", () -> ledger(longshore.ledger().read(Period.recent())));
                check("schedules", () -> schedules(longshore.schedules().list().toList()));
            }
        }
        alarms();
        return findings;
    }

    private boolean reachable() throws InterruptedException {
        URI uri = URI.create(target.url().replaceAll("/+$", "") + "/v1/health");
        HttpResponse<String> answer;
        Instant sent = shell.clock().instant();
        try {
            answer = HttpClient.newBuilder()
                    .connectTimeout(TIMEOUT)
                    .build()
                    .send(HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
        } catch (SSLException e) {
            add(
                    "connection",
                    Result.PROBLEM,
                    "TLS with " + uri.getHost() + " failed: " + e.getMessage(),
                    "Look at the certificate, its host name and its expiry");
            return false;
        } catch (IOException e) {
            add(
                    "connection",
                    Result.PROBLEM,
                    target.url() + " (" + target.source() + ") does not answer: " + e,
                    "Is the URL right, and the API started? --url, --profile or LONGSHORE_URL says another");
            return false;
        }
        clock(answer, sent);
        if (uri.getScheme().equals("http") && !isLaptop(uri)) {
            add(
                    "connection",
                    Result.WARNING,
                    "Key and payloads travel without TLS to " + uri.getHost(),
                    "Use an https URL");
        }
        if (answer.statusCode() == 503) {
            add(
                    "health",
                    Result.PROBLEM,
                    "The API answers, and its table does not: 503",
                    "Look at the API's log and at DynamoDB's state");
            return true;
        }
        boolean healthy = answer.statusCode() == 200 && answer.body().contains("\"status\"");
        add(
                "health",
                healthy ? Result.OK : Result.PROBLEM,
                healthy
                        ? target.url() + " (" + target.source() + ") answers, and its table does"
                        : target.url() + "/v1/health is answered with " + answer.statusCode() + " and not by Longshore",
                healthy ? null : "Is the URL the API's?");
        return healthy;
    }

    private void version() throws InterruptedException {
        try {
            String version = ApiContract.versionAt(target.url(), TIMEOUT);
            boolean same = version.equals(ApiContract.CALLED);
            add(
                    "version",
                    same ? Result.OK : Result.WARNING,
                    "The API's contract has version " + version + ", and this command calls " + ApiContract.CALLED,
                    same ? null : "Take the longshore of the deployment's release");
        } catch (IOException | CommandFailure e) {
            add("version", Result.UNKNOWN, String.valueOf(e.getMessage()), null);
        }
    }

    /** The header has whole seconds. */
    private void clock(HttpResponse<String> answer, Instant sent) {
        Instant theirs;
        try {
            theirs = answer.headers()
                    .firstValue("date")
                    .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant())
                    .orElse(null);
        } catch (DateTimeException e) {
            theirs = null;
        }
        if (theirs == null) {
            add("clock", Result.UNKNOWN, "The answer has no Date header to compare with", null);
            return;
        }
        Duration skew = Duration.between(theirs, sent);
        boolean far = skew.abs().compareTo(SKEW) > 0;
        add(
                "clock",
                far ? Result.WARNING : Result.OK,
                far
                        ? "This machine's clock is " + Text.duration(skew.abs())
                                + (skew.isNegative() ? " behind" : " ahead of") + " the API's"
                        : "This machine's clock and the API's differ by less than " + SKEW.toSeconds() + " s",
                far ? "Set the clock by NTP: --run-at, --from and ids of jobs come from it" : null);
    }

    /** Whether the key is valid. Scopes and expiry are shown to a key with the scope admin alone. */
    private boolean key(Longshore longshore, String key) {
        String id = key.split("_", 3)[1];
        try {
            ApiKey about = longshore.keys().get(id);
            Instant expires = about.expiresAt();
            boolean soon =
                    expires != null && expires.isBefore(shell.clock().instant().plus(SOON));
            add(
                    "key",
                    soon ? Result.WARNING : Result.OK,
                    "Key " + id + " has " + about.scopes()
                            + (expires == null
                                    ? " and does not expire"
                                    : " and expires "
                                            + Text.time(expires, shell.clock().instant())),
                    soon ? "Create another one before: longshore keys create" : null);
        } catch (ForbiddenException e) {
            add(
                    "key",
                    Result.OK,
                    "Key " + id + " is valid; its scopes and its expiry are shown to a key with the scope admin alone",
                    null);
        } catch (UnauthorizedException e) {
            add(
                    "key",
                    Result.PROBLEM,
                    "Key " + id + " is refused: " + e.detail(),
                    "Have another one created: longshore keys create");
            return false;
        } catch (LongshoreException e) { // a first key is in no list
            add("key", Result.UNKNOWN, "Key " + id + ": " + e.detail(), null);
        }
        return true;
    }

    private void queue(Queue queue) {
        String about = "pool " + queue.pool();
        if (queue.paused() != null) {
            add(
                    about,
                    Result.WARNING,
                    "Paused "
                            + Text.relative(
                                    queue.paused().since(), shell.clock().instant()) + " by "
                            + queue.paused().by() + "; " + Text.count(queue.setAside(), "job")
                            + (queue.setAside() == 1 ? " is held" : " are held"),
                    "longshore resume --pool " + queue.pool());
        }
        if (queue.depthUnknown()) {
            add(about, Result.WARNING, "The SQS call for its depth failed", "Look at the API's log");
            return;
        }
        Long letters = queue.deadLetters();
        if (letters != null && letters > 0) {
            add(
                    about,
                    Result.WARNING,
                    Text.count(letters, "message") + (letters == 1 ? " is" : " are") + " in its dead-letter queue",
                    "The keeper handles them within minutes; if they stay, look at its log");
        }
        Long age = queue.oldestAgeSeconds();
        if (age != null && age > OLD_MESSAGE.toSeconds() && queue.paused() == null) {
            add(
                    about,
                    Result.WARNING,
                    "The oldest message has waited for " + Text.duration(Duration.ofSeconds(age)),
                    "Does the pool have enough workers? longshore stats shows waits");
        } else if (queue.paused() == null) {
            add(
                    about,
                    Result.OK,
                    Text.of(queue.visible()) + " waiting, " + Text.of(queue.inFlight()) + " in flight",
                    null);
        }
    }

    private void dead(DeadGroups dead) {
        if (dead.groups().isEmpty()) {
            add("dead jobs", Result.OK, "No job is dead", null);
            return;
        }
        DeadGroups.Group largest = dead.groups().get(0);
        add(
                "dead jobs",
                Result.WARNING,
                Text.count(largest.count(), "job") + " of " + largest.task() + " died of " + largest.fingerprint()
                        + (dead.otherGroups() == 0 ? "" : "; " + Text.count(dead.otherGroups(), "more group")),
                "longshore dead, then longshore redrive --error " + largest.fingerprint());
    }

    private void ledger(Ledger ledger) {
        add(
                "ledger",
                ledger.balanced() ? Result.OK : Result.PROBLEM,
                ledger.explanation(),
                ledger.balanced() ? null : "longshore ledger --audit, and docs/ledger.md");
        dispatcher(ledger.tickedAt());
        audit(ledger.auditedAt());
    }

    private void dispatcher(@Nullable Instant ticked) {
        if (ticked == null) {
            add("dispatcher", Result.UNKNOWN, "No tick of it has ended yet", null);
            return;
        }
        boolean late = isBefore(ticked, OLD_TICK);
        add(
                "dispatcher",
                late ? Result.PROBLEM : Result.OK,
                "Its last tick ended " + Text.relative(ticked, shell.clock().instant())
                        + (late ? "; jobs that are due later and schedules wait for it" : ""),
                late ? "Look at the dispatcher's log, and at its schedule in EventBridge" : null);
    }

    private void audit(@Nullable Instant audited) {
        if (audited == null) {
            add("audit", Result.UNKNOWN, "None has ended yet", null);
            return;
        }
        boolean late = isBefore(audited, OLD_AUDIT);
        add(
                "audit",
                late ? Result.WARNING : Result.OK,
                "The last one ended " + Text.relative(audited, shell.clock().instant()),
                late ? "Look in the dispatcher's log for what leaves it no time" : null);
    }

    private boolean isBefore(Instant time, Duration ago) {
        return time.isBefore(shell.clock().instant().minus(ago));
    }

    private void schedules(List<Schedule> schedules) {
        List<String> failing = schedules.stream()
                .filter(schedule ->
                        schedule.last() != null && schedule.last().outcome().equals("unknown_task"))
                .map(Schedule::name)
                .toList();
        long paused = schedules.stream().filter(Schedule::paused).count();
        if (!failing.isEmpty()) {
            add(
                    "schedules",
                    Result.PROBLEM,
                    String.join(", ", failing) + " made no job: the task is unknown",
                    "Deploy the task again, or longshore schedules put with another --task");
        } else {
            add(
                    "schedules",
                    Result.OK,
                    Text.count(schedules.size(), "schedule") + ", " + paused + " of them paused",
                    null);
        }
    }

    private void alarms() throws IOException, InterruptedException {
        URI api = URI.create(target.url());
        if (isLaptop(api)) {
            add("alarms", Result.UNKNOWN, "skipped: a runtime on this machine has none", null);
            return;
        }
        try {
            List<Alarms.Ringing> ringing = new Alarms(shell).ringing(api);
            for (Alarms.Ringing alarm : ringing) {
                add(
                        "alarms",
                        Result.PROBLEM,
                        alarm.name() + " rings: " + alarm.description(),
                        "docs/deploying.md#alarms says what to do");
            }
            if (ringing.isEmpty()) {
                add("alarms", Result.OK, "No alarm of Longshore rings in the account and region of aws", null);
            }
        } catch (Alarms.SkippedException e) {
            add("alarms", Result.UNKNOWN, "skipped: " + e.getMessage(), null);
        }
    }

    private static boolean isLaptop(URI api) {
        return Set.of("127.0.0.1", "localhost", "[::1]").contains(String.valueOf(api.getHost()));
    }

    /** A check that the API refuses says so and does not end the others. */
    private void check(String about, Check check) {
        try {
            check.run();
        } catch (ForbiddenException e) {
            add(about, Result.UNKNOWN, "The key may not read this: " + e.detail(), null);
        } catch (LongshoreException e) {
            add(about, Result.PROBLEM, e.detail(), null);
        }
    }

    private void add(String about, Result result, String detail, @Nullable String advice) {
        findings.add(new Finding(about, result, detail, advice));
    }
}

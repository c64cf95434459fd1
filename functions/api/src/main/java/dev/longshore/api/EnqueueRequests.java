package dev.longshore.api;

import dev.longshore.job.Body;
import dev.longshore.job.JobId;
import dev.longshore.job.NewJob;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.UnknownUploadException;
import dev.longshore.job.engines.Uploads;
import dev.longshore.job.key.ApiKey;
import dev.longshore.task.Json;
import dev.longshore.task.PayloadMistake;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.ScheduleSpec;
import dev.longshore.task.ShortText;
import dev.longshore.task.TaskDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes new jobs out of clients' requests, or says what is wrong with a request. */
final class EnqueueRequests {
    /** The largest payload, in bytes of UTF-8. */
    static final int LARGEST_PAYLOAD = Body.LARGEST;

    /** The longest delay of a job. */
    static final Duration LONGEST_DELAY = Duration.ofDays(3_660);

    /** How far the time in a client's own id may be from now: its time is part of the key of its row. */
    static final Duration ID_WINDOW = Duration.ofDays(1);

    private static final int LONGEST_KEY = 255;

    /** A UUID, a dot and 32 hexadecimal digits. */
    private static final int LONGEST_REF = 69;

    private static final Set<String> FIELDS = new LinkedHashSet<>(List.of(
            "task",
            "payload",
            "payloadRef",
            "delaySeconds",
            "runAt",
            "maxAttempts",
            "fairKey",
            "limitKey",
            "tags",
            "expiresAt",
            "id",
            "meta",
            "idempotencyKey",
            "uniqueKey",
            "onDuplicate",
            "uniqueWhile",
            "debounceMaxSeconds"));
    // The letters of a MessageGroupId ("SendMessage", Amazon SQS API Reference): printable ASCII without the space.
    private static final Pattern ASCII_KEY = Pattern.compile("[!-~]{1,128}");
    // W3C "Trace Context", section 3.2: version, trace, parent, flags.
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private final AcceptedTasks tasks;
    private final RandomGenerator random;
    private final WriteTokens tokens;
    private final Uploads uploads;

    EnqueueRequests(AcceptedTasks tasks, Engines engines) {
        this.tasks = tasks;
        this.random = engines.random();
        this.tokens = new WriteTokens(random);
        this.uploads = new Uploads(engines);
    }

    /** @throws Problem 413, 403 when the key is restricted to other tasks, or 422 with all fields that are wrong */
    NewJob read(
            Map<String, Json> request,
            ApiKey caller,
            @Nullable String keyHeader,
            @Nullable String traceparent,
            Instant now) {
        // a refused field is null here, and requireNone reports them all; 403 and 413 are thrown at once
        Refusals refusals = new Refusals();
        Fields fields = new Fields(request, FIELDS, refusals);
        TaskDescription task = refusals.read(() -> task(fields, caller));
        Json payload = task == null ? null : refusals.read(() -> payload(fields, task, caller));
        Integer maxAttempts = refusals.read(() -> fields.integer("maxAttempts", 1, RetryPolicy.MOST_ATTEMPTS));
        JobId id = refusals.read(() -> id(fields, now));
        String key = refusals.read(() -> idempotencyKey(fields, keyHeader));
        Instant runAt = refusals.read(() -> runAt(fields, now));
        Instant expiresAt = refusals.read(() -> expiresAt(fields, runAt == null ? now : runAt));
        List<String> tags = refusals.read(() -> fields.distinctTexts("tags", 16, ScheduleSpec.LONGEST_TAG));
        String fairKey = refusals.read(() -> fairKey(fields));
        String limitKey = refusals.read(() -> asciiKey(fields, "limitKey"));
        Map<String, String> meta = refusals.read(() -> fields.textsByName("meta", 16, 64, 2_048));
        UniqueFields unique = UniqueFields.read(fields, refusals);
        refusals.check(() -> unique.requireKey(task));
        refusals.requireNone();
        return new NewJob(
                        id == null ? JobId.next(now, random) : id,
                        Objects.requireNonNull(task).name(),
                        task.pool(),
                        maxAttempts == null ? task.maxAttempts() : maxAttempts,
                        Objects.requireNonNull(payload),
                        now,
                        runAt,
                        expiresAt,
                        Objects.requireNonNull(tags),
                        fairKey,
                        key,
                        id == null && key == null ? null : RequestHash.of(fields),
                        Objects.requireNonNull(meta),
                        traceparent,
                        tokens.next())
                .unique(unique.of(task, payload))
                .underLimitKey(limitKey);
    }

    /** The trace context of a request, if it has one that can be read. */
    static @Nullable String traceparent(HttpRequest request) {
        return request.header("traceparent")
                .filter(text -> TRACEPARENT.matcher(text).matches())
                .orElse(null);
    }

    /** @throws Problem 422 when there is no such task; 403, whether there is or not, when the key is restricted to others */
    TaskDescription task(Fields fields, ApiKey caller) {
        String name = fields.text("task", 200);
        if (name == null) {
            throw Problem.refused("/task", "is missing; it names the task to run");
        }
        tasks.requireAllowed(caller, name);
        return tasks.require(name);
    }

    /** The payload in the request, or the upload that it names. */
    private Json payload(Fields fields, TaskDescription task, ApiKey caller) {
        if (!fields.has("payloadRef")) {
            return payload(fields, task, LARGEST_PAYLOAD);
        }
        if (fields.has("payload")) {
            throw Problem.refused("/payloadRef", "and /payload say the same thing twice; send one of them");
        }
        return checked(task, uploaded(fields, caller), LARGEST_PAYLOAD);
    }

    private Json uploaded(Fields fields, ApiKey caller) {
        String ref = Objects.requireNonNull(fields.text("payloadRef", LONGEST_REF));
        byte[] bytes;
        try {
            bytes = uploads.read(caller.id(), ref);
        } catch (UnknownUploadException e) {
            throw Problem.refused("/payloadRef", String.valueOf(e.getMessage()));
        }
        if (bytes.length > LARGEST_PAYLOAD) {
            throw Problem.tooLarge("The upload", bytes.length, LARGEST_PAYLOAD, "upload a payload of at most maxBytes");
        }
        return JsonBody.uploaded(bytes);
    }

    Json payload(Fields fields, TaskDescription task, int largest) {
        return checked(task, fields.json("payload", new Json("{}")), largest);
    }

    /** @throws Problem 413 or 422, when no worker could read it */
    Json checked(TaskDescription task, Json payload) {
        return checked(task, payload, LARGEST_PAYLOAD);
    }

    private Json checked(TaskDescription task, Json payload, int largest) {
        int size = payload.utf8Length();
        if (size > largest) {
            throw Problem.tooLarge(
                    "The payload", size, largest, "put what is large into the file store, and its name here");
        }
        List<PayloadMistake> mistakes = task.payload().mistakes(payload);
        if (!mistakes.isEmpty()) {
            throw Problem.together(mistakes.stream()
                    .map(mistake -> Problem.refused("/payload" + mistake.pointer(), mistake.message()))
                    .toList());
        }
        return payload;
    }

    private static @Nullable Instant runAt(Fields fields, Instant now) {
        if (fields.has("delaySeconds") && fields.has("runAt")) {
            throw Problem.refused("/runAt", "and /delaySeconds say the same thing twice; send one of them");
        }
        Long delay = fields.secondsAsMillis("delaySeconds", LONGEST_DELAY.toSeconds());
        if (delay != null && delay == 0) {
            fields.understand("delaySeconds", null); // 0 is as if it were absent: both have the same RequestHash
            return null;
        }
        if (delay != null) {
            return now.plusMillis(delay);
        }
        Instant runAt = fields.time("runAt");
        if (runAt != null && runAt.isAfter(now.plus(LONGEST_DELAY))) {
            throw Problem.refused("/runAt", "is further away than " + LONGEST_DELAY.toDays() + " days");
        }
        return runAt != null && runAt.isAfter(now) ? runAt : null;
    }

    private static @Nullable Instant expiresAt(Fields fields, Instant due) {
        Instant expiresAt = fields.time("expiresAt");
        if (expiresAt != null && !expiresAt.isAfter(due)) {
            throw Problem.refused("/expiresAt", "is not after the time at which the job may start, " + due);
        }
        return expiresAt;
    }

    private static @Nullable JobId id(Fields fields, Instant now) {
        String text = fields.text("id", 64);
        if (text == null) {
            return null;
        }
        JobId id = JobId.parse(text).orElseThrow(() -> Problem.refused("/id", "takes a UUID of version 7"));
        if (Duration.between(id.time(), now).abs().compareTo(ID_WINDOW) > 0) {
            throw Problem.refused("/id", "carries the time " + id.time() + ", which is more than a day from now");
        }
        return id;
    }

    static @Nullable String fairKey(Fields fields) {
        return asciiKey(fields, "fairKey");
    }

    private static @Nullable String asciiKey(Fields fields, String name) {
        String key = fields.text(name, 128);
        if (key != null && !ASCII_KEY.matcher(key).matches()) {
            throw Problem.refused("/" + name, "takes 1 to 128 letters, digits and punctuation marks of ASCII");
        }
        return key;
    }

    private static @Nullable String idempotencyKey(Fields fields, @Nullable String header) {
        String inBody = fields.text("idempotencyKey", LONGEST_KEY);
        if (header == null) {
            return inBody;
        }
        requireKey(header);
        if (inBody != null && !inBody.equals(header)) {
            throw Problem.refused("/idempotencyKey", "is not the one in the header Idempotency-Key; send one of them");
        }
        return header;
    }

    /** @throws Problem 422 when it cannot be an idempotency key */
    static void requireKey(String header) {
        Optional<String> mistake = ShortText.mistake(header, LONGEST_KEY);
        if (mistake.isPresent()) {
            throw Problem.refused("The header Idempotency-Key " + mistake.get());
        }
    }
}

package dev.longshore.benchmarks;

import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Runs jobs through each course that a job can take, and counts what one of them uses. */
final class JobCosts {
    static final String BURST = "in a burst";
    static final String TRICKLE = "in a steady trickle";
    private static final int JOBS = 100;
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    private final MeteredDeployment deployment;
    private final Map<String, Usage> ofAJob = new LinkedHashMap<>();
    private Usage idleTick = Usage.NONE;

    JobCosts(MeteredDeployment deployment) {
        this.deployment = deployment;
    }

    /** By the name of its course, what a job uses from its request to the end of its retention. */
    Map<String, Usage> ofAJob() {
        return ofAJob;
    }

    /** What the dispatcher uses in a month without a job. */
    Usage ofAnIdleMonth() {
        return idleTick.times((double) Assumptions.MONTH.toMinutes());
    }

    void count() {
        idle();
        count(BURST, () -> {
            enqueue("succeed", Map.of());
            deployment.deliver(Assumptions.BURST);
        });
        count(TRICKLE, () -> {
            for (int i = 0; i < JOBS; i++) {
                post("/v1/jobs", Map.of(), job("succeed", Map.of()));
                deployment.deliver(1);
                deployment.clock.advance(Duration.ofMillis(2_500)); // a million in a month
            }
        });
        count("in a burst, enqueued by batches of 100", () -> {
            post(
                    "/v1/jobs/batch",
                    Map.of(),
                    Map.of(
                            "jobs",
                            IntStream.range(0, JOBS)
                                    .mapToObj(i -> job("succeed", Map.of()))
                                    .toList()));
            deployment.deliver(Assumptions.BURST);
        });
        count("with an `Idempotency-Key`", () -> {
            for (int i = 0; i < JOBS; i++) {
                post("/v1/jobs", Map.of("idempotency-key", "order-" + i), job("succeed", Map.of()));
            }
            deployment.deliver(Assumptions.BURST);
        });
        count("delayed by an hour", () -> {
            enqueue("succeed", Map.of("delaySeconds", 3_600));
            advance(Duration.ofHours(1));
            deployment.deliver(Assumptions.BURST);
        });
        count("three attempts, an hour apart", () -> {
            enqueue("fail-twice", Map.of());
            deployment.deliver(Assumptions.BURST);
            for (int attempt = 2; attempt <= 3; attempt++) {
                advance(Duration.ofHours(1));
                deployment.deliver(Assumptions.BURST);
            }
        });
        count("dead, and redriven", this::dieAndBeRedriven);
        for (int kilobytes : List.of(4, 20, 250)) {
            count("with a payload of " + kilobytes + " KB", () -> enqueueAndRun("succeed", kilobytes));
        }
        for (int kilobytes : List.of(8, 20)) {
            count("with a payload and a result of " + kilobytes + " KB", () -> enqueueAndRun("echo", kilobytes));
        }
        guesses();
    }

    /** An hour of ticks with nothing to do. */
    private void idle() {
        deployment.tick(); // makes what is made once
        deployment.meter.take();
        for (int minute = 0; minute < 60; minute++) {
            deployment.clock.advance(A_MINUTE);
            deployment.tick();
        }
        idleTick = deployment.meter.take().times(1 / 60.0);
    }

    /** Each with an id of its own, ten a second, which is the most that one environment of a function takes ("Lambda quotas"). */
    private void guesses() {
        deployment.meter.take();
        for (int i = 0; i < JOBS; i++) {
            deployment.guess("guess" + i);
            deployment.clock.advance(Duration.ofMillis(100));
        }
        ofAJob.put("none: a request with a wrong key", deployment.meter.take().times(1.0 / JOBS));
    }

    private void count(String course, Runnable jobs) {
        deployment.meter.take();
        double before = deployment.tableBytes();
        deployment.sample.succeeded.set(0);
        jobs.run();
        int succeeded = deployment.sample.succeeded.get();
        if (succeeded != JOBS) {
            throw new IllegalStateException(
                    succeeded + " of the " + JOBS + " jobs " + course + " succeeded; what was counted is not theirs");
        }
        double kept = Assumptions.keptGigabyteMonths(deployment.tableBytes() - before);
        ofAJob.put(
                course,
                deployment.meter.take().plus(Charge.TABLE_GB_MONTH, kept).times(1.0 / JOBS));
    }

    private void enqueue(String task, Map<String, ?> options) {
        for (int i = 0; i < JOBS; i++) {
            post("/v1/jobs", Map.of(), job(task, options));
        }
    }

    /** Text that does not compress, so that a kilobyte of payload is a kilobyte in the store. */
    private void enqueueAndRun(String task, int kilobytes) {
        Random random = new Random(kilobytes);
        for (int i = 0; i < JOBS; i++) {
            byte[] bytes = new byte[kilobytes * 1_024 * 3 / 4];
            random.nextBytes(bytes);
            post(
                    "/v1/jobs",
                    Map.of(),
                    Map.of(
                            "task",
                            task,
                            "payload",
                            Map.of("text", Base64.getEncoder().encodeToString(bytes))));
        }
        deployment.deliver(Assumptions.BURST);
    }

    private static Map<String, ?> job(String task, Map<String, ?> options) {
        Map<String, Object> job = new LinkedHashMap<>(options);
        job.put("task", task);
        job.put("payload", Map.of("name", "Ada Lovelace", "language", "en-GB", "tenant", "6f1c2b34-9b1e-4d7a-8a55"));
        return job;
    }

    private void post(String path, Map<String, String> headers, Map<String, ?> body) {
        deployment.request("POST", path, headers, body);
    }

    private void dieAndBeRedriven() {
        enqueue("fail-until-repaired", Map.of());
        deployment.deliver(Assumptions.BURST);
        deployment.deliverDeadLetters(10);
        deployment.sample.repaired = true;
        post("/v1/jobs/retry", Map.of(), Map.of("task", "fail-until-repaired"));
        int delivered;
        do {
            delivered = deployment.deliver(Assumptions.BURST, Duration.ofSeconds(1));
        } while (delivered > 0);
    }

    private void advance(Duration later) {
        deployment.clock.advance(later);
        tick();
    }

    /** A tick, without what it uses in a minute that has nothing to do: the idle month has that. */
    private void tick() {
        deployment.tick();
        for (Charge charge : idleTick.charges()) {
            deployment.meter.count(charge, -idleTick.of(charge));
        }
    }
}

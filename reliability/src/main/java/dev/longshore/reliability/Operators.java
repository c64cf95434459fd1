package dev.longshore.reliability;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.reliability.SimulatedTasks.Orders;
import dev.longshore.reliability.World.Answer;
import dev.longshore.task.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Operators of the deployment: they cancel, redrive, replace payloads, purge and pause. */
final class Operators {
    /** The origin of a payload that an operator gave a dead job begins with this. */
    static final String REPLACED = "replaced ";

    private static final int MOST_TRIES = 4;

    private final World world;
    private final Simulation simulation;
    private final Random random;
    private int replacements;

    Operators(World world, Simulation simulation, Random random) {
        this.world = world;
        this.simulation = simulation;
        this.random = random;
    }

    /** A number of acts, one after the other. */
    void operate(int acts) throws InterruptedException {
        for (int act = 0; act < acts; act++) {
            world.scheduler.sleep(Duration.ofSeconds(random.nextInt(240)));
            switch (random.nextInt(6)) {
                case 0 -> order("/v1/jobs/retry", "redrive " + act, random.nextBoolean());
                case 1 -> order("/v1/jobs/purge", "purge " + act, false);
                default -> touchOne();
            }
        }
    }

    /** Cancels a job, or redrives a dead one, sometimes with another payload. */
    private void touchOne() {
        List<Job> jobs = world.memory.rows().all();
        if (jobs.isEmpty()) {
            return;
        }
        Job job = jobs.get(random.nextInt(jobs.size()));
        JobId id = job.id();
        if (job.state() == JobState.DEAD) {
            boolean replaced = random.nextInt(3) == 0 && !job.task().startsWith("longshore-");
            post("/v1/jobs/" + id + "/retry", replaced ? payload() : "");
        } else if (random.nextBoolean()) {
            world.recorder.add(new Event.CancelAsked(world.now(), id));
            post("/v1/jobs/" + id + "/cancel", "");
        }
    }

    /** Its children, where it has any, are not those of the old payload. */
    private String payload() {
        return Json.of(Map.of(
                        "payload",
                        new Orders(REPLACED + ++replacements, "return", random.nextInt(2), 0, 1, random.nextInt(3))))
                .text();
    }

    /** All dead jobs at once; under one key, however often it takes. */
    private void order(String path, String key, boolean canary) throws InterruptedException {
        String body = canary ? "{\"all\":true,\"canary\":true}" : "{\"all\":true}";
        for (int tries = 1; tries <= MOST_TRIES; tries++) {
            world.recorder.add(new Event.Asked(world.now(), key));
            Simulation.Api api = simulation.api();
            Answer answer = world.request(api.sandbox(), api.function(), path, body, key);
            if (answer.status() == 200 || answer.status() == 202) {
                acknowledge(key, answer);
                return;
            }
            world.scheduler.sleep(Duration.ofSeconds(1 + random.nextInt(20)));
        }
    }

    /** Pauses a task or the pool, and after a while resumes it, however often it takes. */
    void pause(int pauses) throws InterruptedException {
        for (int pause = 0; pause < pauses; pause++) {
            world.scheduler.sleep(Duration.ofSeconds(random.nextInt(500)));
            String pool = world.deployment().pool(random.nextInt(3));
            String what = random.nextBoolean() ? "/v1/tasks/" + SimulatedTasks.BRIEF : "/v1/queues/" + pool;
            post(what + "/pause", "");
            world.scheduler.sleep(Duration.ofSeconds(random.nextInt(300)));
            resume(what);
        }
    }

    /** Repeats the request until it is answered. A pool that is gone and was never paused has nothing to resume. */
    private void resume(String what) throws InterruptedException {
        int status = 0;
        while (status != 200 && status != 404) {
            world.scheduler.sleep(Duration.ofSeconds(5));
            status = post(what + "/resume", "").status();
        }
    }

    private void acknowledge(String origin, Answer answer) {
        world.recorder.add(new Event.Acknowledged(
                world.now(), origin, new JobId(answer.json().get("id").asString())));
    }

    private Answer post(String path, String body) {
        Simulation.Api asked = simulation.api();
        return world.request(asked.sandbox(), asked.function(), path, body, null);
    }
}

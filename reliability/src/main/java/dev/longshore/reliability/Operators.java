package dev.longshore.reliability;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.reliability.SimulatedTasks.Orders;
import dev.longshore.reliability.World.Answer;
import dev.longshore.task.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Those who look after the deployment: cancel, send back, mend, redrive, purge, pause and schedule. */
final class Operators {
    private static final int MOST_TRIES = 4;

    private final World world;
    private final Simulation simulation;
    private final Random random;

    Operators(World world, Simulation simulation, Random random) {
        this.world = world;
        this.simulation = simulation;
        this.random = random;
    }

    /** So many acts, one after the other. */
    void operate(int acts) throws InterruptedException {
        for (int act = 0; act < acts; act++) {
            world.turns.sleep(Duration.ofSeconds(random.nextInt(240)));
            switch (random.nextInt(6)) {
                case 0 -> order("/v1/jobs/retry", "redrive " + act, random.nextBoolean());
                case 1 -> order("/v1/jobs/purge", "purge " + act, false);
                default -> touchOne();
            }
        }
    }

    /** Cancels a job, or sends a dead one back, sometimes with another payload. */
    private void touchOne() {
        List<Job> jobs = world.memory.rows().all();
        if (jobs.isEmpty()) {
            return;
        }
        Job job = jobs.get(random.nextInt(jobs.size()));
        JobId id = job.id();
        if (job.state() == JobState.DEAD) {
            boolean mended = random.nextInt(3) == 0 && !job.task().startsWith("longshore-");
            post("/v1/jobs/" + id + "/retry", mended ? payload() : "");
        } else if (random.nextBoolean()) {
            world.recorder.add(new Event.CancelAsked(world.now(), id));
            post("/v1/jobs/" + id + "/cancel", "");
        }
    }

    private static String payload() {
        return Json.of(Map.of("payload", new Orders("mended", "return", 0, 0, 1, 0)))
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
            world.turns.sleep(Duration.ofSeconds(1 + random.nextInt(20)));
        }
    }

    /** Pauses a task or the pool, and after a while resumes it, however often it takes. */
    void pause(int pauses) throws InterruptedException {
        for (int pause = 0; pause < pauses; pause++) {
            world.turns.sleep(Duration.ofSeconds(random.nextInt(500)));
            String what = random.nextBoolean() ? "/v1/tasks/" + SimulatedTasks.BRIEF : "/v1/queues/" + World.POOL;
            post(what + "/pause", "");
            world.turns.sleep(Duration.ofSeconds(random.nextInt(300)));
            while (post(what + "/resume", "").status() != 200) {
                world.turns.sleep(Duration.ofSeconds(5));
            }
        }
    }

    /** Puts a schedule, however often it takes, and runs it now a few times. Its instants are in the hour of the simulation. */
    void schedule(String name) throws InterruptedException {
        world.turns.sleep(Duration.ofMillis(random.nextInt(900_000)));
        String body = Json.of(schedule(1 + random.nextInt(8))).text();
        String path = "/v1/schedules/" + name;
        for (int status = 0; status != 200 && status != 201; ) {
            Simulation.Api api = simulation.api();
            status = world.request(api.sandbox(), api.function(), "PUT", path, body, null)
                    .status();
            world.turns.sleep(Duration.ofSeconds(1 + random.nextInt(20)));
        }
        for (int runs = random.nextInt(3); runs > 0; runs--) {
            world.turns.sleep(Duration.ofMillis(1 + 2L * random.nextInt(150_000)));
            world.recorder.add(new Event.Asked(world.now(), Recorder.runOf(name)));
            Answer answer = post(path + "/run", "");
            if (answer.status() == 202) {
                acknowledge(Recorder.runOf(name), answer);
            }
        }
    }

    private Map<String, Object> schedule(int minutes) {
        boolean lengthy = random.nextInt(3) == 0;
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("task", lengthy ? SimulatedTasks.LONG : SimulatedTasks.BRIEF);
        body.put("cron", "0-35/" + minutes + " 12 10 3 *");
        body.put("overlap", List.of("allow", "skip", "cancel").get(random.nextInt(3)));
        body.put("catchUp", List.of("none", "latest", "all").get(random.nextInt(3)));
        body.put("jitterSeconds", random.nextInt(30));
        String ending = List.of("return", "return", "cancel", "discard").get(random.nextInt(4));
        int seconds = lengthy ? random.nextInt(270) : random.nextInt(20);
        body.put("payload", new Orders("scheduled", ending, random.nextInt(2), 0, seconds, 0));
        return body;
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

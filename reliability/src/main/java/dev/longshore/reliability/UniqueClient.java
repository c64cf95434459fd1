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
import java.util.Optional;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/**
 * A client all of whose requests have one unique key, and an operator beside it who redrives a dead job of that key in the
 * middle of a request.
 */
final class UniqueClient {
    /** Of payloads: what a replaced job may get. */
    static final String ORIGIN = "unique ";

    /** The key of requests that keep or reject: at most one job of it has not ended. */
    static final String KEPT = "kept";

    /** The key of requests that replace, or are unique while waiting: at most one job of it was never started. */
    static final String REPLACED = "replaced";

    private static final int MOST_TRIES = 6;

    private final World world;
    private final Simulation simulation;
    private final Random random;
    private final String key;
    private final String name;

    UniqueClient(World world, Simulation simulation, Random random, String key, String name) {
        this.world = world;
        this.simulation = simulation;
        this.random = random;
        this.key = key;
        this.name = ORIGIN + name;
    }

    /** A number of requests, one after the other. */
    void request(int requests) throws InterruptedException {
        for (int request = 0; request < requests; request++) {
            world.scheduler.sleep(Duration.ofSeconds(random.nextInt(90)));
            Optional<JobId> dead = dead();
            if (dead.isPresent() && random.nextBoolean()) {
                world.scheduler.start("operator", () -> post("/v1/jobs/" + dead.get() + "/retry", ""));
            }
            untilAnswered(request);
        }
    }

    private Optional<JobId> dead() {
        return world.memory.rows().all().stream()
                .filter(job -> job.state() == JobState.DEAD && key.equals(job.uniqueKey()))
                .map(Job::id)
                .findFirst();
    }

    private void untilAnswered(int request) throws InterruptedException {
        for (int tries = 1; tries <= MOST_TRIES; tries++) {
            String origin = name + "." + request + "." + tries;
            world.recorder.add(new Event.Asked(world.now(), origin));
            Answer answer = post("/v1/jobs", Json.of(body(origin)).text());
            switch (answer.status()) {
                case 202 -> world.recorder.add(new Event.Acknowledged(world.now(), origin, idOf(answer.json())));
                case 200 -> world.recorder.add(new Event.Duplicate(world.now(), idOf(answer.json())));
                default -> {}
            }
            if (answer.status() == 202 || answer.status() == 200 || answer.status() == 409) {
                return;
            }
            if (answer.status() != 0 && answer.status() != 503) {
                throw new IllegalStateException("A client was answered " + answer.status() + ": " + answer.body());
            }
            world.scheduler.sleep(Duration.ofMillis(100 + random.nextInt(10_000)));
        }
    }

    private static JobId idOf(JsonNode job) {
        return new JobId(job.get("id").asString());
    }

    private Map<String, Object> body(String origin) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("task", SimulatedTasks.BRIEF);
        body.put(
                "payload",
                new Orders(origin, random.nextBoolean() ? "discard" : "return", 0, 0, random.nextInt(15), 0));
        body.put("tags", List.of(origin));
        body.put("uniqueKey", key);
        if (key.equals(KEPT)) {
            body.put("onDuplicate", random.nextBoolean() ? "keep" : "reject");
        } else {
            body.put("onDuplicate", random.nextInt(4) > 0 ? "replace" : "keep");
            body.put("uniqueWhile", "waiting");
            body.put("delaySeconds", random.nextInt(60));
        }
        return body;
    }

    private Answer post(String path, String body) {
        Simulation.Api api = simulation.api();
        return world.request(api.sandbox(), api.function(), path, body, null);
    }
}

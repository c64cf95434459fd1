package dev.longshore.reliability;

import dev.longshore.job.JobId;
import dev.longshore.reliability.SimulatedTasks.Orders;
import dev.longshore.reliability.World.Answer;
import dev.longshore.task.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A client that enqueues jobs and retries when there was no answer: with a key as the same request, else as another. */
final class Client {
    private static final List<String> TASKS = List.of(
            SimulatedTasks.BRIEF,
            SimulatedTasks.BRIEF,
            SimulatedTasks.BRIEF,
            SimulatedTasks.LONG,
            SimulatedTasks.PATIENT,
            SimulatedTasks.STRANGE,
            SimulatedTasks.GARBLED);
    private static final List<String> LIMITED =
            List.of(SimulatedTasks.NARROW, SimulatedTasks.NARROW, SimulatedTasks.NARROW, SimulatedTasks.BROAD);
    private static final List<String> ENDINGS = List.of(
            "return", "return", "return", "return", "return", "return", "discard", "cancel", "crash", "continue");
    private static final int MOST_TRIES = 6;

    private final World world;
    private final Simulation simulation;
    private final Random random;
    private final String name;

    Client(World world, Simulation simulation, Random random, String name) {
        this.world = world;
        this.simulation = simulation;
        this.random = random;
        this.name = name;
    }

    void run() throws InterruptedException {
        world.scheduler.sleep(Duration.ofSeconds(random.nextInt(600)));
        switch (random.nextInt(8)) {
            case 0, 1 -> batch();
            case 2, 3, 4 -> repeated(request(name), name);
            case 5 -> withId();
            default -> plain();
        }
    }

    /** Without a key each try is a request of its own. */
    private void plain() throws InterruptedException {
        for (int tries = 1; tries <= MOST_TRIES; tries++) {
            Map<String, Object> request = request(name + "." + tries);
            if (ask(request, null, name + "." + tries)) {
                return;
            }
            pause();
        }
    }

    /** With an id of the client's own. */
    private void withId() throws InterruptedException {
        Map<String, Object> request = request(name);
        request.put("id", JobId.next(world.now(), random).text());
        repeated(request, null);
    }

    /** With a key, or an id of its own, all tries are one request; sometimes two of them are in flight at once. */
    private void repeated(Map<String, Object> request, @Nullable String key) throws InterruptedException {
        if (random.nextInt(3) == 0) {
            world.scheduler.start("client", () -> ask(request, key, name));
        }
        for (int tries = 1; tries <= MOST_TRIES; tries++) {
            boolean taken = ask(request, key, name);
            pause();
            if (taken && random.nextInt(4) > 0) {
                return;
            }
        }
    }

    private void pause() throws InterruptedException {
        world.scheduler.sleep(Duration.ofMillis(100 + random.nextInt(20_000)));
    }

    private boolean ask(Map<String, Object> request, @Nullable String key, String origin) {
        world.recorder.add(new Event.Asked(world.now(), origin));
        Simulation.Api api = simulation.api();
        Answer answer = world.request(
                api.sandbox(), api.function(), "/v1/jobs", Json.of(request).text(), key);
        if (answer.status() == 202 || answer.status() == 200) {
            acknowledge(origin, answer.json());
            return true;
        }
        return isRefused(answer, request);
    }

    /** Many jobs of tasks with limits at once: more than run at once, and sometimes more than fit into the line. */
    void burst() throws InterruptedException {
        world.scheduler.sleep(Duration.ofSeconds(random.nextInt(600)));
        int size = random.nextInt(4) == 0 ? 30 : 3 + random.nextInt(6);
        batch(size, LIMITED);
    }

    private void batch() throws InterruptedException {
        batch(2 + random.nextInt(3), TASKS);
    }

    /** Several requests at once, each under a key of its own; those that were not taken are sent again. */
    private void batch(int size, List<String> tasks) throws InterruptedException {
        List<Map<String, Object>> requests = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Map<String, Object> request = request(name + "-" + i, tasks);
            request.put("idempotencyKey", name + "-" + i);
            requests.add(request);
        }
        for (int tries = 1; tries <= MOST_TRIES && !requests.isEmpty(); tries++) {
            requests.forEach(request -> world.recorder.add(new Event.Asked(world.now(), origin(request))));
            Simulation.Api api = simulation.api();
            Answer answer = world.request(
                    api.sandbox(),
                    api.function(),
                    "/v1/jobs/batch",
                    Json.of(Map.of("jobs", requests)).text(),
                    null);
            if (answer.status() == 207) {
                requests = notTaken(requests, answer.json().get("results"));
            } else {
                isRefused(answer, Map.of());
            }
            pause();
        }
    }

    private List<Map<String, Object>> notTaken(List<Map<String, Object>> requests, JsonNode results) {
        List<Map<String, Object>> left = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            JsonNode result = results.get(i);
            int status = result.get("status").asInt();
            if (status == 202 || status == 200) {
                acknowledge(origin(requests.get(i)), result.get("job"));
            } else if (!isRefused(new Answer(status, result.toString()), requests.get(i))) {
                left.add(requests.get(i));
            }
        }
        return left;
    }

    private void acknowledge(String origin, JsonNode job) {
        world.recorder.add(new Event.Acknowledged(
                world.now(), origin, new JobId(job.get("id").asString())));
    }

    /** Whether the deployment does not have the task any more. Any other answer makes the client repeat its request. */
    private static boolean isRefused(Answer answer, Map<String, Object> request) {
        if (answer.status() == 422 && SimulatedTasks.STRANGE.equals(request.get("task"))) {
            return true;
        }
        if (answer.status() != 0 && answer.status() != 503) {
            throw new IllegalStateException("A client was answered " + answer.status() + ": " + answer.body());
        }
        return false;
    }

    private static String origin(Map<String, Object> request) {
        return (String) ((List<?>) request.getOrDefault("tags", List.of("?"))).getFirst();
    }

    private Map<String, Object> request(String origin) {
        return request(origin, TASKS);
    }

    private Map<String, Object> request(String origin, List<String> tasks) {
        Map<String, Object> request = new LinkedHashMap<>();
        String task = tasks.get(random.nextInt(tasks.size()));
        request.put("task", task);
        if (task.equals(SimulatedTasks.NARROW) && random.nextInt(4) > 0) {
            request.put("limitKey", "customer-" + random.nextInt(2));
        }
        request.put("payload", orders(origin, task));
        request.put("tags", List.of(origin));
        switch (random.nextInt(6)) {
            case 0 -> request.put("delaySeconds", 1 + random.nextInt(1_800));
            case 1 ->
                request.put(
                        "expiresAt",
                        world.now().plusSeconds(800 + random.nextInt(600)).toString());
            default -> {}
        }
        return request;
    }

    private Orders orders(String origin, String task) {
        return new Orders(
                origin,
                ENDINGS.get(random.nextInt(ENDINGS.size())),
                random.nextInt(3) == 0 ? random.nextInt(5) : 0,
                random.nextInt(6) == 0 ? 1 + random.nextInt(3) : 0,
                task.equals(SimulatedTasks.LONG) || task.equals(SimulatedTasks.BROAD)
                        ? random.nextInt(270)
                        : random.nextInt(25),
                random.nextInt(8) == 0 ? 2 : 0);
    }
}

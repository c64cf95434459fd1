package dev.longshore.reliability;

import dev.longshore.job.JobId;
import dev.longshore.reliability.SimulatedTasks.Orders;
import dev.longshore.reliability.World.Answer;
import dev.longshore.task.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Puts one schedule, runs it now a few times, and changes it. Repeats each request until it is answered. */
final class ScheduleOwner {
    private final World world;
    private final Simulation simulation;
    private final Random random;
    private final String name;
    private final Map<String, Object> definition = new LinkedHashMap<>();
    private int versions;

    ScheduleOwner(World world, Simulation simulation, Random random, String name) {
        this.world = world;
        this.simulation = simulation;
        this.random = random;
        this.name = name;
    }

    /**
     * The instants are in the hour of the simulation.
     *
     * @param changes how often the definition is replaced, paused or deleted
     */
    void own(int changes) throws InterruptedException {
        world.scheduler.sleep(Duration.ofMillis(random.nextInt(900_000)));
        put();
        for (int runs = random.nextInt(3); runs > 0; runs--) {
            world.scheduler.sleep(Duration.ofMillis(1 + 2L * random.nextInt(150_000)));
            runNow();
        }
        for (int change = 0; change < changes; change++) {
            world.scheduler.sleep(Duration.ofMillis(random.nextInt(240_000)));
            change();
        }
    }

    private void put() throws InterruptedException {
        boolean lengthy = random.nextInt(3) == 0;
        definition.put("task", lengthy ? SimulatedTasks.LONG : SimulatedTasks.BRIEF);
        definition.put("cron", "0-35/" + (1 + random.nextInt(8)) + " 12 10 3 *");
        definition.put("overlap", List.of("allow", "skip", "cancel").get(random.nextInt(3)));
        definition.put("catchUp", List.of("none", "latest", "all").get(random.nextInt(3)));
        definition.put("jitterSeconds", random.nextInt(30));
        putPayload();
    }

    private void putPayload() throws InterruptedException {
        boolean lengthy = SimulatedTasks.LONG.equals(definition.get("task"));
        String ending = List.of("return", "return", "cancel", "discard").get(random.nextInt(4));
        int seconds = lengthy ? random.nextInt(270) : random.nextInt(20);
        Orders orders = new Orders("version " + ++versions, ending, random.nextInt(2), 0, seconds, 0);
        definition.put("payload", orders);
        demand("PUT", "", Json.of(definition).text(), orders);
    }

    private void runNow() {
        world.recorder.add(new Event.Asked(world.now(), Recorder.runOf(name)));
        Answer answer = request("POST", "/run", "");
        if (answer.status() == 202) {
            String id = answer.json().get("id").asString();
            world.recorder.add(new Event.Acknowledged(world.now(), Recorder.runOf(name), new JobId(id)));
        }
    }

    private void change() throws InterruptedException {
        switch (random.nextInt(4)) {
            case 0 -> put();
            case 1 -> {
                demand("POST", "/pause", "", null);
                world.scheduler.sleep(Duration.ofMillis(random.nextInt(120_000)));
                demand("POST", "/resume", "", (Orders) definition.get("payload"));
            }
            case 2 -> {
                demand("DELETE", "", "", null);
                world.scheduler.sleep(Duration.ofMillis(random.nextInt(120_000)));
                put();
            }
            default -> putPayload();
        }
    }

    /** @param then what the schedule's jobs are given once this is answered; null when it makes none */
    private void demand(String method, String what, String body, @Nullable Orders then) throws InterruptedException {
        world.recorder.add(new Event.ScheduleChanging(world.now(), name));
        for (int status = 0; status / 100 != 2 && !(method.equals("DELETE") && status == 404); ) {
            status = request(method, what, body).status();
            if (status != 0 && status / 100 != 2 && status != 503 && status != 404) {
                throw new IllegalStateException(method + " of a schedule was answered " + status);
            }
            if (status / 100 == 2 || status == 404) {
                world.recorder.add(new Event.ScheduleChanged(world.now(), name, then));
            }
            world.scheduler.sleep(Duration.ofSeconds(1 + random.nextInt(20)));
        }
    }

    private Answer request(String method, String what, String body) {
        Simulation.Api api = simulation.api();
        return world.request(api.sandbox(), api.function(), method, "/v1/schedules/" + name + what, body, null);
    }
}

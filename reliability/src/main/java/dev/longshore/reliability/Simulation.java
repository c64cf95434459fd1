package dev.longshore.reliability;

import static dev.longshore.reliability.Scenario.Dial.BODIES;
import static dev.longshore.reliability.Scenario.Dial.DISPATCHERS;
import static dev.longshore.reliability.Scenario.Dial.LIMITS;
import static dev.longshore.reliability.Scenario.Dial.OPERATOR;
import static dev.longshore.reliability.Scenario.Dial.POOLS;
import static dev.longshore.reliability.Scenario.Dial.REQUESTS;
import static dev.longshore.reliability.Scenario.Dial.SCHEDULES;
import static dev.longshore.reliability.Scenario.Dial.SCHEDULE_CHANGES;
import static dev.longshore.reliability.Scenario.Dial.UNIQUE;
import static dev.longshore.reliability.Scenario.Dial.WORKERS;

import dev.longshore.api.ApiFunction;
import dev.longshore.job.Job;
import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.keeper.DispatcherFunction;
import dev.longshore.reliability.Scenario.Dial;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One history out of a seed: clients, operators, pollers and dispatchers around the real functions, in a deployment whose
 * engines fail, whose messages come twice and late, whose clocks differ, whose sandboxes freeze and crash. After a while
 * the faults end, and everything must come to its one right end.
 */
final class Simulation {
    /** For how long faults happen. */
    private static final Duration WITH_FAULTS = Duration.ofMinutes(25);

    /** By when everything has to have ended: longer than the longest backoffs and all receives of a message. */
    private static final Duration LONGEST = Duration.ofHours(6);

    /** Before any dispatcher, whatever its clock, first counts the hour of the simulation. */
    private static final Duration BEFORE_THE_AUDIT = Duration.ofMinutes(70);

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** A simulated result is no larger. */
    private static final int RESULT_BYTES = 8;

    /** Some simulated payloads are larger, and some are not. */
    private static final int MIDDLING_BYTES = 90;

    private final Scenario scenario;
    private final Random random;
    private final World world;
    private final SeededFaultPlan faultPlan;
    private boolean bad = true;
    private int sandboxes;
    private int clientsLeft;
    private @Nullable Api api;

    private Simulation(Scenario scenario) {
        this.scenario = scenario;
        this.random = new Random(scenario.seed());
        this.faultPlan = new SeededFaultPlan(scenario);
        this.world = new World(scenario.seed(), faultPlan);
        switch (scenario.get(BODIES)) {
            case 1 -> world.memory.bodies().apartAbove(0, Integer.MAX_VALUE);
            case 2 -> world.memory.bodies().apartAbove(0, 0);
            case 3 -> world.memory.bodies().apartAbove(RESULT_BYTES, MIDDLING_BYTES);
            default -> {}
        }
    }

    static History run(Scenario scenario) {
        return new Simulation(scenario).run();
    }

    private History run() {
        Instant start = world.now();
        world.deploy(Deployment.of(scenario.get(POOLS), scenario.get(SCHEDULES) > 1));
        for (int request = 0; request < scenario.get(REQUESTS); request++) {
            actor("client", new Client(world, this, random, "r" + request)::run);
        }
        for (String pool : world.deployment().pools()) {
            for (int worker = 0; worker < scenario.get(WORKERS); worker++) {
                actor("poller", new Poller(world, this, random, pool, false)::poll);
            }
            actor("poller", new Poller(world, this, random, pool, true)::poll);
        }
        for (int dispatcher = 0; dispatcher < scenario.get(DISPATCHERS); dispatcher++) {
            actor("ticker", this::tick);
        }
        Operators operators = new Operators(world, this, random);
        actor("client", () -> operators.operate(scenario.get(OPERATOR)));
        actor("client", () -> operators.pause(scenario.get(OPERATOR) / 3));
        for (int schedule = 0; schedule < scenario.get(SCHEDULES); schedule++) {
            String name = "s" + schedule;
            ScheduleOwner owner = new ScheduleOwner(world, this, random, name);
            actor("client", () -> owner.own(scenario.get(SCHEDULE_CHANGES)));
        }
        Random ofUnique = new Random(~scenario.seed());
        for (int client = 0; client < 4 && scenario.get(UNIQUE) > 0; client++) {
            String key = client < 2 ? UniqueClient.KEPT : UniqueClient.REPLACED;
            UniqueClient unique = new UniqueClient(world, this, ofUnique, key, "u" + client);
            actor("client", () -> unique.request(scenario.get(UNIQUE)));
        }
        for (int burst = 0; burst < scenario.get(LIMITS); burst++) {
            actor("client", new Client(world, this, random, "b" + burst)::burst);
        }
        Misfortunes misfortunes = new Misfortunes(world, scenario, faultPlan, random);
        actor("outages", misfortunes::breakDown);
        actor("denials", misfortunes::deny);
        actor("losses", misfortunes::lose);
        actor("purges", misfortunes::purgeQueues);
        actor("deployment", misfortunes::removeAPool);
        world.scheduler.run(start.plus(WITH_FAULTS));
        faultPlan.clear();
        bad = false;
        untilQuietOr(start.plus(BEFORE_THE_AUDIT));
        List<Job> stranded = new ArrayList<>(scenario.mayNeedTheAudit() ? List.of() : world.stranded());
        if (scenario.clocksAgree() && !scenario.losesMessages()) {
            stranded.addAll(world.strandedInLimits());
        }
        untilQuietOr(start.plus(LONGEST));
        History history = world.history(scenario.handlersMayOverlap(), scenario.clocksAgree(), audited(), stranded);
        world.scheduler.end();
        return history;
    }

    /** The ledger after one more count of every hour in which a job can be, by whichever dispatcher does it. */
    private List<LedgerHour> audited() {
        Instant beyondAllClocks =
                world.now().plus(scenario.skew().multipliedBy(2)).plus(MINUTE);
        while (world.now().isBefore(beyondAllClocks)) {
            aMinutePasses();
        }
        world.memory.ledger().request(beyondAllClocks);
        Instant tooLate = world.now().plus(MINUTE.multipliedBy(30));
        while (!isServed(beyondAllClocks) && world.now().isBefore(tooLate)) {
            aMinutePasses();
        }
        return world.memory.ledger().hours(Instant.EPOCH, tooLate);
    }

    private boolean isServed(Instant request) {
        return world.memory.ledger().progress().stream().anyMatch(audit -> request.equals(audit.served()));
    }

    private void untilQuietOr(Instant time) {
        while (!(world.isQuiet() && clientsLeft == 0) && world.now().isBefore(time)) {
            aMinutePasses();
        }
    }

    private void aMinutePasses() {
        Instant next = world.now().plus(MINUTE);
        world.scheduler.run(next);
        world.memory.clock().set(next);
    }

    private interface Act {
        void run() throws InterruptedException;
    }

    private void actor(String name, Act act) {
        boolean client = name.equals("client");
        clientsLeft += client ? 1 : 0;
        world.scheduler.start(name, () -> {
            try {
                act.run();
            } catch (InterruptedException e) {
                throw new IllegalStateException("Nothing interrupts an actor", e);
            }
            clientsLeft -= client ? 1 : 0;
        });
    }

    /** An API that lives: the one that answered last, as long as it did and no new version was deployed. */
    Api api() {
        if (api == null || !api.sandbox().isAlive() || !api.deployment().equals(world.deployment())) {
            Sandbox sandbox = sandbox("api");
            api = new Api(sandbox, world.api(sandbox), world.deployment());
        }
        return api;
    }

    /** An instance of the API. */
    record Api(Sandbox sandbox, ApiFunction function, Deployment deployment) {}

    /** A new sandbox, its clock off by what the scenario allows. */
    Sandbox sandbox(String name) {
        long most = scenario.skew().toMillis();
        return world.sandbox(
                name + "-" + ++sandboxes, Duration.ofMillis(most == 0 ? 0 : random.nextLong(-most, most + 1)));
    }

    /** Draws whether this fault happens to a message now; never after the faults have ended. */
    boolean happens(Dial rate) {
        return bad && random.nextInt(1_000) < scenario.get(rate);
    }

    private void tick() throws InterruptedException {
        world.scheduler.sleep(Duration.ofSeconds(random.nextInt(60)));
        Deployment deployment = world.deployment();
        Sandbox sandbox = sandbox("dispatcher");
        DispatcherFunction dispatcher = world.dispatcher(sandbox);
        while (true) {
            world.tick(sandbox, dispatcher);
            world.scheduler.sleep(MINUTE);
            if (!sandbox.isAlive() || !deployment.equals(world.deployment())) {
                deployment = world.deployment();
                sandbox = sandbox("dispatcher");
                dispatcher = world.dispatcher(sandbox);
            }
        }
    }
}

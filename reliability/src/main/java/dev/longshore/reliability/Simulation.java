package dev.longshore.reliability;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.api.ApiFunction;
import dev.longshore.job.Job;
import dev.longshore.job.LedgerHour;
import dev.longshore.keeper.DispatcherFunction;
import dev.longshore.testkit.InMemoryJobQueue.Received;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One history out of a seed: clients, operators, pollers and dispatchers around the real functions, in a deployment whose
 * engines fail, whose messages come twice and late, whose clocks differ, whose sandboxes freeze and crash. After a while
 * the weather clears, and everything must come to its one right end.
 */
final class Simulation {
    /** For how long faults happen. */
    private static final Duration BAD_WEATHER = Duration.ofMinutes(25);

    /** By when everything has to have ended: longer than the longest backoffs and all receives of a message. */
    private static final Duration LONGEST = Duration.ofHours(6);

    /** Before any dispatcher, whatever its clock, first counts the hour of the simulation. */
    private static final Duration BEFORE_THE_AUDIT = Duration.ofMinutes(70);

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Scenario scenario;
    private final Random random;
    private final World world;
    private final SeededWeather weather;
    private boolean bad = true;
    private int sandboxes;
    private int clientsLeft;
    private @Nullable Api api;

    private Simulation(Scenario scenario) {
        this.scenario = scenario;
        this.random = new Random(scenario.seed());
        this.weather = new SeededWeather(scenario);
        this.world = new World(scenario.seed(), weather);
    }

    static History run(Scenario scenario) {
        return new Simulation(scenario).run();
    }

    private History run() {
        Instant start = world.now();
        if (scenario.schedules() > 1) {
            world.deploy(SimulatedTasks.scheduled());
        }
        for (int request = 0; request < scenario.requests(); request++) {
            actor("client", new Client(world, this, random, "r" + request)::run);
        }
        for (int worker = 0; worker < scenario.workers(); worker++) {
            actor("poller", () -> poll("worker", world::worker, false));
        }
        actor("poller", () -> poll("dead-letters", world::deadLetters, true));
        for (int dispatcher = 0; dispatcher < scenario.dispatchers(); dispatcher++) {
            actor("ticker", this::tick);
        }
        Operators operators = new Operators(world, this, random);
        actor("client", () -> operators.operate(scenario.operator()));
        actor("client", () -> operators.pause(scenario.operator() / 3));
        for (int schedule = 0; schedule < scenario.schedules(); schedule++) {
            String name = "s" + schedule;
            actor("client", () -> operators.schedule(name));
        }
        actor("outages", this::breakDown);
        actor("losses", this::lose);
        world.turns.run(start.plus(BAD_WEATHER));
        weather.clear();
        bad = false;
        untilQuietOr(start.plus(BEFORE_THE_AUDIT));
        List<Job> stranded = scenario.mayNeedTheAudit() ? List.of() : world.stranded();
        untilQuietOr(start.plus(LONGEST));
        History history = world.history(scenario.handlersMayOverlap(), audited(), stranded);
        world.turns.end();
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
        world.turns.run(next);
        world.memory.clock().set(next);
    }

    private interface Act {
        void run() throws InterruptedException;
    }

    private void actor(String name, Act act) {
        boolean client = name.equals("client");
        clientsLeft += client ? 1 : 0;
        world.turns.start(name, () -> {
            try {
                act.run();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts an actor", e);
            }
            clientsLeft -= client ? 1 : 0;
        });
    }

    /** An API that lives: the one that answered last, as long as it did. */
    Api api() {
        if (api == null || !api.sandbox().isAlive()) {
            Sandbox sandbox = sandbox("api");
            api = new Api(sandbox, world.api(sandbox));
        }
        return api;
    }

    /** An instance of the API. */
    record Api(Sandbox sandbox, ApiFunction function) {}

    /** A new sandbox, its clock off by what the scenario allows. */
    Sandbox sandbox(String name) {
        long most = scenario.skew().toMillis();
        return world.sandbox(
                name + "-" + ++sandboxes, Duration.ofMillis(most == 0 ? 0 : random.nextLong(-most, most + 1)));
    }

    /** As Lambda's event source mapping: takes messages, calls the function, deletes what is done. */
    private void poll(String name, Function<Sandbox, RequestStreamHandler> make, boolean dead)
            throws InterruptedException {
        Sandbox sandbox = sandbox(name);
        RequestStreamHandler function = make.apply(sandbox);
        while (true) {
            world.turns.sleep(Duration.ofMillis(500 + random.nextInt(4_000)));
            List<Received> messages = dead
                    ? world.queue.receiveDeadLetters(World.POOL, 1 + random.nextInt(3))
                    : world.queue.receive(World.POOL, 1 + random.nextInt(5));
            if (messages.isEmpty()) {
                continue;
            }
            disturb(messages, dead);
            List<String> done = world.deliver(sandbox, function, messages, dead);
            for (String receipt : done) {
                if (!happens(scenario.unanswered())) {
                    delete(receipt, dead);
                }
            }
            if (!sandbox.isAlive()) {
                world.turns.sleep(Duration.ofSeconds(1 + random.nextInt(20)));
                sandbox = sandbox(name);
                function = make.apply(sandbox);
            }
        }
    }

    /** A second copy of a message, or a wait so long that the message is visible again. */
    private void disturb(List<Received> messages, boolean dead) throws InterruptedException {
        for (Received message : messages) {
            if (happens(scenario.doubled()) && !dead) {
                world.queue.sendRaw(World.POOL, message.body());
            } else if (happens(scenario.doubled())) {
                world.queue.sendToDeadLetters(World.POOL, message.body());
            }
        }
        if (happens(scenario.late())) {
            world.turns.sleep(Duration.ofSeconds(1 + random.nextInt(180)));
        }
    }

    private void delete(String receipt, boolean dead) {
        if (dead) {
            world.queue.deleteDeadLetter(World.POOL, receipt);
        } else {
            world.queue.delete(World.POOL, receipt);
        }
    }

    private boolean happens(int perThousand) {
        return bad && random.nextInt(1_000) < perThousand;
    }

    private void tick() throws InterruptedException {
        world.turns.sleep(Duration.ofSeconds(random.nextInt(60)));
        Sandbox sandbox = sandbox("dispatcher");
        DispatcherFunction dispatcher = world.dispatcher(sandbox);
        while (true) {
            world.tick(sandbox, dispatcher);
            world.turns.sleep(MINUTE);
            if (!sandbox.isAlive()) {
                sandbox = sandbox("dispatcher");
                dispatcher = world.dispatcher(sandbox);
            }
        }
    }

    /** Messages that no queue should lose: received by nobody, and deleted. */
    private void lose() throws InterruptedException {
        for (int loss = 0; loss < scenario.losses(); loss++) {
            world.turns.sleep(Duration.ofSeconds(1 + random.nextInt(700)));
            boolean dead = random.nextInt(3) == 0;
            List<Received> messages = dead
                    ? world.queue.receiveDeadLetters(World.POOL, 1 + random.nextInt(3))
                    : world.queue.receive(World.POOL, 1 + random.nextInt(3));
            messages.forEach(message -> delete(message.receipt(), dead));
        }
    }

    private void breakDown() throws InterruptedException {
        for (int outage = 0; outage < scenario.outages(); outage++) {
            world.turns.sleep(Duration.ofSeconds(1 + random.nextInt(400)));
            weather.breakDown(world.now());
        }
    }
}

package dev.longshore.reliability;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.memory.InMemoryJobQueue.Received;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** As Lambda's event source mapping of one queue: takes messages, calls the function, deletes what is done. */
final class Poller {
    private final World world;
    private final Simulation simulation;
    private final Random random;
    private final String pool;
    private final boolean dead;

    /** @param dead whether it polls the pool's dead-letter queue */
    Poller(World world, Simulation simulation, Random random, String pool, boolean dead) {
        this.world = world;
        this.simulation = simulation;
        this.random = random;
        this.pool = pool;
        this.dead = dead;
    }

    /** Returns when the pool is removed. */
    void poll() throws InterruptedException {
        Deployment deployment = world.deployment();
        Sandbox sandbox = simulation.sandbox(dead ? "dead-letters" : "worker");
        RequestStreamHandler function = function(sandbox);
        while (true) {
            world.scheduler.sleep(Duration.ofMillis(500 + random.nextInt(4_000)));
            if (!world.queue.hasPool(pool)) {
                return;
            }
            List<Received> messages = receive();
            if (messages.isEmpty()) {
                continue;
            }
            disturb(messages);
            List<String> done = world.deliver(sandbox, function, pool, messages, dead);
            for (String receipt : done) {
                if (!simulation.happens(Scenario.Dial.UNANSWERED)) {
                    delete(receipt);
                }
            }
            if (!sandbox.isAlive()) {
                world.scheduler.sleep(Duration.ofSeconds(1 + random.nextInt(20)));
            }
            if (!sandbox.isAlive() || !deployment.equals(world.deployment())) {
                deployment = world.deployment();
                sandbox = simulation.sandbox(dead ? "dead-letters" : "worker");
                function = function(sandbox);
            }
        }
    }

    private RequestStreamHandler function(Sandbox sandbox) {
        return dead ? world.deadLetters(sandbox) : world.worker(sandbox);
    }

    private List<Received> receive() {
        return dead
                ? world.queue.receiveDeadLetters(pool, 1 + random.nextInt(3))
                : world.queue.receive(pool, 1 + random.nextInt(5));
    }

    /** Sends copies of messages, or waits so long that they are visible again. */
    private void disturb(List<Received> messages) throws InterruptedException {
        for (Received message : messages) {
            if (simulation.happens(Scenario.Dial.DOUBLED)) {
                if (dead) {
                    world.queue.sendToDeadLetters(pool, message.body());
                } else {
                    world.queue.sendRaw(pool, message.body());
                }
            }
        }
        if (simulation.happens(Scenario.Dial.LATE)) {
            world.scheduler.sleep(Duration.ofSeconds(1 + random.nextInt(180)));
        }
    }

    private void delete(String receipt) {
        if (!world.queue.hasPool(pool)) {
            return;
        }
        if (dead) {
            world.queue.deleteDeadLetter(pool, receipt);
        } else {
            world.queue.delete(pool, receipt);
        }
    }
}

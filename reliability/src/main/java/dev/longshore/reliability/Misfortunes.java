package dev.longshore.reliability;

import static dev.longshore.reliability.Scenario.Dial.DENIED;
import static dev.longshore.reliability.Scenario.Dial.LEAVING;
import static dev.longshore.reliability.Scenario.Dial.LOSSES;
import static dev.longshore.reliability.Scenario.Dial.OUTAGES;
import static dev.longshore.reliability.Scenario.Dial.QUEUE_PURGES;

import dev.longshore.memory.InMemoryJobQueue.Received;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Faults of a whole deployment: outages, denied calls, lost messages, and a new version without one of the pools. */
final class Misfortunes {
    private final World world;
    private final Scenario scenario;
    private final SeededFaultPlan faultPlan;
    private final Random random;

    Misfortunes(World world, Scenario scenario, SeededFaultPlan faultPlan, Random random) {
        this.world = world;
        this.scenario = scenario;
        this.faultPlan = faultPlan;
        this.random = random;
    }

    void breakDown() throws InterruptedException {
        for (int outage = 0; outage < scenario.get(OUTAGES); outage++) {
            sleepUpTo(400);
            faultPlan.breakDown(world.now());
        }
    }

    void deny() throws InterruptedException {
        for (int denial = 0; denial < scenario.get(DENIED); denial++) {
            sleepUpTo(400);
            faultPlan.deny(world.now());
        }
    }

    /** Deletes messages that no function has received. */
    void lose() throws InterruptedException {
        for (int loss = 0; loss < scenario.get(LOSSES); loss++) {
            sleepUpTo(700);
            String pool = anyPool();
            if (random.nextInt(3) == 0) {
                List<Received> letters = world.queue.receiveDeadLetters(pool, 1 + random.nextInt(3));
                letters.forEach(letter -> world.queue.deleteDeadLetter(pool, letter.receipt()));
            } else {
                List<Received> messages = world.queue.receive(pool, 1 + random.nextInt(3));
                messages.forEach(message -> world.queue.delete(pool, message.receipt()));
            }
        }
    }

    /** As an operator purges a queue in the console: also the messages in flight are gone. */
    void purgeQueues() throws InterruptedException {
        for (int purge = 0; purge < scenario.get(QUEUE_PURGES); purge++) {
            sleepUpTo(1_200);
            world.queue.loseAll(anyPool());
        }
    }

    /** Deploys a version without the last pool: first the functions, then its queues go with all their messages. */
    void removeAPool() throws InterruptedException {
        if (scenario.get(LEAVING) > 0) {
            sleepUpTo(1_200);
            Deployment before = world.deployment();
            world.deploy(before.withoutLastPool());
            sleepUpTo(30);
            world.queue.removePool(before.pools().getLast());
        }
    }

    private String anyPool() {
        List<String> pools = world.deployment().pools();
        return pools.get(random.nextInt(pools.size()));
    }

    private void sleepUpTo(int seconds) throws InterruptedException {
        world.scheduler.sleep(Duration.ofSeconds(1 + random.nextInt(seconds)));
    }
}

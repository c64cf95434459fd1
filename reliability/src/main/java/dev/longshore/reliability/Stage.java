package dev.longshore.reliability;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.pause.Pausable;
import dev.longshore.memory.InMemoryJobQueue.Received;
import dev.longshore.reliability.SimulatedTasks.Orders;
import dev.longshore.reliability.World.Answer;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Plays flows: the steps that {@link Flows} are made of. */
final class Stage {
    /** The body of an unreadable message. */
    static final String UNREADABLE = "not a message";

    /** The key under which operators give their order. */
    static final String ORDER = "order";

    private static final int MOST_TRIES = 3;

    final World world;
    private final Sandbox victim;
    private final Sandbox bystander;
    private final List<JobId> acknowledged = new ArrayList<>();
    private final Map<String, BooleanSupplier> expected = new LinkedHashMap<>();
    private boolean played;

    Stage(World world) {
        this.world = world;
        this.victim = world.sandbox(Flow.VICTIM, Duration.ZERO);
        this.bystander = world.sandbox("bystander", Duration.ZERO);
    }

    /** Plays a flow, and then only what runs anyway. */
    void play(Flow flow) {
        try {
            flow.before().play(this);
            flow.act().play(this);
            played = true;
            recover();
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nothing interrupts a stage", e);
        }
    }

    /** Whether the flow was played, and all that it is expected to bring about is there. */
    boolean isOver() {
        return played && expected.values().stream().allMatch(BooleanSupplier::getAsBoolean);
    }

    /** A condition that must hold in the end, besides the ends of the jobs; until it does, the simulation continues. */
    void expect(String what, BooleanSupplier holds) {
        expected.put(what, holds);
    }

    /** Acknowledged jobs that ended otherwise than the flow allows, and conditions that do not hold. */
    List<String> wrongEnds(Flow flow) {
        return Stream.concat(
                        acknowledged.stream()
                                .map(id -> world.memory.jobs().find(id))
                                .filter(job -> job.isPresent()
                                        && !flow.ends().contains(job.get().state()))
                                .map(job -> "job " + job.get().id() + " ended "
                                        + job.get().state() + " and not in " + flow.ends()),
                        expected.entrySet().stream()
                                .filter(expectation -> !expectation.getValue().getAsBoolean())
                                .map(expectation -> "in the end it does not hold that " + expectation.getKey()))
                .toList();
    }

    private void recover() throws InterruptedException {
        RequestStreamHandler worker = world.worker(bystander);
        RequestStreamHandler deadLetters = world.deadLetters(bystander);
        var dispatcher = world.dispatcher(bystander);
        for (int second = 0; ; second++) {
            work(bystander, worker, 10);
            handleDeadLetters(bystander, deadLetters);
            if (second % 60 == 0) {
                world.tick(bystander, dispatcher);
            }
            world.scheduler.sleep(Duration.ofSeconds(1));
        }
    }

    // ---- what the victim does

    void victimWorks() {
        work(victim, world.worker(victim), 1);
    }

    void victimHandlesDeadLetters() {
        handleDeadLetters(victim, world.deadLetters(victim));
    }

    void victimTicks() {
        world.tick(victim, world.dispatcher(victim));
    }

    /** A client asks the victim, and a bystander when it gets no answer; it retries only with a key. */
    void victimIsAsked(Map<String, Object> request, @Nullable String key) {
        ask(victim, request, key);
    }

    void victimIsAskedInBatch(List<Map<String, Object>> requests) {
        List<Map<String, Object>> left = requests;
        Sandbox asked = victim;
        for (int tries = 0; tries < MOST_TRIES && !left.isEmpty(); tries++) {
            left.forEach(request -> world.recorder.add(new Event.Asked(world.now(), origin(request))));
            Answer answer = world.request(
                    asked,
                    world.api(asked),
                    "/v1/jobs/batch",
                    Json.of(Map.of("jobs", left)).text(),
                    null);
            if (answer.status() == 207) {
                for (int i = 0; i < left.size(); i++) {
                    acknowledge(
                            left.get(i),
                            answer.json()
                                    .get("results")
                                    .get(i)
                                    .get("job")
                                    .get("id")
                                    .asString());
                }
                return;
            }
            asked = bystander;
        }
    }

    int victimOperates(String path) {
        return victimOperates(path, "", null).status();
    }

    Answer victimOperates(String path, String body, @Nullable String key) {
        return world.request(victim, world.api(victim), path, body, key);
    }

    void victimPuts(String path, String body) {
        world.request(victim, world.api(victim), "PUT", path, body, null);
    }

    /** An operator who is not answered gives the same order again, under the same key. */
    void victimIsOrdered(String path, String body) {
        world.recorder.add(new Event.Asked(world.now(), ORDER));
        if (victimOperates(path, body, ORDER).status() == 0) {
            othersAreOrdered(path, body);
        }
    }

    void victimCancels(JobId id) {
        operate(victim, id, "cancel");
    }

    void victimRedrives(JobId id) {
        operate(victim, id, "retry");
    }

    // ---- what others do

    /** A job that is there and acknowledged. */
    JobId enqueued(Map<String, Object> request) {
        ask(bystander, request, null);
        return acknowledged.getLast();
    }

    /** A row whose client got no answer. */
    void enqueuedWithoutAnAnswer(Map<String, Object> request) {
        world.recorder.add(new Event.Asked(world.now(), origin(request)));
        world.request(
                bystander, world.api(bystander), "/v1/jobs", Json.of(request).text(), null);
    }

    void othersWork() {
        work(bystander, world.worker(bystander), 10);
    }

    void othersHandleDeadLetters() {
        handleDeadLetters(bystander, world.deadLetters(bystander));
    }

    /** Another worker crashes in the middle of a job. */
    void aWorkerCrashes() {
        Sandbox other = world.sandbox("crashing worker", Duration.ZERO);
        work(other, world.worker(other), 1);
    }

    void othersOperate(String path) {
        othersOperate("POST", path, "", null);
    }

    Answer othersOperate(String method, String path, String body, @Nullable String key) {
        return world.request(bystander, world.api(bystander), method, path, body, key);
    }

    void othersAreOrdered(String path, String body) {
        world.recorder.add(new Event.Asked(world.now(), ORDER));
        Answer answer = othersOperate("POST", path, body, ORDER);
        requireStatus(Set.of(200, 202), answer);
    }

    /** A schedule of an operator's; what else it says is in {@code more}. */
    void othersSchedule(String name, String cron, Map<String, Object> more) {
        Map<String, Object> body = new LinkedHashMap<>(more);
        body.put("task", SimulatedTasks.BRIEF);
        body.put("cron", cron);
        Answer answer =
                othersOperate("PUT", "/v1/schedules/" + name, Json.of(body).text(), null);
        requireStatus(Set.of(200, 201), answer);
    }

    void othersTick() {
        world.tick(bystander, world.dispatcher(bystander));
    }

    private static void requireStatus(Set<Integer> good, Answer answer) {
        if (!good.contains(answer.status())) {
            throw new IllegalStateException("An operator was answered " + answer.status() + ": " + answer.body());
        }
    }

    /** The jobs that were acknowledged to clients so far. */
    List<JobId> acknowledged() {
        return acknowledged;
    }

    /** Records that a bystander's request was answered with a job. */
    void acknowledged(String origin, Answer answer) {
        acknowledged.add(new JobId(answer.json().get("id").asString()));
        world.recorder.add(new Event.Acknowledged(world.now(), origin, acknowledged.getLast()));
    }

    // ---- what no queue should do

    void messagesAreLost() {
        world.queue.loseAll(World.POOL);
    }

    void deadLettersAreLost() {
        world.queue
                .receiveDeadLetters(World.POOL, Integer.MAX_VALUE)
                .forEach(letter -> world.queue.deleteDeadLetter(World.POOL, letter.receipt()));
    }

    void somethingUnreadableArrives() {
        world.queue.sendRaw(World.POOL, UNREADABLE);
    }

    /** As a resumption that crashes before it sends anything. */
    void othersEndThePauseAndSendNothing() {
        world.memory.pauses().resume(Pausable.task(SimulatedTasks.BRIEF), world.now());
    }

    void othersCancel(JobId id) {
        operate(bystander, id, "cancel");
    }

    /** Time passes. */
    void later(Duration time) throws InterruptedException {
        world.scheduler.sleep(time);
    }

    /** Time passes until it is so late on the day of the simulation. */
    void until(String time) throws InterruptedException {
        world.scheduler.sleep(Duration.between(
                world.now(),
                world.now()
                        .truncatedTo(ChronoUnit.DAYS)
                        .plus(Duration.between(LocalTime.MIDNIGHT, LocalTime.parse(time)))));
    }

    /** Runs an action after this time, in a thread of its own. */
    void meanwhile(Duration when, Runnable act) {
        world.scheduler.start("meanwhile", () -> {
            try {
                world.scheduler.sleep(when);
            } catch (InterruptedException e) {
                throw new IllegalStateException("Nothing interrupts it", e);
            }
            act.run();
        });
    }

    /** All messages of the queue are in the dead-letter queue now: they were received too often. */
    void messagesAreReceivedTooOften() throws InterruptedException {
        while (world.queue.depth(World.POOL).deadLetters() == 0) {
            world.queue.receive(World.POOL, 10);
            world.scheduler.sleep(World.VISIBILITY);
        }
    }

    Job job(JobId id) {
        return world.memory.jobs().find(id).orElseThrow();
    }

    // ---- requests

    static Map<String, Object> request(String name, String task, Orders orders) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("task", task);
        request.put("payload", orders);
        request.put("tags", List.of(name));
        return request;
    }

    private void ask(Sandbox first, Map<String, Object> request, @Nullable String key) {
        Sandbox asked = first;
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            world.recorder.add(new Event.Asked(world.now(), origin(request)));
            Answer answer = world.request(
                    asked, world.api(asked), "/v1/jobs", Json.of(request).text(), key);
            if (answer.status() == 202 || answer.status() == 200) {
                acknowledge(request, answer.json().get("id").asString());
                return;
            }
            if (key == null) {
                return; // the job may exist or not; without a key the client cannot know
            }
            asked = bystander;
        }
        throw new IllegalStateException("The API took none of these requests: " + origin(request));
    }

    private void acknowledge(Map<String, Object> request, String id) {
        acknowledged.add(new JobId(id));
        world.recorder.add(new Event.Acknowledged(world.now(), origin(request), new JobId(id)));
    }

    private static String origin(Map<String, Object> request) {
        return (String) ((List<?>) request.getOrDefault("tags", List.of("?"))).getFirst();
    }

    private void operate(Sandbox sandbox, JobId id, String what) {
        if (what.equals("cancel")) {
            world.recorder.add(new Event.CancelAsked(world.now(), id));
        }
        world.request(sandbox, world.api(sandbox), "/v1/jobs/" + id + "/" + what, "", null);
    }

    private void work(Sandbox sandbox, RequestStreamHandler worker, int most) {
        List<Received> messages = world.queue.receive(World.POOL, most);
        if (!messages.isEmpty()) {
            world.deliver(sandbox, worker, World.POOL, messages, false)
                    .forEach(receipt -> world.queue.delete(World.POOL, receipt));
        }
    }

    private void handleDeadLetters(Sandbox sandbox, RequestStreamHandler deadLetters) {
        List<Received> letters = world.queue.receiveDeadLetters(World.POOL, 10);
        if (!letters.isEmpty()) {
            world.deliver(sandbox, deadLetters, World.POOL, letters, true)
                    .forEach(receipt -> world.queue.deleteDeadLetter(World.POOL, receipt));
        }
    }
}

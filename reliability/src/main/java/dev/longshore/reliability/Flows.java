package dev.longshore.reliability;

import static dev.longshore.job.JobState.CANCELLED;
import static dev.longshore.job.JobState.DEAD;
import static dev.longshore.job.JobState.SUCCEEDED;

import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.reliability.SimulatedTasks.Orders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every flow that is attacked by {@link CrashPoints}. */
final class Flows {
    private static final Flow.Part NOTHING = stage -> {};
    private static final Duration LEASE_OVER = Duration.ofSeconds(31);

    private Flows() {}

    static List<Flow> all() {
        return List.of(
                flow("enqueue", NOTHING, stage -> stage.victimIsAsked(brief(), null), SUCCEEDED),
                flow("enqueue with a key", NOTHING, stage -> stage.victimIsAsked(brief(), "key"), SUCCEEDED),
                flow("enqueue for later", NOTHING, stage -> stage.victimIsAsked(delayed(60), "key"), SUCCEEDED),
                flow("enqueue for much later", NOTHING, stage -> stage.victimIsAsked(delayed(1_800), "key"), SUCCEEDED),
                flow("batch", NOTHING, stage -> stage.victimIsAskedForAll(batch()), SUCCEEDED),
                flow("run", stage -> stage.enqueued(brief()), Stage::victimWorks, SUCCEEDED),
                flow("run with heartbeats", stage -> stage.enqueued(lengthy()), Stage::victimWorks, SUCCEEDED),
                flow("run with children", stage -> stage.enqueued(parent()), Stage::victimWorks, SUCCEEDED),
                flow("fail", stage -> stage.enqueued(failing(1)), Stage::victimWorks, SUCCEEDED),
                flow("snooze", stage -> stage.enqueued(snoozing()), Stage::victimWorks, SUCCEEDED),
                flow("park", stage -> stage.enqueued(patient()), Stage::victimWorks, SUCCEEDED),
                // a crash uses up an attempt, so that "discard" may end as crashed: DEAD in any case
                flow("kill, discarded", stage -> stage.enqueued(discarded()), Stage::victimWorks, DEAD),
                flow("kill, exhausted", Flows::lastAttempt, Stage::victimWorks, DEAD),
                flow("kill, undecodable", stage -> stage.enqueued(garbled()), Stage::victimWorks, DEAD),
                flow("kill, unknown task", Flows::unknownForLong, Stage::victimWorks, DEAD),
                flow("kill, expired", Flows::expired, Stage::victimWorks, DEAD),
                flow(
                        "cancel waiting",
                        NOTHING,
                        stage -> stage.victimCancels(stage.enqueued(brief())),
                        CANCELLED,
                        SUCCEEDED),
                flow("cancel running", Flows::askedToStop, Stage::victimWorks, CANCELLED, SUCCEEDED),
                flow("ask a running job to stop", Flows::nothingYet, Flows::cancelInTheMiddle, CANCELLED, SUCCEEDED),
                flow("send back", NOTHING, stage -> stage.victimSendsBack(dead(stage)), SUCCEEDED, DEAD),
                flow("dispatch", Flows::parked, Stage::victimTicks, SUCCEEDED),
                flow("rescue", Flows::crashedOnce, Stage::victimBuries, SUCCEEDED),
                flow("dead letter of a death", Flows::justDied, Stage::victimBuries, DEAD),
                flow("dead letter of a crash in the last attempt", Flows::crashedLast, Stage::victimBuries, DEAD),
                flow("dead letter of an expired job", Flows::expiredUnseen, Stage::victimBuries, DEAD),
                flow("continue", stage -> stage.enqueued(continuing()), Stage::victimWorks, SUCCEEDED),
                flow("pause", stage -> stage.enqueued(brief()), Flows::pauseAndResume, SUCCEEDED),
                flow("set aside", Flows::pausedBefore, Stage::victimWorks, SUCCEEDED),
                flow("resume", Flows::setAsideBefore, Flows::resume, SUCCEEDED),
                flow("take up", Flows::resumedAndNotSent, Stage::victimTicks, SUCCEEDED),
                flow("dead letter of a waiting job", Flows::unluckyMessage, Stage::victimBuries, SUCCEEDED));
    }

    private static Flow flow(String name, Flow.Part before, Flow.Part act, JobState... ends) {
        return new Flow(name, before, act, Set.of(ends));
    }

    // ---- what was before

    private static void nothingYet(Stage stage) {}

    /** Whoever pauses and is not answered resumes all the same. */
    private static void pauseAndResume(Stage stage) {
        stage.victimOperates("/v1/tasks/brief/pause");
        stage.othersOperate("/v1/tasks/brief/resume");
    }

    private static void pausedBefore(Stage stage) {
        stage.enqueued(brief());
        stage.othersOperate("/v1/queues/default/pause");
        stage.meanwhile(Duration.ofMinutes(2), () -> stage.othersOperate("/v1/queues/default/resume"));
    }

    private static void setAsideBefore(Stage stage) {
        stage.enqueued(brief());
        stage.othersOperate("/v1/tasks/brief/pause");
        stage.othersWork();
    }

    /** An operator who is not answered asks again. */
    private static void resume(Stage stage) {
        if (stage.victimOperates("/v1/tasks/brief/resume") != 200) {
            stage.othersOperate("/v1/tasks/brief/resume");
        }
    }

    /** The pause is over, and its job is still set aside: whoever resumed it has crashed. */
    private static void resumedAndNotSent(Stage stage) {
        setAsideBefore(stage);
        stage.othersEndThePauseAndSendNothing();
    }

    private static void lastAttempt(Stage stage) {
        Map<String, Object> wish = failing(9);
        wish.put("maxAttempts", 1);
        stage.enqueued(wish);
    }

    private static void unknownForLong(Stage stage) throws InterruptedException {
        stage.enqueued(Stage.wish("job", SimulatedTasks.STRANGE, orders("return", 0, 0, 0, 0)));
        stage.later(Duration.ofMinutes(11));
    }

    private static void expired(Stage stage) throws InterruptedException {
        stage.enqueued(expiring(stage));
        stage.later(Duration.ofMinutes(2));
    }

    private static void expiredUnseen(Stage stage) throws InterruptedException {
        stage.enqueued(expiring(stage));
        stage.messagesAreReceivedTooOften();
    }

    private static void askedToStop(Stage stage) {
        JobId id = stage.enqueued(Stage.wish("job", SimulatedTasks.LONG, orders("cancel", 0, 0, 60, 0)));
        stage.meanwhile(Duration.ofSeconds(25), () -> stage.othersCancel(id));
    }

    private static void cancelInTheMiddle(Stage stage) throws InterruptedException {
        JobId id = stage.enqueued(Stage.wish("job", SimulatedTasks.LONG, orders("cancel", 0, 0, 60, 0)));
        stage.meanwhile(Duration.ZERO, stage::othersWork);
        stage.later(Duration.ofSeconds(25));
        stage.victimCancels(id);
    }

    private static JobId dead(Stage stage) {
        Map<String, Object> wish = Stage.wish("job", SimulatedTasks.BRIEF, orders("return", 1, 0, 1, 0));
        wish.put("maxAttempts", 1);
        JobId id = stage.enqueued(wish);
        stage.othersWork();
        stage.othersBury();
        return id;
    }

    private static void parked(Stage stage) throws InterruptedException {
        stage.enqueued(delayed(1_800));
        stage.later(Duration.ofSeconds(1_770));
    }

    private static void crashedOnce(Stage stage) throws InterruptedException {
        stage.enqueued(crashing(3));
        stage.somebodyDiesAtWork();
        stage.messagesAreReceivedTooOften();
        stage.later(LEASE_OVER);
    }

    private static void crashedLast(Stage stage) throws InterruptedException {
        stage.enqueued(crashing(1));
        stage.somebodyDiesAtWork();
        stage.messagesAreReceivedTooOften();
        stage.later(LEASE_OVER);
    }

    private static void justDied(Stage stage) {
        stage.enqueued(discarded());
        stage.othersWork();
    }

    private static void unluckyMessage(Stage stage) throws InterruptedException {
        stage.enqueued(brief());
        stage.messagesAreReceivedTooOften();
    }

    // ---- wishes

    private static Map<String, Object> brief() {
        return Stage.wish("job", SimulatedTasks.BRIEF, orders("return", 0, 0, 1, 0));
    }

    private static Map<String, Object> delayed(int seconds) {
        Map<String, Object> wish = brief();
        wish.put("delaySeconds", seconds);
        return wish;
    }

    private static List<Map<String, Object>> batch() {
        List<Map<String, Object>> wishes = List.of(
                Stage.wish("one", SimulatedTasks.BRIEF, orders("return", 0, 0, 1, 0)),
                Stage.wish("two", SimulatedTasks.BRIEF, orders("return", 0, 0, 1, 0)),
                Stage.wish("three", SimulatedTasks.BRIEF, orders("return", 0, 0, 1, 0)));
        wishes.forEach(wish -> wish.put("idempotencyKey", "of " + wish.get("tags")));
        return wishes;
    }

    private static Map<String, Object> lengthy() {
        return Stage.wish("job", SimulatedTasks.LONG, orders("return", 0, 0, 90, 0));
    }

    private static Map<String, Object> parent() {
        return Stage.wish("job", SimulatedTasks.BRIEF, orders("return", 0, 0, 1, 2));
    }

    private static Map<String, Object> failing(int times) {
        return Stage.wish("job", SimulatedTasks.BRIEF, orders("return", times, 0, 1, 0));
    }

    private static Map<String, Object> snoozing() {
        return Stage.wish("job", SimulatedTasks.BRIEF, orders("return", 0, 1, 1, 0));
    }

    private static Map<String, Object> continuing() {
        return Stage.wish("job", SimulatedTasks.BRIEF, orders("continue", 0, 0, 1, 0));
    }

    private static Map<String, Object> patient() {
        return Stage.wish("job", SimulatedTasks.PATIENT, orders("return", 1, 0, 1, 0));
    }

    private static Map<String, Object> discarded() {
        return Stage.wish("job", SimulatedTasks.BRIEF, orders("discard", 0, 0, 1, 0));
    }

    private static Map<String, Object> garbled() {
        return Stage.wish("job", SimulatedTasks.GARBLED, orders("return", 0, 0, 1, 0));
    }

    /** Kills its worker in the first attempt only. */
    private static Map<String, Object> crashing(int attempts) {
        Map<String, Object> wish = Stage.wish("job", SimulatedTasks.BRIEF, orders("crash once", 0, 0, 1, 0));
        wish.put("maxAttempts", attempts);
        return wish;
    }

    private static Map<String, Object> expiring(Stage stage) {
        Map<String, Object> wish = brief();
        wish.put("expiresAt", stage.world.now().plusSeconds(60).toString());
        return wish;
    }

    private static Orders orders(String ending, int failures, int snoozes, int seconds, int children) {
        return new Orders("job", ending, failures, snoozes, seconds, children);
    }
}

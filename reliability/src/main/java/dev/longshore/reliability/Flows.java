package dev.longshore.reliability;

import static dev.longshore.job.JobState.CANCELLED;
import static dev.longshore.job.JobState.DEAD;
import static dev.longshore.job.JobState.SUCCEEDED;

import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Every flow that is attacked by {@link CrashPoints}. */
final class Flows {
    private static final Flow.Part NOTHING = stage -> {};
    private static final Duration LEASE_OVER = Duration.ofSeconds(31);

    private Flows() {}

    static List<Flow> all() {
        return Stream.concat(brief().stream(), ofADay().stream()).toList();
    }

    /** All but those with a thousand points each. */
    static List<Flow> brief() {
        return Stream.of(ofJobs(), LimitFlows.all(), ScheduleFlows.all(), AuditFlows.all(), OperatorFlows.all())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Flow> ofJobs() {
        return List.of(
                flow("enqueue", NOTHING, stage -> stage.victimIsAsked(SampleRequests.brief(), null), SUCCEEDED),
                flow(
                        "enqueue with a key",
                        NOTHING,
                        stage -> stage.victimIsAsked(SampleRequests.brief(), "key"),
                        SUCCEEDED),
                flow(
                        "enqueue for later",
                        NOTHING,
                        stage -> stage.victimIsAsked(SampleRequests.delayed(60), "key"),
                        SUCCEEDED),
                flow(
                        "enqueue for much later",
                        NOTHING,
                        stage -> stage.victimIsAsked(SampleRequests.delayed(1_800), "key"),
                        SUCCEEDED),
                flow("batch", NOTHING, stage -> stage.victimIsAskedInBatch(SampleRequests.batch()), SUCCEEDED),
                flow("run", stage -> stage.enqueued(SampleRequests.brief()), Stage::victimWorks, SUCCEEDED),
                flow(
                        "run with heartbeats",
                        stage -> stage.enqueued(SampleRequests.lengthy()),
                        Stage::victimWorks,
                        SUCCEEDED),
                flow(
                        "run with children",
                        stage -> stage.enqueued(SampleRequests.parent()),
                        Stage::victimWorks,
                        SUCCEEDED),
                flow("fail", stage -> stage.enqueued(SampleRequests.failing(1)), Stage::victimWorks, SUCCEEDED),
                flow("snooze", stage -> stage.enqueued(SampleRequests.snoozing()), Stage::victimWorks, SUCCEEDED),
                flow("hold", stage -> stage.enqueued(SampleRequests.patient()), Stage::victimWorks, SUCCEEDED),
                // a crash uses up an attempt, so that "discard" may end as crashed: DEAD in any case
                flow("kill, discarded", stage -> stage.enqueued(SampleRequests.discarded()), Stage::victimWorks, DEAD),
                flow("kill, exhausted", Flows::lastAttempt, Stage::victimWorks, DEAD),
                flow("kill, undecodable", stage -> stage.enqueued(SampleRequests.garbled()), Stage::victimWorks, DEAD),
                flow("kill, unknown task", Flows::unknownForLong, Stage::victimWorks, DEAD),
                flow("kill, expired", Flows::expired, Stage::victimWorks, DEAD),
                flow(
                        "cancel waiting",
                        NOTHING,
                        stage -> stage.victimCancels(stage.enqueued(SampleRequests.brief())),
                        CANCELLED,
                        SUCCEEDED),
                flow("cancel running", Flows::askedToStop, Stage::victimWorks, CANCELLED, SUCCEEDED),
                flow("ask a running job to stop", Flows::nothingYet, Flows::cancelInTheMiddle, CANCELLED, SUCCEEDED),
                flow("redrive", NOTHING, stage -> stage.victimRedrives(dead(stage)), SUCCEEDED, DEAD),
                flow("dispatch", Flows::heldInOldDeployment, Stage::victimTicks, SUCCEEDED),
                flow("rescue", Flows::crashedOnce, Stage::victimHandlesDeadLetters, SUCCEEDED),
                flow("dead letter of a death", Flows::justDied, Stage::victimHandlesDeadLetters, DEAD),
                flow(
                        "dead letter of a crash in the last attempt",
                        Flows::crashedLast,
                        Stage::victimHandlesDeadLetters,
                        DEAD),
                flow("dead letter of an expired job", Flows::expiredUnseen, Stage::victimHandlesDeadLetters, DEAD),
                flow("continue", stage -> stage.enqueued(SampleRequests.continuing()), Stage::victimWorks, SUCCEEDED),
                flow("pause", stage -> stage.enqueued(SampleRequests.brief()), Flows::pauseAndResume, SUCCEEDED),
                flow("hold for a pause", Flows::pausedBefore, Stage::victimWorks, SUCCEEDED),
                flow("resume", Flows::heldByPause, Flows::resume, SUCCEEDED),
                flow("release after a pause", Flows::resumedAndNotSent, Stage::victimTicks, SUCCEEDED),
                flow(
                        "dead letter of a waiting job",
                        Flows::unluckyMessage,
                        Stage::victimHandlesDeadLetters,
                        SUCCEEDED));
    }

    /** Flows that begin with a count of the day before: a thousand crash points each. */
    private static List<Flow> ofADay() {
        return List.of(
                flow("the first tick of a deployment", Flows::held, Stage::victimTicks, SUCCEEDED),
                ScheduleFlows.declaredForTheFirstTime(),
                AuditFlows.requested());
    }

    static Flow flow(String name, Flow.Part before, Flow.Part act, JobState... ends) {
        return new Flow(name, before, act, Set.of(ends), false);
    }

    // ---- preparation

    private static void nothingYet(Stage stage) {}

    /** An operator who gets no answer to a pause resumes all the same. */
    private static void pauseAndResume(Stage stage) {
        stage.victimOperates("/v1/tasks/brief/pause");
        stage.othersOperate("/v1/tasks/brief/resume");
    }

    private static void pausedBefore(Stage stage) {
        stage.enqueued(SampleRequests.brief());
        stage.othersOperate("/v1/queues/default/pause");
        stage.meanwhile(Duration.ofMinutes(2), () -> stage.othersOperate("/v1/queues/default/resume"));
    }

    private static void heldByPause(Stage stage) {
        stage.enqueued(SampleRequests.brief());
        stage.othersOperate("/v1/tasks/brief/pause");
        stage.othersWork();
    }

    /** An operator who gets no answer sends the request again. */
    private static void resume(Stage stage) {
        if (stage.victimOperates("/v1/tasks/brief/resume") != 200) {
            stage.othersOperate("/v1/tasks/brief/resume");
        }
    }

    /** The pause is over and its job is still held: the function that resumed it crashed. */
    private static void resumedAndNotSent(Stage stage) {
        stage.othersTick();
        heldByPause(stage);
        stage.othersEndThePauseAndSendNothing();
    }

    private static void lastAttempt(Stage stage) {
        Map<String, Object> request = SampleRequests.failing(9);
        request.put("maxAttempts", 1);
        stage.enqueued(request);
    }

    private static void unknownForLong(Stage stage) throws InterruptedException {
        stage.enqueued(Stage.request("job", SimulatedTasks.STRANGE, SampleRequests.orders("return", 0, 0, 0, 0)));
        stage.later(Duration.ofMinutes(11));
    }

    private static void expired(Stage stage) throws InterruptedException {
        stage.enqueued(SampleRequests.expiring(stage));
        stage.later(Duration.ofMinutes(2));
    }

    private static void expiredUnseen(Stage stage) throws InterruptedException {
        stage.enqueued(SampleRequests.expiring(stage));
        stage.messagesAreReceivedTooOften();
    }

    private static void askedToStop(Stage stage) {
        JobId id =
                stage.enqueued(Stage.request("job", SimulatedTasks.LONG, SampleRequests.orders("cancel", 0, 0, 60, 0)));
        stage.meanwhile(Duration.ofSeconds(25), () -> stage.othersCancel(id));
    }

    private static void cancelInTheMiddle(Stage stage) throws InterruptedException {
        JobId id =
                stage.enqueued(Stage.request("job", SimulatedTasks.LONG, SampleRequests.orders("cancel", 0, 0, 60, 0)));
        stage.meanwhile(Duration.ZERO, stage::othersWork);
        stage.later(Duration.ofSeconds(25));
        stage.victimCancels(id);
    }

    private static JobId dead(Stage stage) {
        Map<String, Object> request =
                Stage.request("job", SimulatedTasks.BRIEF, SampleRequests.orders("return", 1, 0, 1, 0));
        request.put("maxAttempts", 1);
        JobId id = stage.enqueued(request);
        stage.othersWork();
        stage.othersHandleDeadLetters();
        return id;
    }

    /**
     * The first tick has counted the day before, 25 empty hours, and agreed on the declared schedules. Every later one makes
     * only those calls that it would make on this or any day; so a flow that is not about the first tick begins here.
     */
    private static void heldInOldDeployment(Stage stage) throws InterruptedException {
        stage.othersTick();
        held(stage);
    }

    private static void held(Stage stage) throws InterruptedException {
        stage.enqueued(SampleRequests.delayed(1_800));
        stage.later(Duration.ofSeconds(1_770));
    }

    private static void crashedOnce(Stage stage) throws InterruptedException {
        stage.enqueued(SampleRequests.crashing(3));
        stage.aWorkerCrashes();
        stage.messagesAreReceivedTooOften();
        stage.later(LEASE_OVER);
    }

    private static void crashedLast(Stage stage) throws InterruptedException {
        stage.enqueued(SampleRequests.crashing(1));
        stage.aWorkerCrashes();
        stage.messagesAreReceivedTooOften();
        stage.later(LEASE_OVER);
    }

    private static void justDied(Stage stage) {
        stage.enqueued(SampleRequests.discarded());
        stage.othersWork();
    }

    private static void unluckyMessage(Stage stage) throws InterruptedException {
        stage.enqueued(SampleRequests.brief());
        stage.messagesAreReceivedTooOften();
    }
}

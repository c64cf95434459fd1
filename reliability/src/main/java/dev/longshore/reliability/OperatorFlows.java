package dev.longshore.reliability;

import static dev.longshore.job.JobState.DEAD;
import static dev.longshore.job.JobState.SUCCEEDED;

import dev.longshore.job.JobId;
import dev.longshore.reliability.SimulatedTasks.Orders;
import dev.longshore.task.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Dead jobs, what operators do with them, and an unreadable message. */
final class OperatorFlows {
    private static final int DEAD_JOBS = 3;
    private static final String ALL = "{\"all\":true}";
    private static final String TWO = "{\"all\":true,\"limit\":2}";
    private static final String CANARY = "{\"all\":true,\"canary\":true}";

    private OperatorFlows() {}

    static List<Flow> all() {
        return List.of(
                Flows.flow("order a bulk redrive", OperatorFlows::deadJobs, OperatorFlows::orderRedrive, SUCCEEDED),
                Flows.flow("bulk redrive", OperatorFlows::redriveOrdered, Stage::victimWorks, SUCCEEDED),
                Flows.flow("bulk redrive, first a canary", OperatorFlows::canaryOrdered, Stage::victimWorks, SUCCEEDED),
                Flows.flow(
                        "bulk redrive, the canary is over", OperatorFlows::canaryIsOver, Stage::victimWorks, SUCCEEDED),
                Flows.flow(
                        "bulk redrive of no more than two",
                        OperatorFlows::redriveOfTwoOrdered,
                        Stage::victimWorks,
                        SUCCEEDED,
                        DEAD),
                Flows.flow("order a purge", OperatorFlows::deadJobs, OperatorFlows::orderPurge, DEAD),
                Flows.flow("purge", OperatorFlows::purgeOrdered, Stage::victimWorks, DEAD),
                Flows.flow(
                        "redrive with a new payload",
                        OperatorFlows::deadJobs,
                        OperatorFlows::redriveWithPayload,
                        SUCCEEDED),
                Flows.flow("an unreadable message", OperatorFlows::unreadable, Stage::victimWorks, SUCCEEDED),
                Flows.flow("quarantine", OperatorFlows::unreadableAndDead, Stage::victimHandlesDeadLetters, SUCCEEDED));
    }

    // ---- preparation

    /** They die once, and not again when they are redriven. */
    private static void deadJobs(Stage stage) {
        deadJobs(stage, SampleRequests.curable());
    }

    private static void deadJobs(Stage stage, Map<String, Object> request) {
        stage.othersTick();
        for (int i = 0; i < DEAD_JOBS; i++) {
            Map<String, Object> another = new LinkedHashMap<>(request);
            another.put("tags", List.of("job " + i));
            stage.enqueued(another);
        }
        stage.othersWork();
        stage.othersHandleDeadLetters();
    }

    private static void redriveOrdered(Stage stage) {
        deadJobs(stage);
        stage.othersAreOrdered("/v1/jobs/retry", ALL);
        expectEachRedrivenOnce(stage);
    }

    /** The two that are redriven die again: a redrive that loses its count would redrive them once more. */
    private static void redriveOfTwoOrdered(Stage stage) {
        deadJobs(stage, SampleRequests.discarded());
        stage.othersAreOrdered("/v1/jobs/retry", TWO);
        stage.expect(
                "two were redriven, once",
                () -> stage.acknowledged().stream()
                                .mapToLong(id -> changes(stage, id, "redrive"))
                                .sum()
                        == 2);
    }

    private static void canaryOrdered(Stage stage) {
        deadJobs(stage);
        stage.othersAreOrdered("/v1/jobs/retry", CANARY);
        expectEachRedrivenOnce(stage);
    }

    /** One job was redriven and has succeeded; the redrive is about to look at it. */
    private static void canaryIsOver(Stage stage) throws InterruptedException {
        canaryOrdered(stage);
        stage.othersWork();
        stage.othersWork();
        stage.later(Duration.ofSeconds(6));
    }

    private static void purgeOrdered(Stage stage) {
        deadJobs(stage);
        stage.othersAreOrdered("/v1/jobs/purge", ALL);
        expectAllPurged(stage);
    }

    private static void unreadable(Stage stage) {
        stage.somethingUnreadableArrives();
        stage.expect(
                "the message is in quarantine",
                () -> stage.world.memory.quarantine().list(10, null).items().stream()
                        .flatMap(label -> stage.world.memory.quarantine().find(label.id()).stream())
                        .anyMatch(message -> message.body().equals(Stage.UNREADABLE)));
    }

    private static void unreadableAndDead(Stage stage) {
        unreadable(stage);
        stage.othersWork();
    }

    // ---- what the victim does

    private static void orderRedrive(Stage stage) {
        stage.victimIsOrdered("/v1/jobs/retry", ALL);
        expectEachRedrivenOnce(stage);
    }

    private static void orderPurge(Stage stage) {
        stage.victimIsOrdered("/v1/jobs/purge", ALL);
        expectAllPurged(stage);
    }

    /** An operator who gets no answer, or the answer that the job is no longer dead, continues with the next job. */
    private static void redriveWithPayload(Stage stage) {
        String body = Json.of(Map.of("payload", new Orders(Operators.REPLACED + "jobs", "return", 0, 0, 2, 0)))
                .text();
        boolean answered = true;
        for (JobId id : stage.acknowledged()) {
            String path = "/v1/jobs/" + id + "/retry";
            answered = answered && stage.victimOperates(path, body, null).status() == 200;
            if (!answered) {
                stage.othersOperate("POST", path, body, null);
            }
        }
        stage.expect(
                "each job was redriven with a new payload once",
                () -> stage.acknowledged().stream().allMatch(id -> changes(stage, id, "redriveWithPayload") == 1));
    }

    // ---- expectations

    private static void expectEachRedrivenOnce(Stage stage) {
        List<JobId> ids = new ArrayList<>(stage.acknowledged());
        stage.expect(
                "each dead job was redriven once",
                () -> ids.stream().allMatch(id -> changes(stage, id, "redrive") == 1));
    }

    private static void expectAllPurged(Stage stage) {
        List<JobId> ids = new ArrayList<>(stage.acknowledged());
        stage.expect(
                "each dead job is purged",
                () -> ids.stream().allMatch(id -> stage.job(id).isPurged(stage.world.now())));
    }

    private static long changes(Stage stage, JobId id, String change) {
        return stage.world.recorder.events().stream()
                .filter(event -> event instanceof Event.Changed changed
                        && changed.change().equals(change)
                        && changed.after().id().equals(id))
                .count();
    }
}

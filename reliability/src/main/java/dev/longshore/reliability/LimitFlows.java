package dev.longshore.reliability;

import static dev.longshore.job.JobState.SUCCEEDED;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Flows of jobs whose task has limits: one job of a key at once. */
final class LimitFlows {
    /** The lease of the crashed worker is over, and the line was not written for long enough. */
    private static final Duration UNATTENDED = Duration.ofSeconds(76);

    private LimitFlows() {}

    static List<Flow> all() {
        return List.of(
                Flows.flow("run in a slot", stage -> stage.enqueued(job("one", 1)), Stage::victimWorks, SUCCEEDED),
                Flows.flow("wait for a slot", LimitFlows::slotIsTaken, Stage::victimWorks, SUCCEEDED),
                Flows.flow("hand a slot on", LimitFlows::anotherWaits, Stage::victimWorks, SUCCEEDED),
                Flows.flow("run in a slot that was handed on", LimitFlows::handedOn, Stage::victimWorks, SUCCEEDED),
                Flows.flow("look after a line", LimitFlows::workerDied, Stage::victimTicks, SUCCEEDED));
    }

    private static Map<String, Object> job(String name, int seconds) {
        return Stage.request(name, SimulatedTasks.NARROW, new SimulatedTasks.Orders(name, "return", 0, 0, seconds, 0));
    }

    /** One job runs, and the victim gets the message of another. */
    private static void slotIsTaken(Stage stage) throws InterruptedException {
        stage.enqueued(job("one", 10));
        stage.meanwhile(Duration.ZERO, stage::othersWork);
        stage.later(Duration.ofSeconds(1));
        stage.enqueued(job("two", 1));
    }

    /** The victim runs a job, and meanwhile another one comes and waits. */
    private static void anotherWaits(Stage stage) {
        stage.enqueued(job("one", 10));
        stage.meanwhile(Duration.ofSeconds(2), () -> {
            stage.enqueued(job("two", 1));
            stage.othersWork();
        });
    }

    /** The victim gets the message of a job that waited. */
    private static void handedOn(Stage stage) throws InterruptedException {
        slotIsTaken(stage);
        stage.othersWork();
        stage.later(Duration.ofSeconds(15));
    }

    /** A worker has crashed in the middle of a job, and another job waits for its slot. */
    private static void workerDied(Stage stage) throws InterruptedException {
        stage.othersTick();
        stage.enqueued(Stage.request(
                "one", SimulatedTasks.NARROW, new SimulatedTasks.Orders("one", "crash once", 0, 0, 1, 0)));
        stage.aWorkerCrashes();
        stage.enqueued(job("two", 1));
        stage.othersWork();
        stage.later(UNATTENDED);
    }
}

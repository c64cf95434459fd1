package dev.longshore.reliability;

import static dev.longshore.job.JobState.DEAD;
import static dev.longshore.job.JobState.SUCCEEDED;

import dev.longshore.job.JobState;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A queue has lost a message, and the dispatcher crashes in the middle of the audit that finds it. */
final class AuditFlows {
    /** A minute after the hour of the jobs is counted first. */
    private static final String COUNTED = "13:17";

    private AuditFlows() {}

    static List<Flow> all() {
        return List.of(
                flow("audit, a lost message", AuditFlows::waitingAndLost, Stage::victimTicks, SUCCEEDED),
                flow("audit, a crash whose message is lost", AuditFlows::abandoned, Stage::victimTicks, SUCCEEDED),
                flow("audit, a death that was not handled", AuditFlows::deadLetterLost, Stage::victimTicks, DEAD),
                flow("audit, a job whose message was not sent", AuditFlows::unsent, Stage::victimTicks, SUCCEEDED),
                flow("request an audit", AuditFlows::lost, AuditFlows::request, SUCCEEDED));
    }

    static Flow requested() {
        return flow("audit, requested", AuditFlows::lostAndRequested, Stage::victimTicks, SUCCEEDED);
    }

    private static Flow flow(String name, Flow.Part before, Flow.Part act, JobState end) {
        return new Flow(name, before, act, Set.of(end), true);
    }

    private static void lost(Stage stage) {
        stage.othersTick();
        stage.enqueued(SampleRequests.brief());
        stage.messagesAreLost();
    }

    private static void waitingAndLost(Stage stage) throws InterruptedException {
        lost(stage);
        stage.until(COUNTED);
    }

    private static void abandoned(Stage stage) throws InterruptedException {
        stage.othersTick();
        stage.enqueued(SampleRequests.crashing(3));
        stage.aWorkerCrashes();
        stage.messagesAreLost();
        stage.until(COUNTED);
    }

    private static void deadLetterLost(Stage stage) throws InterruptedException {
        stage.othersTick();
        stage.enqueued(SampleRequests.discarded());
        stage.othersWork();
        stage.deadLettersAreLost();
        stage.until(COUNTED);
    }

    /** The API crashed between the row and the message: the client got no answer, and the row exists. */
    private static void unsent(Stage stage) throws InterruptedException {
        stage.othersTick();
        stage.enqueuedWithoutAnAnswer(SampleRequests.brief());
        stage.messagesAreLost();
        stage.until(COUNTED);
    }

    private static void lostAndRequested(Stage stage) throws InterruptedException {
        lost(stage);
        stage.later(Duration.ofMinutes(16));
        stage.othersOperate("/v1/ledger/audit");
    }

    /** An operator who gets no answer sends the request again. */
    private static void request(Stage stage) {
        if (stage.victimOperates("/v1/ledger/audit") != 202) {
            stage.othersOperate("/v1/ledger/audit");
        }
        stage.expect(
                "the request is served",
                () -> stage.world.memory.ledger().progress().stream().anyMatch(progress -> progress.served() != null));
    }
}

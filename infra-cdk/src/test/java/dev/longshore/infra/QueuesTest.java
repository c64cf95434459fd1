package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class QueuesTest {
    private static final StackTemplate TEMPLATE = StackTemplate.of(StackTemplate.props());

    @Test
    void aQueueHidesAMessageForSixTimesItsFunctionsTimeout() {
        for (String pool : List.of("default", "heavy")) {
            int function = TEMPLATE.properties("Worker-" + pool).get("Timeout").asInt();
            int visibility = TEMPLATE.properties("Queue-" + pool)
                    .get("VisibilityTimeout")
                    .asInt();

            assertThat(visibility).as(pool).isEqualTo(6 * function);
        }
        assertThat(TEMPLATE.properties("Worker-heavy").get("Timeout").asInt())
                .as("the longest task and the worker's own time")
                .isEqualTo(10 * 60 + 15);
    }

    @Test
    void aDeadLetterQueueHidesAMessageForSixTimesTheTimeoutOfItsKeeper() {
        int keeper = TEMPLATE.properties("DeadLetters").get("Timeout").asInt();

        for (String pool : List.of("default", "heavy")) {
            assertThat(TEMPLATE.properties("DeadLetters-" + pool)
                            .get("VisibilityTimeout")
                            .asInt())
                    .isEqualTo(6 * keeper);
        }
    }

    @Test
    void aBatchWindowIsAddedToTheVisibilityTimeout() {
        StackTemplate template = StackTemplate.of(StackTemplate.props()
                .pool(WorkerPool.named("default").batchWindow(Duration.ofSeconds(20)))
                .pool(WorkerPool.named("heavy")));

        assertThat(template.properties("Queue-default").get("VisibilityTimeout").asInt())
                .isEqualTo(6 * (30 + 15) + 20);
    }

    @Test
    void aMessageThatIsReceivedTooOftenGoesToItsPoolsDeadLetterQueue() {
        for (String pool : List.of("default", "heavy")) {
            JsonNode redrive = TEMPLATE.properties("Queue-" + pool).get("RedrivePolicy");

            assertThat(redrive.get("deadLetterTargetArn")
                            .get("Fn::GetAtt")
                            .get(0)
                            .asString())
                    .isEqualTo(TEMPLATE.id("DeadLetters-" + pool));
        }
    }

    /** Throttling and an early delivery use up receives too, so that there are more of them than attempts. */
    @Test
    void aMessageMayBeReceivedThreeTimesAnAttemptAndTenTimesMore() {
        assertThat(receives("default")).isEqualTo(3 * 10 + 10);
        assertThat(receives("heavy")).isEqualTo(3 * 5 + 10);
    }

    private static int receives(String pool) {
        return TEMPLATE.properties("Queue-" + pool)
                .get("RedrivePolicy")
                .get("maxReceiveCount")
                .asInt();
    }

    /** A message keeps its first date when it moves, and so would be gone from a queue that keeps it no longer. */
    @Test
    void aDeadLetterQueueKeepsAMessageLongerThanItsQueue() {
        for (String pool : List.of("default", "heavy")) {
            int queue = TEMPLATE.properties("Queue-" + pool)
                    .get("MessageRetentionPeriod")
                    .asInt();
            int deadLetters = TEMPLATE.properties("DeadLetters-" + pool)
                    .get("MessageRetentionPeriod")
                    .asInt();

            assertThat(Duration.ofSeconds(queue)).isEqualTo(Duration.ofDays(7));
            assertThat(Duration.ofSeconds(deadLetters)).isEqualTo(Duration.ofDays(14));
        }
    }

    @Test
    void everyQueueIsEncryptedAndRefusesWhatDoesNotComeOverTls() {
        var policies = TEMPLATE.propertiesOfAll("AWS::SQS::QueuePolicy");

        assertThat(TEMPLATE.propertiesOfAll("AWS::SQS::Queue"))
                .hasSize(4)
                .allSatisfy(
                        queue -> assertThat(queue.get("SqsManagedSseEnabled").asBoolean())
                                .isTrue());
        assertThat(policies).hasSize(4).allSatisfy(policy -> {
            JsonNode statement = policy.get("PolicyDocument").get("Statement").get(0);
            assertThat(statement.get("Effect").asString()).isEqualTo("Deny");
            assertThat(statement.get("Action").asString()).isEqualTo("sqs:*");
            assertThat(statement.get("Condition").toString())
                    .isEqualTo("{\"Bool\":{\"aws:SecureTransport\":\"false\"}}");
        });
    }

    /** A queue that is replaced takes its messages along: an id that changes here loses jobs in every deployment. */
    @Test
    void theIdsOfQueuesAndTheTableNeverChange() {
        assertThat(TEMPLATE.ofType("AWS::SQS::Queue").keySet())
                .containsExactly(
                        "JobsDeadLettersdefaultC30CA06C",
                        "JobsDeadLettersheavy18FA6B4F",
                        "JobsQueuedefaultDC4251EA",
                        "JobsQueueheavyF6432DBA");
        assertThat(TEMPLATE.ofType("AWS::DynamoDB::Table").keySet()).containsExactly("Jobs3A3E4888");
    }

    @Test
    void noSettingOfAPoolChangesTheIdsOfItsQueues() {
        StackTemplate changed = StackTemplate.of(StackTemplate.props()
                .frontDoor(FrontDoor.FUNCTION_URL)
                .tag("team", "video")
                .pool(WorkerPool.named("heavy").memoryMiB(4_096).retention(Duration.ofDays(4)))
                .pool(WorkerPool.named("default").batchSize(1).maxConcurrency(5)));

        assertThat(changed.ofType("AWS::SQS::Queue").keySet())
                .isEqualTo(TEMPLATE.ofType("AWS::SQS::Queue").keySet());
        assertThat(changed.ofType("AWS::DynamoDB::Table").keySet())
                .isEqualTo(TEMPLATE.ofType("AWS::DynamoDB::Table").keySet());
    }

    @Test
    void queuesAreKeptWhenTheStackGoesUnlessTheDeploymentIsDisposable() {
        assertThat(TEMPLATE.ofType("AWS::SQS::Queue").values()).allSatisfy(queue -> {
            assertThat(queue.get("DeletionPolicy").asString()).isEqualTo("Retain");
            assertThat(queue.get("UpdateReplacePolicy").asString()).isEqualTo("Retain");
        });
        assertThat(StackTemplate.of(StackTemplate.props().disposable())
                        .ofType("AWS::SQS::Queue")
                        .values())
                .allSatisfy(queue ->
                        assertThat(queue.get("DeletionPolicy").asString()).isEqualTo("Delete"));
    }
}

package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.aws.CallTimeouts;
import dev.longshore.task.Json;
import dev.longshore.task.TaskCatalog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FunctionsTest {
    private static final StackTemplate TEMPLATE = StackTemplate.of(StackTemplate.props());
    private static final List<String> FUNCTIONS =
            List.of("Api", "Worker-default", "Worker-heavy", "DeadLetters", "Dispatcher");

    @Test
    void everyFunctionRunsOnJava25AndArm64() {
        assertThat(TEMPLATE.propertiesOfAll("AWS::Lambda::Function"))
                .hasSize(FUNCTIONS.size())
                .allSatisfy(function -> {
                    assertThat(function.get("Runtime").asString()).isEqualTo("java25");
                    assertThat(function.get("Architectures").toString()).isEqualTo("[\"arm64\"]");
                });
    }

    @Test
    void tracesAreOffAndOneSwitchEnablesThemEverywhere() {
        StackTemplate off = StackTemplate.of(StackTemplate.props().frontDoor(FrontDoor.REST_API));
        StackTemplate on = StackTemplate.of(
                StackTemplate.props().frontDoor(FrontDoor.REST_API).tracing());

        assertThat(off.json().toString()).doesNotContain("\"Active\"", "xray:");
        assertThat(off.properties("RestApiDeploymentStageprod")
                        .get("TracingEnabled")
                        .asBoolean())
                .isFalse();
        assertThat(on.properties("RestApiDeploymentStageprod")
                        .get("TracingEnabled")
                        .asBoolean())
                .isTrue();
        for (String name : FUNCTIONS) {
            assertThat(on.properties(name).get("TracingConfig").get("Mode").asString())
                    .isEqualTo("Active");
            assertThat(on.properties(name + "RoleDefaultPolicy").toString())
                    .contains("xray:PutTraceSegments", "xray:PutTelemetryRecords");
        }
    }

    @Test
    void snapStartIsOnPublishedVersionsAndEveryAliasIsOnOne() {
        for (String name : FUNCTIONS) {
            JsonNode alias = TEMPLATE.properties(name + "Live");
            String version =
                    alias.get("FunctionVersion").get("Fn::GetAtt").get(0).asString();

            assertThat(TEMPLATE.properties(name).get("SnapStart").get("ApplyOn").asString())
                    .isEqualTo("PublishedVersions");
            assertThat(TEMPLATE.ofType("AWS::Lambda::Version")
                            .get(version)
                            .get("Properties")
                            .get("FunctionName")
                            .get("Ref")
                            .asString())
                    .isEqualTo(TEMPLATE.id(name));
            assertThat(alias.get("Name").asString()).isEqualTo("live");
        }
        assertThat(StackTemplate.of(StackTemplate.props().withoutSnapStart()).propertiesOfAll("AWS::Lambda::Function"))
                .noneMatch(function -> function.has("SnapStart"));
    }

    /** Lambda would stop a chain of jobs at about the sixteenth ("Use Lambda recursive loop detection", Lambda Developer Guide). */
    @Test
    void lambdaStopsNoChainOfJobs() {
        for (String name : List.of("Worker-default", "Worker-heavy", "DeadLetters")) {
            assertThat(TEMPLATE.properties(name).path("RecursiveLoop").asString())
                    .as(name)
                    .isEqualTo("Allow");
        }
        for (String name : List.of("Api", "Dispatcher")) {
            assertThat(TEMPLATE.properties(name).has("RecursiveLoop"))
                    .as("%s is called by no queue", name)
                    .isFalse();
        }
    }

    /** What called the function itself would meet code without a snapshot, in the middle of a deployment too. */
    @Test
    void everythingCallsTheAliasAndNothingTheFunction() {
        for (JsonNode mapping : TEMPLATE.propertiesOfAll("AWS::Lambda::EventSourceMapping")) {
            assertThat(mapping.get("FunctionName").toString()).contains("Live", ":live");
        }
        for (JsonNode permission : TEMPLATE.propertiesOfAll("AWS::Lambda::Permission")) {
            assertThat(permission.get("FunctionName").get("Ref").asString()).contains("Live");
        }
        JsonNode target = TEMPLATE.properties("EveryMinute").get("Targets").get(0);
        assertThat(target.get("Arn").get("Ref").asString()).isEqualTo(TEMPLATE.id("DispatcherLive"));
        assertThat(TEMPLATE.propertiesOfAll("AWS::ApiGatewayV2::Integration"))
                .singleElement()
                .satisfies(integration -> assertThat(
                                integration.get("IntegrationUri").get("Ref").asString())
                        .isEqualTo(TEMPLATE.id("ApiLive")));
    }

    @Test
    void aBatchAnswersForEachOfItsMessages() {
        assertThat(TEMPLATE.propertiesOfAll("AWS::Lambda::EventSourceMapping"))
                .as("a queue and a dead-letter queue for each of two pools")
                .hasSize(4)
                .allSatisfy(mapping -> assertThat(
                                mapping.get("FunctionResponseTypes").toString())
                        .isEqualTo("[\"ReportBatchItemFailures\"]"));
    }

    @Test
    void eachQueueFeedsTheWorkersOfItsPool() {
        assertThat(workerOf("default")).contains(TEMPLATE.id("Worker-defaultLive"));
        assertThat(workerOf("heavy")).contains(TEMPLATE.id("Worker-heavyLive"));
    }

    private static String workerOf(String pool) {
        return mapping(TEMPLATE, pool).get("FunctionName").toString();
    }

    private static JsonNode mapping(StackTemplate template, String pool) {
        return template.propertiesOfAll("AWS::Lambda::EventSourceMapping").stream()
                .filter(mapping -> mapping.get("EventSourceArn").toString().contains(template.id("Queue-" + pool)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aPoolsMemoryAndBatchFollowFromWhatItsTasksNeed() {
        TaskCatalog tasks = new TaskCatalog();
        tasks.add("encode", Json.class, (payload, job) -> payload).memoryMiB(900);
        StackTemplate template = StackTemplate.of(StackTemplate.props(tasks));

        assertThat(template.properties("Worker-default").get("MemorySize").asInt())
                .isEqualTo(3_984);
        assertThat(mapping(template, "default").get("BatchSize").asInt()).isEqualTo(4);

        StackTemplate smaller = StackTemplate.of(
                StackTemplate.props(tasks).pool(WorkerPool.named("default").batchSize(2)));
        assertThat(smaller.properties("Worker-default").get("MemorySize").asInt())
                .isEqualTo(2_184);
    }

    @Test
    void aPoolIsScaledAsItsSettingsSay() {
        StackTemplate template = StackTemplate.of(StackTemplate.props()
                .pool(WorkerPool.named("default")
                        .memoryMiB(2_048)
                        .maxConcurrency(20)
                        .reservedConcurrency(25)
                        .batchSize(50)
                        .batchWindow(Duration.ofSeconds(2))
                        .environment("MODEL", "large"))
                .pool(WorkerPool.named("heavy").provisionedPollers(3, 30).batchSize(1)));

        JsonNode function = template.properties("Worker-default");
        assertThat(function.get("MemorySize").asInt()).isEqualTo(2_048);
        assertThat(function.get("ReservedConcurrentExecutions").asInt()).isEqualTo(25);
        assertThat(function.get("Environment").get("Variables").get("MODEL").asString())
                .isEqualTo("large");
        JsonNode mapping = mapping(template, "default");
        assertThat(mapping.get("ScalingConfig").get("MaximumConcurrency").asInt())
                .isEqualTo(20);
        assertThat(mapping.get("BatchSize").asInt()).isEqualTo(50);
        assertThat(mapping.get("MaximumBatchingWindowInSeconds").asInt()).isEqualTo(2);
        JsonNode heavy = mapping(template, "heavy");
        assertThat(heavy.get("ProvisionedPollerConfig").get("MinimumPollers").asInt())
                .isEqualTo(3);
        assertThat(heavy.get("ProvisionedPollerConfig").get("MaximumPollers").asInt())
                .isEqualTo(30);
        assertThat(heavy.has("ScalingConfig")).isFalse();
        assertThat(heavy.get("BatchSize").asInt()).isEqualTo(1);
    }

    @Test
    void everyFunctionHasARoleOfItsOwnAndALogThatEnds() {
        assertThat(TEMPLATE.ofType("AWS::IAM::Role")).hasSize(FUNCTIONS.size());
        for (String name : FUNCTIONS) {
            assertThat(TEMPLATE.properties(name)
                            .get("Role")
                            .get("Fn::GetAtt")
                            .get(0)
                            .asString())
                    .isEqualTo(TEMPLATE.id(name + "Role"));
            assertThat(TEMPLATE.properties(name)
                            .get("LoggingConfig")
                            .get("LogGroup")
                            .get("Ref")
                            .asString())
                    .isEqualTo(TEMPLATE.id(name + "Logs"));
        }
        assertThat(TEMPLATE.propertiesOfAll("AWS::Logs::LogGroup"))
                .allSatisfy(
                        log -> assertThat(log.get("RetentionInDays").asInt()).isEqualTo(30));
    }

    @Test
    void everyFunctionIsToldTheTableTheQueuesAndTheBucketAndOnlyTheApiTheFirstKey() {
        for (String name : FUNCTIONS) {
            JsonNode variables = TEMPLATE.properties(name).get("Environment").get("Variables");

            assertThat(variables.get("LONGSHORE_TABLE").get("Ref").asString()).isEqualTo(TEMPLATE.id(""));
            assertThat(variables.get("LONGSHORE_QUEUES").toString())
                    .contains("default=", " heavy=", TEMPLATE.id("Queue-heavy"), TEMPLATE.id("DeadLetters-heavy"));
            assertThat(variables.get("LONGSHORE_BUCKET").get("Ref").asString()).isEqualTo(TEMPLATE.id("Files"));
            assertThat(variables.get("JAVA_TOOL_OPTIONS").asString())
                    .contains("longshore-lambda-logback.xml", CallTimeouts.CONNECTIONS_FLAG);
            assertThat(variables.has("LONGSHORE_FIRST_KEY")).as(name).isEqualTo(name.equals("Api"));
        }
    }

    @Test
    void theDeadLetterFunctionIsTheTeamsOwnWhenItsTasksHaveHooks() {
        StackTemplate template = StackTemplate.of(StackTemplate.props().deadLetterHandler("com.example.Deaths"));

        assertThat(TEMPLATE.properties("DeadLetters").get("Handler").asString())
                .isEqualTo("dev.longshore.keeper.DeadLetterFunction");
        assertThat(template.properties("DeadLetters").get("Handler").asString()).isEqualTo("com.example.Deaths");
        assertThat(template.properties("DeadLetters").get("Code"))
                .isEqualTo(template.properties("Worker-heavy").get("Code"));
    }

    @Test
    void aCanaryGetsATenthForFiveMinutesAndGoesBackWhenAnAlarmOfItsFunctionRings() {
        StackTemplate template = StackTemplate.of(StackTemplate.props().canary());
        Map<String, JsonNode> groups = template.ofType("AWS::CodeDeploy::DeploymentGroup");

        assertThat(TEMPLATE.ofType("AWS::CodeDeploy::DeploymentGroup")).isEmpty();
        assertThat(groups).hasSize(FUNCTIONS.size());
        groups.values().forEach(group -> {
            JsonNode properties = group.get("Properties");
            assertThat(properties.get("DeploymentConfigName").asString())
                    .isEqualTo("CodeDeployDefault.LambdaCanary10Percent5Minutes");
            assertThat(properties.get("AutoRollbackConfiguration").get("Events").toString())
                    .contains("DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM");
        });
        for (String name : FUNCTIONS) {
            assertThat(template.resource(name + "Live").get("UpdatePolicy").get("CodeDeployLambdaAliasUpdate"))
                    .isNotNull();
        }
        assertTakenBackBy(template, "Api", "Errors-Api", "ErrorLines-Api", "ServerErrors");
        assertTakenBackBy(
                template, "Dispatcher", "Errors-Dispatcher", "ErrorLines-Dispatcher", "MissingTick", "FailedParts");
        for (String name : List.of("Worker-default", "Worker-heavy", "DeadLetters")) {
            assertTakenBackBy(template, name, "Errors-" + name, "ErrorLines-" + name, "FailedMessages-" + name);
        }
    }

    /** A deployment group takes ten alarms ("CodeDeploy quotas"), and a stack has 500 resources ("CloudFormation quotas"). */
    @Test
    void aCanaryOfSixteenPoolsHasTheAlarmsOfEachFunctionAndFitsIntoAStack() {
        TaskCatalog tasks = new TaskCatalog();
        for (int i = 1; i <= 16; i++) {
            tasks.add("task-" + i, Json.class, (payload, job) -> payload).pool("pool-" + i);
        }

        StackTemplate template = StackTemplate.of(StackTemplate.props(tasks).canary());

        assertThat(template.ofType("AWS::CodeDeploy::DeploymentGroup")).hasSize(19);
        assertTakenBackBy(
                template,
                "Worker-pool-2",
                "Errors-Worker-pool-2",
                "ErrorLines-Worker-pool-2",
                "FailedMessages-Worker-pool-2");
        assertThat(template.propertiesOfAll("AWS::CodeDeploy::DeploymentGroup"))
                .allSatisfy(group -> assertThat(group.get("AlarmConfiguration").get("Alarms"))
                        .hasSizeBetween(1, 10));
        assertThat(template.json().get("Resources")).hasSizeLessThanOrEqualTo(500);
    }

    private static void assertTakenBackBy(StackTemplate template, String function, String... alarms) {
        assertThat(template.properties("Canary-" + function)
                        .get("AlarmConfiguration")
                        .get("Alarms")
                        .valueStream()
                        .map(alarm -> alarm.get("Name").get("Ref").asString()))
                .as(function)
                .containsExactlyElementsOf(Stream.of(alarms)
                        .map(alarm -> template.id(alarm + "Alarm"))
                        .toList());
    }

    /** CloudFormation takes a version out of the template with the next one, and would delete it. */
    @Test
    void versionsAreKeptForARollbackAndWhatAFailedDeploymentPublishedIsNot() {
        for (StackTemplate template :
                List.of(TEMPLATE, StackTemplate.of(StackTemplate.props().disposable()))) {
            assertThat(template.ofType("AWS::Lambda::Version").values())
                    .hasSize(FUNCTIONS.size())
                    .allSatisfy(version -> {
                        assertThat(version.path("DeletionPolicy").asString("none"))
                                .isEqualTo("RetainExceptOnCreate");
                        assertThat(version.path("UpdateReplacePolicy").asString("none"))
                                .isEqualTo("Retain");
                    });
        }
    }
}

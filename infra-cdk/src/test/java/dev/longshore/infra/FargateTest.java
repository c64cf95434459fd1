package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.task.Json;
import dev.longshore.task.TaskCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.secretsmanager.Secret;
import tools.jackson.databind.JsonNode;

/** A pool whose jobs run in containers. */
class FargateTest {
    private static final StackTemplate TEMPLATE = StackTemplate.of(props(FargateTasks.of(2_048, 8_192, 30)));

    /** The tasks {@code greet} on Lambda and {@code transcode} of 6 hours on Fargate. */
    static LongshoreProps props(FargateTasks containers) {
        return propsWithoutHeavy()
                .pool(WorkerPool.named("heavy").onFargate(containers).environment("CODEC", "av1"));
    }

    /** The pool {@code heavy} of {@code transcode} is to be added. */
    static LongshoreProps propsWithoutHeavy() {
        return LongshoreProps.of(
                        tasks(),
                        StackTemplate.workerJar("com/example/Worker.class", "dev/longshore/worker/WorkerProcess.class"),
                        "com.example.Worker")
                .pool(WorkerPool.named("default"));
    }

    private static TaskCatalog tasks() {
        TaskCatalog tasks = new TaskCatalog();
        tasks.add("greet", Json.class, (input, job) -> input);
        tasks.add("transcode", Json.class, (input, job) -> input)
                .pool("heavy")
                .timeout(Duration.ofHours(6))
                .memoryMiB(3_000);
        return tasks;
    }

    private static JsonNode container(StackTemplate template) {
        return template.properties("Task-heavy").get("ContainerDefinitions").get(0);
    }

    @Test
    void poolHasAServiceInThePlaceOfAFunctionAndItsMapping() {
        assertThat(TEMPLATE.ofType("AWS::Lambda::Function").keySet()).noneMatch(id -> id.contains("Workerheavy"));
        assertThat(TEMPLATE.propertiesOfAll("AWS::Lambda::EventSourceMapping").stream()
                        .map(mapping -> mapping.get("EventSourceArn").toString())
                        .filter(queue -> queue.contains(TEMPLATE.id("Queue-heavy"))))
                .isEmpty();

        JsonNode service = TEMPLATE.properties("Service-heavyService");
        assertThat(service.has("DesiredCount"))
                .as("a number that each deployment would set again")
                .isFalse();
        assertThat(service.get("CapacityProviderStrategy").toString()).contains("\"FARGATE\"");
        assertThat(service.get("DeploymentConfiguration")
                        .get("DeploymentCircuitBreaker")
                        .toString())
                .contains("\"Rollback\":true");

        JsonNode task = TEMPLATE.properties("Task-heavy");
        assertThat(task.get("Cpu").asString()).isEqualTo("2048");
        assertThat(task.get("Memory").asString()).isEqualTo("8192");
        assertThat(task.get("RuntimePlatform").get("CpuArchitecture").asString())
                .isEqualTo("ARM64");
    }

    @Test
    void containerKnowsWhatAFunctionKnowsAndWhatItPolls() {
        List<String> variables = new ArrayList<>();
        container(TEMPLATE)
                .get("Environment")
                .forEach(variable -> variables.add(variable.get("Name").asString() + "="
                        + (variable.get("Value").isString()
                                ? variable.get("Value").asString()
                                : "…")));

        assertThat(variables)
                .contains(
                        "LONGSHORE_TABLE=…",
                        "LONGSHORE_QUEUES=…",
                        "LONGSHORE_BUCKET=…",
                        "AWS_REGION=…",
                        "LONGSHORE_WORKER=com.example.Worker",
                        "LONGSHORE_POOL=heavy",
                        "LONGSHORE_CONCURRENCY=2",
                        "JAVA_TOOL_OPTIONS=" + FunctionEnvironment.OUR_JVM_FLAGS,
                        "CODEC=av1");
        assertThat(container(TEMPLATE).get("LogConfiguration").toString()).contains(TEMPLATE.id("Worker-heavyLogs"));
        assertThat(container(TEMPLATE).has("PortMappings"))
                .as("a port that listens")
                .isFalse();
    }

    @Test
    void secretsAndJvmFlagsOfAPoolReachItsContainersToo() {
        StackTemplate template = StackTemplate.of(stack -> {
            Secret secret = Secret.Builder.create(stack, "Database").build();
            new Longshore(
                    stack,
                    "Jobs",
                    props(FargateTasks.of(2_048, 8_192, 3))
                            .functions(FunctionSettings.create()
                                    .secret("database", secret)
                                    .jvmFlags("-Dcodec.threads=2")));
        });

        assertThat(container(template).get("Environment").toString())
                .contains("LONGSHORE_SECRETS", "-Dcodec.threads=2");
        assertThat(statements(template, "Worker-heavy"))
                .anyMatch(statement -> statement.contains("secretsmanager:GetSecretValue"));
    }

    /** Fargate sends SIGKILL so long after SIGTERM; a drain of 90 s and the giving back of 25 s fit into it. */
    @Test
    void containerHasTwoMinutesForItsDrain() {
        assertThat(container(TEMPLATE).get("StopTimeout").asInt()).isEqualTo(120);
    }

    @Test
    void roleOfAContainerAllowsWhatTheRoleOfAFunctionAllows() {
        StackTemplate onLambda = StackTemplate.of(StackTemplate.props());
        Set<String> function = statements(onLambda, "Worker-heavy");
        function.removeIf(statement -> statement.contains("xray:") || statement.contains("logs:"));

        assertThat(statements(TEMPLATE, "Worker-heavy")).isEqualTo(function);
        assertThat(TEMPLATE.properties("Worker-heavyRole")
                        .get("AssumeRolePolicyDocument")
                        .toString())
                .contains("\"Service\":\"ecs-tasks.amazonaws.com\"");
    }

    private static Set<String> statements(StackTemplate template, String worker) {
        Set<String> statements = new TreeSet<>();
        template.properties(worker + "RoleDefaultPolicy")
                .get("PolicyDocument")
                .get("Statement")
                .forEach(statement -> statements.add(statement.toString()));
        return statements;
    }

    @Test
    void messageOfACrashBeforeTheClaimComesBackWithinMinutes() {
        assertThat(TEMPLATE.properties("Queue-heavy").get("VisibilityTimeout").asInt())
                .isEqualTo(135);
    }

    @Test
    void containersAreStartedByWhatWaitsAndStoppedWhenNothingIsLeft() {
        JsonNode target = TEMPLATE.properties("Scaling-heavy");
        assertThat(target.get("MinCapacity").asInt()).isZero();
        assertThat(target.get("MaxCapacity").asInt()).isEqualTo(30);

        JsonNode out = TEMPLATE.properties("ScaleOut-heavy").get("StepScalingPolicyConfiguration");
        assertThat(out.get("AdjustmentType").asString()).isEqualTo("ChangeInCapacity");
        JsonNode steps = out.get("StepAdjustments");
        assertThat(steps.size()).as("20 at most").isEqualTo(15);
        assertThat(steps.get(0).toString())
                .as("1 to 4 messages that wait, two jobs a container")
                .contains(
                        "\"MetricIntervalLowerBound\":0", "\"MetricIntervalUpperBound\":4", "\"ScalingAdjustment\":2");
        assertThat(steps.get(14).get("ScalingAdjustment").asInt()).isEqualTo(30);
        assertThat(steps.get(14).has("MetricIntervalUpperBound")).isFalse();
        JsonNode waiting = TEMPLATE.properties("Waiting-heavy");
        assertThat(waiting.get("MetricName").asString()).isEqualTo("ApproximateNumberOfMessagesVisible");
        assertThat(waiting.get("Threshold").asInt()).isEqualTo(1);

        JsonNode in = TEMPLATE.properties("ScaleIn-heavy").get("StepScalingPolicyConfiguration");
        assertThat(in.get("AdjustmentType").asString()).isEqualTo("ExactCapacity");
        assertThat(in.get("StepAdjustments").toString()).contains("\"ScalingAdjustment\":0");
        JsonNode idle = TEMPLATE.properties("Idle-heavy");
        assertThat(idle.get("Metrics").toString()).contains("waiting + inFlight");
        assertThat(idle.get("EvaluationPeriods").asInt()).isEqualTo(5);
        assertThat(idle.get("TreatMissingData").asString()).isEqualTo("ignore");
    }

    @Test
    void alarmOfTheOldestJobWaitsForAsLongAsAJobMayRun() {
        assertThat(TEMPLATE.properties("OldestJob-heavyAlarm").get("Threshold").asInt())
                .isEqualTo((6 * 60 + 15) * 60);
    }

    @Test
    void withoutAVpcContainersRunInOneThatCostsNothing() {
        assertThat(TEMPLATE.ofType("AWS::EC2::VPC")).hasSize(1);
        assertThat(TEMPLATE.ofType("AWS::EC2::NatGateway")).isEmpty();
        assertThat(TEMPLATE.ofType("AWS::EC2::VPCEndpoint")).hasSize(2);
        assertThat(network(TEMPLATE)).contains("\"AssignPublicIp\":\"ENABLED\"");
        assertThat(TEMPLATE.propertiesOfAll("AWS::EC2::SecurityGroup"))
                .as("what may connect to a container")
                .noneMatch(group -> group.has("SecurityGroupIngress"));
    }

    @Test
    void containersRunInThePrivateSubnetsOfAGivenVpc() {
        StackTemplate template = StackTemplate.of(stack -> {
            Vpc vpc = Vpc.Builder.create(stack, "Own").maxAzs(2).build();
            new Longshore(stack, "Jobs", props(FargateTasks.of(2_048, 8_192, 3).vpc(vpc)));
        });

        assertThat(template.ofType("AWS::EC2::VPC")).hasSize(1);
        assertThat(network(template))
                .contains("\"AssignPublicIp\":\"DISABLED\"")
                .contains("PrivateSubnet");
    }

    private static String network(StackTemplate template) {
        return template.properties("Service-heavyService")
                .get("NetworkConfiguration")
                .toString();
    }

    @Test
    void spotCapacityIsTaken() {
        StackTemplate template =
                StackTemplate.of(props(FargateTasks.of(2_048, 8_192, 3).spot()));

        assertThat(template.properties("Service-heavyService")
                        .get("CapacityProviderStrategy")
                        .toString())
                .contains("FARGATE_SPOT");
    }

    @Test
    void handlersAreGrantedWhatTheyNeedWhereverTheirPoolRuns() {
        StackTemplate.of(stack -> {
            Longshore jobs = new Longshore(stack, "Jobs", props(FargateTasks.of(2_048, 8_192, 3)));

            assertThat(jobs.worker("heavy")).isNotNull();
            assertThat(jobs.worker("default")).isEqualTo(jobs.workerFunction("default"));
            assertThat(jobs.workerService("heavy").getConnections()).isNotNull();
            assertThatThrownBy(() -> jobs.workerFunction("heavy"))
                    .hasMessage("The pool heavy is on Fargate and has no function; take workerService");
            assertThatThrownBy(() -> jobs.workerService("default"))
                    .hasMessage("The pool default is on Lambda and has no service; take workerFunction");
            assertThatThrownBy(() -> jobs.worker("hevy")).hasMessage("There is no pool hevy; there are default, heavy");
        });
    }

    @Test
    void imageIsTheWorkersJarOnAJavaThatGetsTheSignal() {
        assertThat(WorkerImage.dockerfile("eclipse-temurin:25-jre"))
                .startsWith("FROM eclipse-temurin:25-jre\n")
                .contains("COPY worker.jar /longshore/worker.jar")
                .contains("ENTRYPOINT [\"java\"")
                .contains("\"dev.longshore.worker.WorkerProcess\"]");
    }

    @Test
    void jarWithoutTheProcessStopsTheSynthesis() {
        LongshoreProps props = LongshoreProps.of(
                        tasks(), StackTemplate.workerJar("com/example/Worker.class"), "com.example.Worker")
                .pool(WorkerPool.named("default"))
                .pool(WorkerPool.named("heavy").onFargate(2_048, 8_192, 3));

        assertThatThrownBy(() -> StackTemplate.of(props))
                .hasMessageContaining("lacks dev.longshore.worker.WorkerProcess")
                .hasMessageContaining("longshore-worker");
    }

    /** The command itself, as the container's shell runs it. */
    @Test
    void containerIsHealthyWhileItsWorkerHasAnswersOfItsQueue(@TempDir Path folder) throws Exception {
        Path received = folder.resolve("received");

        assertThat(health(received)).as("it never had an answer").isNotZero();
        Files.writeString(received, "now");
        assertThat(health(received)).as("it had one just now").isZero();
        Files.setLastModifiedTime(received, FileTime.from(Instant.now().minusSeconds(301)));
        assertThat(health(received)).as("it had one 301 s ago").isNotZero();
    }

    private static int health(Path received) throws IOException, InterruptedException {
        ProcessBuilder check = new ProcessBuilder("sh", "-c", FargateWorkers.HEALTH);
        check.environment().put("LONGSHORE_RECEIVED_FILE", received.toString());
        return check.start().waitFor();
    }

    @Test
    void healthCheckReadsTheFileThatTheProcessWrites() {
        assertThat(container(TEMPLATE).get("HealthCheck").get("Command").toString())
                .contains("$LONGSHORE_RECEIVED_FILE");
        assertThat(container(TEMPLATE).get("Environment").toString())
                .contains("{\"Name\":\"LONGSHORE_RECEIVED_FILE\",\"Value\":\"/tmp/longshore-received\"}");
    }
}

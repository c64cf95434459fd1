package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.longshore.task.TaskCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.efs.AccessPoint;
import software.amazon.awscdk.services.efs.FileSystem;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.kinesis.Stream;
import software.amazon.awscdk.services.lambda.ILayerVersion;
import software.amazon.awscdk.services.lambda.LayerVersion;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.destinations.KinesisDestination;
import software.amazon.awscdk.services.secretsmanager.Secret;
import tools.jackson.databind.JsonNode;

/** What {@link FunctionSettings} become in the template, and which of them the synthesis refuses. */
class FunctionSettingsTest {
    private static final String JVM = "-Dlogback.configurationFile=longshore-lambda-logback.xml";

    @Test
    void settingsForAllReachEveryFunctionAndThePoolsOwnWin() {
        StackTemplate template = StackTemplate.of(pools(
                        StackTemplate.props(),
                        FunctionSettings.create()
                                .environment("REGION_NAME", "west")
                                .jvmFlags("-XX:+UseSerialGC"))
                .functions(FunctionSettings.create()
                        .environment("REGION_NAME", "east")
                        .environment("TEAM", "video")
                        .jvmFlags("-Xss2m")
                        .x86()));

        for (String function : List.of("Api", "Worker-default", "DeadLetters", "Dispatcher")) {
            assertThat(variable(template, function, "REGION_NAME")).isEqualTo("east");
            assertThat(variable(template, function, "JAVA_TOOL_OPTIONS"))
                    .startsWith(JVM)
                    .endsWith(" -Xss2m");
            assertThat(template.properties(function).get("Architectures").toString())
                    .isEqualTo("[\"x86_64\"]");
        }
        assertThat(variable(template, "Worker-heavy", "REGION_NAME")).isEqualTo("west");
        assertThat(variable(template, "Worker-heavy", "TEAM")).isEqualTo("video");
        assertThat(variable(template, "Worker-heavy", "JAVA_TOOL_OPTIONS")).endsWith(" -Xss2m -XX:+UseSerialGC");
    }

    @Test
    void dispatcherHasAWholeVcpuAndTheDeadLetterFunctionLess() {
        StackTemplate template = StackTemplate.of(StackTemplate.props());

        assertThat(template.properties("Dispatcher").get("MemorySize").asInt()).isEqualTo(1_769);
        assertThat(template.properties("DeadLetters").get("MemorySize").asInt()).isEqualTo(512);
    }

    @Test
    void apiDispatcherAndDeadLettersHaveMemoryAndConcurrencyOfTheirOwn() {
        StackTemplate template = StackTemplate.of(StackTemplate.props()
                .api(FunctionSettings.create().memoryMiB(1_769).reservedConcurrency(50))
                .dispatcher(FunctionSettings.create().memoryMiB(2_048))
                .deadLetters(FunctionSettings.create().memoryMiB(700).reservedConcurrency(7)));

        assertThat(template.properties("Api").get("MemorySize").asInt()).isEqualTo(1_769);
        assertThat(template.properties("Api")
                        .get("ReservedConcurrentExecutions")
                        .asInt())
                .isEqualTo(50);
        assertThat(template.properties("Dispatcher").get("MemorySize").asInt()).isEqualTo(2_048);
        assertThat(template.properties("Dispatcher").has("ReservedConcurrentExecutions"))
                .isFalse();
        assertThat(template.properties("DeadLetters").get("MemorySize").asInt()).isEqualTo(700);
        assertThat(template.properties("DeadLetters")
                        .get("ReservedConcurrentExecutions")
                        .asInt())
                .isEqualTo(7);
    }

    @Test
    void layersAndTmpReachTheFunctionAndALargeTmpHasNoSnapStart() {
        StackTemplate template = StackTemplate.of(stack -> new Longshore(
                stack,
                "Jobs",
                pools(
                        StackTemplate.props(),
                        FunctionSettings.create().layer(layer(stack, "fonts")).tmpSizeMiB(2_048))));

        JsonNode heavy = template.properties("Worker-heavy");
        assertThat(heavy.get("Layers").toString()).contains(":layer:fonts:1");
        assertThat(heavy.get("EphemeralStorage").get("Size").asInt()).isEqualTo(2_048);
        assertThat(heavy.has("SnapStart"))
                .as("AWS has none with more than 512 MB")
                .isFalse();
        assertThat(template.properties("Worker-default").has("SnapStart")).isTrue();
        assertThat(template.properties("Worker-default").has("Layers")).isFalse();
    }

    @Test
    void filesAreMountedInTheVpcAndHaveNoSnapStart() {
        StackTemplate template = StackTemplate.of(stack -> {
            Vpc vpc = new Vpc(stack, "Vpc");
            AccessPoint models =
                    FileSystem.Builder.create(stack, "Models").vpc(vpc).build().addAccessPoint("Access");
            new Longshore(
                    stack,
                    "Jobs",
                    pools(
                            StackTemplate.props(),
                            FunctionSettings.create().network(Network.of(vpc)).files(models, "/mnt/models")));
        });

        JsonNode heavy = template.properties("Worker-heavy");
        assertThat(heavy.get("FileSystemConfigs").get(0).get("LocalMountPath").asString())
                .isEqualTo("/mnt/models");
        assertThat(heavy.has("SnapStart")).isFalse();
        assertThat(template.properties("Worker-heavyRoleDefaultPolicy").toString())
                .contains("elasticfilesystem:ClientMount", "ec2:CreateNetworkInterface");
        assertThat(template.properties("Worker-default").has("VpcConfig")).isFalse();
    }

    @Test
    void secretIsInNoEnvironmentAndOnlyItsPoolMayReadIt() {
        StackTemplate template = StackTemplate.of(stack -> new Longshore(
                stack,
                "Jobs",
                pools(StackTemplate.props(), FunctionSettings.create().secret("database", new Secret(stack, "Db")))));

        assertThat(template.properties("Worker-heavy").get("Environment").toString())
                .contains("LONGSHORE_SECRETS", "database=", "\"Ref\":\"Db")
                .doesNotContain("resolve:secretsmanager");
        assertThat(template.properties("Worker-heavyRoleDefaultPolicy").toString())
                .contains("secretsmanager:GetSecretValue", "\"Ref\":\"Db");
        assertThat(template.properties("Worker-defaultRoleDefaultPolicy").toString())
                .doesNotContain("secretsmanager");
        assertThat(template.properties("DeadLettersRoleDefaultPolicy").toString())
                .doesNotContain("secretsmanager");
    }

    /** A secret for all is one for all code of the team: pools and hooks. */
    @Test
    void secretForAllGoesToTheTeamsCodeAlone() {
        StackTemplate template = StackTemplate.of(stack -> new Longshore(
                stack,
                "Jobs",
                StackTemplate.props()
                        .functions(FunctionSettings.create().secret("database", new Secret(stack, "Db")))));

        assertThat(template.properties("Worker-default").get("Environment").toString())
                .contains("database=");
        for (String ours : List.of("Api", "Dispatcher", "DeadLetters")) {
            assertThat(template.properties(ours).get("Environment").toString())
                    .as(ours)
                    .doesNotContain("database=");
        }
    }

    @Test
    void hookReadsTheSecretsOfItsTasksPool() {
        TaskCatalog tasks = StackTemplate.tasks();
        tasks.find("transcode").orElseThrow().onDead(dead -> {});
        StackTemplate template = StackTemplate.of(stack -> new Longshore(
                stack,
                "Jobs",
                pools(
                        LongshoreProps.of(
                                tasks,
                                StackTemplate.workerJar(
                                        "com/example/Worker.class", "dev/longshore/keeper/DeadLetterFunction.class"),
                                "com.example.Worker"),
                        FunctionSettings.create().secret("database", new Secret(stack, "Db")))));

        assertThat(template.properties("DeadLetters").get("Environment").toString())
                .contains("database=");
        assertThat(template.properties("DeadLettersRoleDefaultPolicy").toString())
                .contains("secretsmanager:GetSecretValue");
    }

    @Test
    void logsHaveALevelAGroupAndADestinationOfTheTeams() {
        StackTemplate template = StackTemplate.of(stack -> {
            LogGroup shared = new LogGroup(stack, "Shared");
            new Longshore(
                    stack,
                    "Jobs",
                    StackTemplate.props()
                            .functions(FunctionSettings.create()
                                    .logLevel(Level.WARN)
                                    .logDestination(new KinesisDestination(new Stream(stack, "Lines"))))
                            .dispatcher(FunctionSettings.create().logGroup(shared)));
        });

        assertThat(variable(template, "Api", "LONGSHORE_LOG_LEVEL")).isEqualTo("WARN");
        assertThat(template.properties("Dispatcher")
                        .get("LoggingConfig")
                        .get("LogGroup")
                        .toString())
                .contains("Shared");
        assertThat(template.properties("DispatcherRoleDefaultPolicy").toString())
                .contains("Shared", "logs:PutLogEvents");
        assertThat(template.propertiesOfAll("AWS::Logs::SubscriptionFilter"))
                .as("one for each function")
                .hasSize(5)
                .allSatisfy(filter -> {
                    assertThat(filter.get("FilterPattern").asString()).isEmpty();
                    assertThat(filter.get("DestinationArn").toString()).contains("Lines");
                });
    }

    @Test
    void boundaryIsOnEveryRole() {
        StackTemplate template = StackTemplate.of(stack -> new Longshore(
                stack,
                "Jobs",
                StackTemplate.props()
                        .frontDoor(FrontDoor.REST_API)
                        .canary()
                        .permissionsBoundary(ManagedPolicy.fromManagedPolicyName(stack, "Boundary", "developers"))));

        assertThat(template.propertiesOfAll("AWS::IAM::Role"))
                .as("the five functions', CodeDeploy's and API Gateway's")
                .hasSizeGreaterThan(6)
                .allSatisfy(role ->
                        assertThat(role.get("PermissionsBoundary").toString()).contains("policy/developers"));
    }

    @Test
    void poolRunsAJarAndAClassOfItsOwn() {
        Path jar = StackTemplate.workerJar("com/example/HeavyWorker.class", "com/example/Models.class");
        StackTemplate template = StackTemplate.of(StackTemplate.props()
                .pool(WorkerPool.named("default"))
                .pool(WorkerPool.named("heavy").code(WorkerCode.jar(jar, "com.example.HeavyWorker"))));

        assertThat(template.properties("Worker-heavy").get("Handler").asString())
                .isEqualTo("com.example.HeavyWorker");
        assertThat(template.properties("Worker-heavy").get("Code"))
                .isNotEqualTo(template.properties("Worker-default").get("Code"));
        refused(
                pool -> pool.code(WorkerCode.jar(StackTemplate.workerJar(), "com.example.HeavyWorker")),
                "worker.jar lacks com.example.HeavyWorker");
    }

    @Test
    void poolRunsAnImageThatIsBuiltAtTheDeployment(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("Dockerfile"), "FROM public.ecr.aws/lambda/java:25\n");
        StackTemplate template = StackTemplate.of(StackTemplate.props()
                .pool(WorkerPool.named("default"))
                .pool(WorkerPool.named("heavy").code(WorkerCode.image(folder, "com.example.HeavyWorker"))));

        JsonNode heavy = template.properties("Worker-heavy");
        assertThat(heavy.get("PackageType").asString()).isEqualTo("Image");
        assertThat(heavy.get("ImageConfig").get("Command").toString()).isEqualTo("[\"com.example.HeavyWorker\"]");
        assertThat(heavy.has("Handler") || heavy.has("Runtime") || heavy.has("SnapStart"))
                .isFalse();
        assertThat(template.properties("Worker-default").has("SnapStart")).isTrue();
        refused(
                pool -> pool.code(WorkerCode.image(folder.resolve("none"), "com.example.W")),
                "Dockerfile",
                "not there");
    }

    @Test
    void poolRunsAnImageOfARepository() {
        StackTemplate template = StackTemplate.of(stack -> new Longshore(
                stack,
                "Jobs",
                StackTemplate.props()
                        .pool(WorkerPool.named("default"))
                        .pool(WorkerPool.named("heavy")
                                .code(WorkerCode.image(new Repository(stack, "Images"), "1.4.2", "com.example.W")))));

        assertThat(template.properties("Worker-heavy")
                        .get("Code")
                        .get("ImageUri")
                        .toString())
                .contains("Images", ":1.4.2");
    }

    @Test
    void hooksOfPoolsWithTwoCodesStopTheSynthesis() {
        TaskCatalog tasks = StackTemplate.tasks();
        tasks.find("transcode").orElseThrow().onDead(dead -> {});
        tasks.find("greet").orElseThrow().onDead(dead -> {});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> StackTemplate.of(StackTemplate.props(tasks)
                        .pool(WorkerPool.named("default"))
                        .pool(WorkerPool.named("heavy")
                                .code(WorkerCode.jar(
                                        StackTemplate.workerJar("com/example/HeavyWorker.class"),
                                        "com.example.HeavyWorker")))))
                .withMessageContaining("Tasks of the pools default and heavy have onDead hooks")
                .withMessageContaining("com.example.Worker and com.example.HeavyWorker");
    }

    @Test
    void settingsThatContradictThemselvesOrAwsStopTheSynthesis() {
        refusedFunction(settings -> settings.tmpSizeMiB(511), "The pool heavy", "tmpSizeMiB takes 512 to 10240");
        refusedFunction(settings -> settings.jvmFlags("-XX:+UseSerialGC", "-XX:-UseSerialGC"), "set the same");
        refusedFunction(settings -> settings.jvmFlags("-Xmx1g", "-Xmx2g"), "-Xmx1g and -Xmx2g set the same");
        refusedFunction(
                settings -> settings.jvmFlags("-Dlogback.configurationFile=mine.xml"),
                "-Dlogback.configurationFile=mine.xml set the same, and the former is Longshore's");
        refusedFunction(settings -> settings.jvmFlags("-Da=b c"), "no single flag");
        refusedFunction(settings -> settings.memoryMiB(512), "memoryMiB of 512", "WorkerPool.memoryMiB");
        refusedFunction(settings -> settings.reservedConcurrency(5), "WorkerPool.reservedConcurrency");
        refusedFunction(
                settings -> settings.environment("LONGSHORE_TABLE", "x"), "LONGSHORE_TABLE is set by Longshore");
        refused(
                StackTemplate.props().api(FunctionSettings.create().memoryMiB(64)),
                "The API",
                "128 to 10240, and got 64");
        refused(
                StackTemplate.props().functions(FunctionSettings.create().memoryMiB(512)),
                "memoryMiB of 512 is not for all functions");
    }

    @Test
    void settingsThatNeedAStackContradictThemselvesToo() {
        StackTemplate.of(stack -> {
            Vpc vpc = new Vpc(stack, "Vpc");
            AccessPoint files =
                    FileSystem.Builder.create(stack, "Models").vpc(vpc).build().addAccessPoint("Access");
            Secret secret = new Secret(stack, "Db");
            refusedFunction(s -> s.files(files, "/mnt/models"), "is in no VPC");
            refusedFunction(s -> s.network(Network.of(vpc)).files(files, "/models"), "mounts at /mnt/<name> alone");
            refusedFunction(s -> s.secret("data base", secret), "'data base'");
            refused(
                    StackTemplate.props().api(FunctionSettings.create().secret("database", secret)),
                    "The API",
                    "runs no handler that could read them");
            refusedFunction(
                    s -> s.network(Network.of(vpc)
                            .subnets(SubnetSelection.builder()
                                    .subnetType(SubnetType.PUBLIC)
                                    .build())),
                    "subnets are public");
            refusedFunction(
                    s -> {
                        FunctionSettings six = s;
                        for (int i = 0; i < 6; i++) {
                            six = six.layer(layer(stack, "layer" + i));
                        }
                        return six;
                    },
                    "6 layers, and Lambda takes 5");
            refused(
                    pool -> pool.code(WorkerCode.image(new Repository(stack, "Images"), "1", "com.example.W"))
                            .function(FunctionSettings.create().layer(layer(stack, "fonts"))),
                    "runs an image and has 1 layers");
        });
    }

    private static ILayerVersion layer(Stack stack, String name) {
        return LayerVersion.fromLayerVersionArn(
                stack, name, "arn:aws:lambda:eu-central-1:111122223333:layer:" + name + ":1");
    }

    private static String variable(StackTemplate template, String function, String name) {
        return template.properties(function)
                .get("Environment")
                .get("Variables")
                .get(name)
                .asString();
    }

    private static LongshoreProps pools(LongshoreProps props, FunctionSettings heavy) {
        return props.pool(WorkerPool.named("default"))
                .pool(WorkerPool.named("heavy").function(heavy));
    }

    private static void refusedFunction(UnaryOperator<FunctionSettings> settings, String... says) {
        refused(pool -> pool.function(settings.apply(FunctionSettings.create())), says);
    }

    private static void refused(UnaryOperator<WorkerPool> heavy, String... says) {
        refused(
                StackTemplate.props().pool(WorkerPool.named("default")).pool(heavy.apply(WorkerPool.named("heavy"))),
                says);
    }

    private static void refused(LongshoreProps props, String... says) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StackTemplate.of(props))
                .extracting(Throwable::getMessage, org.assertj.core.api.InstanceOfAssertFactories.STRING)
                .contains(says);
    }
}

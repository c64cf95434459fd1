package dev.longshore.infra;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.efs.AccessPoint;
import software.amazon.awscdk.services.efs.FileSystem;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.lambda.ILayerVersion;
import software.amazon.awscdk.services.lambda.LayerVersion;
import software.amazon.awscdk.services.logs.ILogSubscriptionDestination;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.destinations.KinesisDestination;
import software.amazon.awscdk.services.secretsmanager.Secret;
import tools.jackson.databind.JsonNode;

/** A setting of functions reaches the containers of a pool on Fargate, or stops the synthesis; none does nothing. */
class FargateSettingsTest {
    /** Each setting of a function, with a value. */
    private static final Map<String, Function<Team, FunctionSettings>> SETTINGS = Map.ofEntries(
            entry("network", team -> FunctionSettings.create().network(Network.of(team.vpc))),
            entry("memoryMiB", _ -> FunctionSettings.create().memoryMiB(1_024)),
            entry("reservedConcurrency", _ -> FunctionSettings.create().reservedConcurrency(5)),
            entry("environment", _ -> FunctionSettings.create().environment("BITRATE", "high")),
            entry("secret", team -> FunctionSettings.create().secret("database", team.secret)),
            entry("layer", team -> FunctionSettings.create().layer(team.layer)),
            entry(
                    "files",
                    team -> FunctionSettings.create()
                            .network(Network.of(team.vpc))
                            .files(team.files, "/mnt/models")),
            entry("tmpSizeMiB", _ -> FunctionSettings.create().tmpSizeMiB(2_048)),
            entry("x86", _ -> FunctionSettings.create().x86()),
            entry("jvmFlags", _ -> FunctionSettings.create().jvmFlags("-Xss2m")),
            entry("logLevel", _ -> FunctionSettings.create().logLevel(Level.WARN)),
            entry("logGroup", team -> FunctionSettings.create().logGroup(team.logs)),
            entry("logDestination", team -> FunctionSettings.create().logDestination(team.stream)));

    private static final Set<String> TAKEN =
            Set.of("network", "environment", "secret", "x86", "jvmFlags", "logLevel", "logGroup", "logDestination");

    /** What a team's stack has besides. */
    private record Team(
            IVpc vpc,
            AccessPoint files,
            ILayerVersion layer,
            LogGroup logs,
            ILogSubscriptionDestination stream,
            Secret secret) {
        static Team in(Stack stack) {
            Vpc vpc = Vpc.Builder.create(stack, "Own").maxAzs(2).build();
            return new Team(
                    vpc,
                    FileSystem.Builder.create(stack, "Models").vpc(vpc).build().addAccessPoint("Access"),
                    LayerVersion.fromLayerVersionArn(
                            stack, "Agent", "arn:aws:lambda:us-east-1:123456789012:layer:agent:1"),
                    new LogGroup(stack, "Logs"),
                    new KinesisDestination(new software.amazon.awscdk.services.kinesis.Stream(stack, "Lines")),
                    new Secret(stack, "Database"));
        }
    }

    private static FunctionSettings none(Team team) {
        return FunctionSettings.create();
    }

    @Test
    void eachSettingOfAFunctionIsTried() {
        assertThat(SETTINGS.keySet())
                .isEqualTo(Stream.of(FunctionSettings.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                        .map(Method::getName)
                        .filter(name -> !name.equals("create"))
                        .collect(Collectors.toSet()));
    }

    @Test
    void settingsReachContainersWhetherGivenToThePoolOrToAllFunctions() {
        Map<String, JsonNode> withoutAny = containers(FargateSettingsTest::none, FargateSettingsTest::none);
        for (String setting : TAKEN) {
            assertThat(containers(SETTINGS.get(setting), FargateSettingsTest::none))
                    .as("%s of the pool", setting)
                    .isNotEqualTo(withoutAny);
            assertThat(containers(FargateSettingsTest::none, SETTINGS.get(setting)))
                    .as("%s of all functions", setting)
                    .isNotEqualTo(withoutAny);
        }
    }

    @Test
    void settingsThatContainersCannotHaveStopTheSynthesis() {
        SETTINGS.forEach((setting, value) -> {
            if (!TAKEN.contains(setting)) {
                refused(setting, value, FargateSettingsTest::none);
            }
        });
        refused("layer", FargateSettingsTest::none, SETTINGS.get("layer"));
        refused("files", FargateSettingsTest::none, SETTINGS.get("files"));
    }

    private static void refused(
            String setting, Function<Team, FunctionSettings> ofThePool, Function<Team, FunctionSettings> ofAll) {
        assertThatThrownBy(() -> containers(ofThePool, ofAll))
                .as(setting)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it is on Fargate and has a function's " + setting);
    }

    @Test
    void containersRunInTheNetworkOfThePool() {
        StackTemplate template = template((stack, props) -> {
            Team team = Team.in(stack);
            SecurityGroup group =
                    SecurityGroup.Builder.create(stack, "Group").vpc(team.vpc).build();
            return props.pool(heavy().function(FunctionSettings.create()
                    .network(Network.of(team.vpc).securityGroups(group))));
        });

        assertThat(template.ofType("AWS::EC2::VPC")).hasSize(1);
        assertThat(template.properties("Service-heavyService")
                        .get("NetworkConfiguration")
                        .toString())
                .contains("PrivateSubnet", "\"Group", "\"AssignPublicIp\":\"DISABLED\"");
    }

    @Test
    void x86ContainersRunAnX86Image() {
        StackTemplate template = template((_, props) ->
                props.pool(heavy().function(FunctionSettings.create().x86())));

        assertThat(template.properties("Task-heavy")
                        .get("RuntimePlatform")
                        .get("CpuArchitecture")
                        .asString())
                .isEqualTo("X86_64");
    }

    /** The cost of a container is on its task, which has its service's tags only when the service passes them on. */
    @Test
    void tagsReachRunningContainers() {
        StackTemplate template = template((_, props) -> props.pool(heavy()).tag("team", "video"));

        JsonNode service = template.properties("Service-heavyService");
        assertThat(service.get("PropagateTags").asString()).isEqualTo("SERVICE");
        assertThat(service.get("Tags").toString()).contains("\"team\"", "\"video\"");
    }

    @Test
    void permissionsBoundaryBoundsBothRolesOfAContainer() {
        StackTemplate template = template((stack, props) -> props.pool(heavy())
                .permissionsBoundary(ManagedPolicy.fromManagedPolicyArn(
                        stack, "Boundary", "arn:aws:iam::123456789012:policy/bounds")));

        for (String role : List.of("Worker-heavyRole", "Task-heavyExecutionRole")) {
            assertThat(template.properties(role).get("PermissionsBoundary").asString())
                    .endsWith("policy/bounds");
        }
    }

    @Test
    void ownKeyIsUsedByContainersAndForTheirLog() {
        StackTemplate template = template((stack, props) ->
                props.pool(heavy()).storage(StorageSettings.create().key(new Key(stack, "Key"))));

        assertThat(template.properties("Worker-heavyRoleDefaultPolicy").toString())
                .contains("kms:Decrypt", "kms:GenerateDataKey");
        assertThat(template.properties("Worker-heavyLogs").has("KmsKeyId")).isTrue();
    }

    private static WorkerPool heavy() {
        return WorkerPool.named("heavy").onFargate(FargateTasks.of(2_048, 8_192, 3));
    }

    private static StackTemplate template(BiFunction<Stack, LongshoreProps, LongshoreProps> settings) {
        return StackTemplate.of(
                stack -> new Longshore(stack, "Jobs", settings.apply(stack, FargateTest.propsWithoutHeavy())));
    }

    /** The resources of the containers, with settings of their pool and of all functions. */
    private static Map<String, JsonNode> containers(
            Function<Team, FunctionSettings> ofThePool, Function<Team, FunctionSettings> ofAll) {
        StackTemplate template = template((stack, props) -> {
            Team team = Team.in(stack);
            return props.pool(heavy().function(ofThePool.apply(team))).functions(ofAll.apply(team));
        });
        Map<String, JsonNode> resources = new TreeMap<>();
        template.json().get("Resources").properties().forEach(resource -> {
            if (resource.getKey().contains("heavy")) {
                resources.put(resource.getKey(), resource.getValue());
            }
        });
        return resources;
    }
}

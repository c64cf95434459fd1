package dev.longshore.infra;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ecs.AwsLogDriverProps;
import software.amazon.awscdk.services.ecs.CapacityProviderStrategy;
import software.amazon.awscdk.services.ecs.CfnService;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.CpuArchitecture;
import software.amazon.awscdk.services.ecs.DeploymentCircuitBreaker;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.ecs.HealthCheck;
import software.amazon.awscdk.services.ecs.LogDriver;
import software.amazon.awscdk.services.ecs.OperatingSystemFamily;
import software.amazon.awscdk.services.ecs.PropagatedTagSource;
import software.amazon.awscdk.services.ecs.RuntimePlatform;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.constructs.Construct;

/**
 * The services of the pools on Fargate. A container has the role that a function of the pool would have, polls the pool's
 * queue, and takes no connection from outside.
 */
final class FargateWorkers {
    /** The longest that Fargate waits after SIGTERM ("stopTimeout", Amazon ECS Developer Guide); a drain fits into it. */
    static final Duration STOP_TIMEOUT = Duration.seconds(120);

    /** Checks whether the worker's last receive of its queue was within the last five minutes. */
    static final String HEALTH =
            "[ $(( $(date +%s) - $(date -r $" + FunctionEnvironment.RECEIVED_FILE + " +%s) )) -lt 300 ]";

    private final Construct scope;
    private final LongshoreProps props;
    private final Map<String, FargateService> services = new LinkedHashMap<>();
    private final Map<String, ILogGroup> logs = new LinkedHashMap<>();
    private @Nullable IVpc ownVpc;

    FargateWorkers(Construct scope, LongshoreProps props) {
        this.scope = scope;
        this.props = props;
    }

    /** The service of each pool, by the pool's name. */
    Map<String, FargateService> services() {
        return services;
    }

    /** The log of each pool's containers, by the pool's name. */
    Map<String, ILogGroup> logs() {
        return logs;
    }

    /** The role of a pool's containers, which is granted what a worker needs before its service is added. */
    Role role(String pool) {
        return Role.Builder.create(scope, "Worker-" + pool + "Role")
                .description("Longshore: what workers of the pool " + pool + " may do")
                .assumedBy(new ServicePrincipal("ecs-tasks.amazonaws.com"))
                .build();
    }

    /** @param environment what every worker has; the process's own is added here */
    void add(PoolQueues own, FargateTasks containers, Role role, Map<String, String> environment) {
        String pool = own.pool.name();
        FunctionSettings settings = own.pool.function();
        FargateTaskDefinition definition = FargateTaskDefinition.Builder.create(scope, "Task-" + pool)
                .cpu(containers.cpu())
                .memoryLimitMiB(containers.memoryMiB())
                .runtimePlatform(RuntimePlatform.builder()
                        .cpuArchitecture(settings.isX86() ? CpuArchitecture.X86_64 : CpuArchitecture.ARM64)
                        .operatingSystemFamily(OperatingSystemFamily.LINUX)
                        .build())
                .taskRole(role)
                .build();
        definition.addContainer("worker", container(own, containers, environment));
        Optional<Network> network = containers.vpc().map(Network::of).or(settings::network);
        IVpc vpc = network.map(Network::vpc).orElseGet(this::ownVpc);
        Cluster cluster = Cluster.Builder.create(scope, "Cluster-" + pool)
                .vpc(vpc)
                .enableFargateCapacityProviders(true)
                .build();
        FargateService.Builder builder = FargateService.Builder.create(scope, "Service-" + pool)
                .cluster(cluster)
                .taskDefinition(definition)
                .assignPublicIp(vpc.getPrivateSubnets().isEmpty())
                .capacityProviderStrategies(List.of(CapacityProviderStrategy.builder()
                        .capacityProvider(containers.isSpot() ? "FARGATE_SPOT" : "FARGATE")
                        .weight(1)
                        .build()))
                .minHealthyPercent(100)
                .maxHealthyPercent(200)
                .propagateTags(PropagatedTagSource.SERVICE) // a task's cost is found by the task's tags
                .circuitBreaker(
                        DeploymentCircuitBreaker.builder().rollback(true).build());
        network.ifPresent(given -> given.applyTo(builder));
        FargateService service = builder.build();
        // a number here would be set again by each deployment, whatever runs
        if (service.getNode().getDefaultChild() instanceof CfnService resource) {
            resource.addPropertyDeletionOverride("DesiredCount");
        }
        new FargateScaling(scope, own, containers, service).byBacklog();
        services.put(pool, service);
    }

    private ContainerDefinitionOptions container(
            PoolQueues own, FargateTasks containers, Map<String, String> environment) {
        String pool = own.pool.name();
        Map<String, String> all = new LinkedHashMap<>(environment);
        ILogGroup log = LogGroups.of(scope, "Worker-" + pool, own.pool.function(), props);
        logs.put(pool, log);
        all.put("AWS_REGION", Stack.of(scope).getRegion());
        all.put(FunctionEnvironment.RECEIVED_FILE, "/tmp/longshore-received");
        all.put(FunctionEnvironment.WORKER, own.pool.code().handler());
        all.put(FunctionEnvironment.POOL, pool);
        all.put(FunctionEnvironment.CONCURRENCY, Integer.toString(own.pool.batchSize()));
        return ContainerDefinitionOptions.builder()
                .image(WorkerImage.of(
                        scope,
                        "Image-" + pool,
                        own.pool.code().jar().orElseThrow(),
                        containers.baseImage(),
                        own.pool.function().isX86()))
                .environment(all)
                .logging(LogDriver.awsLogs(AwsLogDriverProps.builder()
                        .logGroup(log)
                        .streamPrefix(pool)
                        .build()))
                .stopTimeout(STOP_TIMEOUT)
                .healthCheck(HealthCheck.builder()
                        .command(List.of("CMD-SHELL", HEALTH))
                        .startPeriod(Duration.seconds(120))
                        .interval(Duration.seconds(30))
                        .build())
                .build();
    }

    /** Public subnets and the two endpoints that cost nothing; a NAT gateway would cost more than most pools. */
    private IVpc ownVpc() {
        IVpc made = ownVpc;
        if (made == null) {
            made = Vpc.Builder.create(scope, "Vpc")
                    .maxAzs(2)
                    .natGateways(0)
                    .subnetConfiguration(List.of(SubnetConfiguration.builder()
                            .name("workers")
                            .subnetType(SubnetType.PUBLIC)
                            .build()))
                    .gatewayEndpoints(Map.of(
                            "S3", endpoint(GatewayVpcEndpointAwsService.S3),
                            "DynamoDb", endpoint(GatewayVpcEndpointAwsService.DYNAMODB)))
                    .build();
            ownVpc = made;
        }
        return made;
    }

    private static GatewayVpcEndpointOptions endpoint(GatewayVpcEndpointAwsService service) {
        return GatewayVpcEndpointOptions.builder().service(service).build();
    }
}

package dev.longshore.infra;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Tags;
import software.amazon.awscdk.services.codedeploy.LambdaApplication;
import software.amazon.awscdk.services.codedeploy.LambdaDeploymentConfig;
import software.amazon.awscdk.services.codedeploy.LambdaDeploymentGroup;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.iam.IGrantable;
import software.amazon.awscdk.services.iam.PermissionsBoundary;
import software.amazon.awscdk.services.lambda.IFunction;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.secretsmanager.SecretStringGenerator;
import software.amazon.awscdk.services.sqs.IQueue;
import software.constructs.Construct;

/**
 * All of Longshore in one construct: the table and the bucket, a queue with its dead-letter queue and its workers for each
 * pool, the API behind its front door, the keepers, alarms and a dashboard.
 */
public final class Longshore extends Construct {
    private final String url;
    private final List<PoolQueues> queues = new ArrayList<>();
    private final Functions functions;
    private final FargateWorkers containers;

    /** @throws IllegalArgumentException when settings contradict each other; it names both numbers */
    public Longshore(Construct scope, String id, LongshoreProps props) {
        super(scope, id);
        List<PoolSettings> pools = props.poolSettings();
        ConcurrencyPlan concurrency = ConcurrencyPlan.of(props, pools);
        concurrency.warnings().forEach(warning -> Annotations.of(this).addWarningV2("longshore:concurrency", warning));
        Storage storage = new Storage(this, props);
        pools.forEach(pool -> queues.add(new PoolQueues(this, pool, props)));
        Secret firstKey = firstKey(props);
        containers = new FargateWorkers(this, props);
        functions = new Functions(this, props, storage, queues, concurrency, firstKey, containers);
        new ScheduledInvocations(this, functions);
        url = new FrontDoors(this, props, functions.api.alias()).open();
        Watch watch = new Watch(this, props, functions, containers, queues);
        if (props.hasCanary()) {
            deployByCanary(watch);
        }
        Tags.of(this).add("longshore", id);
        props.tags().forEach((name, value) -> Tags.of(this).add(name, value));
        addOutputs(firstKey);
        props.permissionsBoundary()
                .ifPresent(policy -> PermissionsBoundary.of(this).apply(policy));
        NagReasons.giveTo(this);
    }

    /** Where the API is. */
    public String url() {
        return url;
    }

    /** A pool's queue, for alarms and dashboards of one's own. */
    public IQueue queue(String pool) {
        return queues.stream()
                .filter(one -> one.pool.name().equals(pool))
                .findFirst()
                .orElseThrow(() -> unknown(pool))
                .queue;
    }

    /**
     * A pool's workers, to grant them what its handlers need: {@code table.grantReadData(longshore.worker("heavy"))}.
     *
     * @throws IllegalArgumentException when there is no such pool
     */
    public IGrantable worker(String pool) {
        FargateService service = containers.services().get(pool);
        return service == null
                ? workerFunction(pool)
                : service.getTaskDefinition().getTaskRole();
    }

    /**
     * A pool's function.
     *
     * @throws IllegalArgumentException when there is no such pool, or it is on Fargate
     */
    public IFunction workerFunction(String pool) {
        Functions.Deployed worker = functions.workers.get(pool);
        if (worker == null) {
            throw containers.services().containsKey(pool)
                    ? new IllegalArgumentException(
                            "The pool " + pool + " is on Fargate and has no function; take workerService")
                    : unknown(pool);
        }
        return worker.function();
    }

    /**
     * The service of a pool on Fargate, for its connections: {@code database.getConnections().allowDefaultPortFrom(…)}.
     *
     * @throws IllegalArgumentException when there is no such pool, or it is on Lambda
     */
    public FargateService workerService(String pool) {
        FargateService service = containers.services().get(pool);
        if (service == null) {
            throw functions.workers.containsKey(pool)
                    ? new IllegalArgumentException(
                            "The pool " + pool + " is on Lambda and has no service; take workerFunction")
                    : unknown(pool);
        }
        return service;
    }

    /** The dead-letter function, to grant it what {@code onDead} hooks need: {@code topic.grantPublish(…)}. */
    public IFunction deadLetters() {
        return functions.deadLetters.function();
    }

    private IllegalArgumentException unknown(String pool) {
        return new IllegalArgumentException("There is no pool " + pool + "; there are "
                + queues.stream().map(queue -> queue.pool.name()).collect(Collectors.joining(", ")));
    }

    /** Drawn by Secrets Manager in the account: neither the template nor a log ever has it. */
    private Secret firstKey(LongshoreProps props) {
        return Secret.Builder.create(this, "FirstKey")
                .description("Longshore: the key 'admin', with all scopes")
                .generateSecretString(SecretStringGenerator.builder()
                        .secretStringTemplate("{\"id\":\"admin\"}")
                        .generateStringKey("secret")
                        .passwordLength(43)
                        .excludePunctuation(true)
                        .build())
                .encryptionKey(props.storage().key().orElse(null))
                .removalPolicy(props.removalPolicy())
                .build();
    }

    private void deployByCanary(Watch watch) {
        LambdaApplication application = new LambdaApplication(this, "Canaries");
        for (Functions.Deployed one : functions.all()) {
            LambdaDeploymentGroup.Builder.create(this, "Canary-" + one.name())
                    .application(application)
                    .alias(one.alias())
                    .deploymentConfig(LambdaDeploymentConfig.CANARY_10_PERCENT_5_MINUTES)
                    .alarms(watch.ofVersion(one))
                    .build();
        }
    }

    private void addOutputs(Secret firstKey) {
        CfnOutput.Builder.create(this, "Url")
                .description("Where the API and the dashboard are")
                .value(url)
                .build();
        CfnOutput.Builder.create(this, "FirstKeySecret")
                .description("The key is ls_<id>_<secret> of: aws secretsmanager get-secret-value --secret-id <this>")
                .value(firstKey.getSecretArn())
                .build();
    }
}

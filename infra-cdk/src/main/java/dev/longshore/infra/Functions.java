package dev.longshore.infra;

import dev.longshore.api.ApiFunction;
import dev.longshore.job.DayShards;
import dev.longshore.job.aws.DynamoDbKeyStore;
import dev.longshore.keeper.DispatcherFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.IGrantable;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.ProvisionedPollerConfig;
import software.amazon.awscdk.services.lambda.RecursiveLoop;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.eventsources.SqsEventSource;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.constructs.Construct;

/**
 * The functions, each with a role of its own that may do what it does and nothing else: {@code docs/permissions.md} has all
 * of it, and {@code PermissionsTest} compares.
 */
final class Functions {
    static final Duration KEEPER_TIMEOUT = Duration.ofMinutes(1);

    private static final Duration API_TIMEOUT = Duration.ofSeconds(28); // API Gateway gives up after 29 s
    private static final int API_MEMORY = 1_024;
    private static final int DEAD_LETTERS_MEMORY = 512;

    /** A whole vCPU: a burst of due jobs is bound by CPU, and costs the same with less memory (docs/ledger.md). */
    private static final int DISPATCHER_MEMORY = 1_769;

    private static final String[] READ = {"s3:GetObject"};
    private static final String[] READ_AND_WRITE = {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"};

    /** A function, and the alias on its latest version that everything calls. */
    record Deployed(String name, Function function, Alias alias) {}

    private final Construct scope;
    private final LongshoreProps props;
    private final Storage storage;
    private final List<PoolQueues> queues;
    private final ConcurrencyPlan concurrency;
    private final FunctionBuilders builders;
    private final Code keeperCode;
    private final Map<WorkerCode, Code> workerCodes = new HashMap<>();

    final Deployed api;
    final Map<String, Deployed> workers = new LinkedHashMap<>();
    final Deployed deadLetters;
    final Deployed dispatcher;

    Functions(
            Construct scope,
            LongshoreProps props,
            Storage storage,
            List<PoolQueues> queues,
            ConcurrencyPlan concurrency,
            Secret firstKey,
            FargateWorkers containers) {
        this.scope = scope;
        this.props = props;
        this.storage = storage;
        this.queues = queues;
        this.concurrency = concurrency;
        this.builders = new FunctionBuilders(scope, props);
        this.keeperCode = Code.fromAsset(LambdaJars.keeper(props.tasks()).toString());
        this.api = api(firstKey);
        props.workerCode().check();
        DeadLetterHandler deadLetterHandler = DeadLetterHandler.of(
                props, queues.stream().map(queue -> queue.pool).toList());
        for (PoolQueues pool : queues) {
            pool.pool
                    .fargate()
                    .ifPresentOrElse(
                            tasks -> onFargate(pool, tasks, containers),
                            () -> workers.put(pool.pool.name(), worker(pool)));
        }
        this.deadLetters = deadLetters(deadLetterHandler);
        this.dispatcher = dispatcher();
    }

    List<Deployed> all() {
        List<Deployed> all = new ArrayList<>(List.of(api));
        all.addAll(workers.values());
        all.addAll(List.of(deadLetters, dispatcher));
        return all;
    }

    private Deployed api(Secret firstKey) {
        FunctionSettings settings = props.api();
        Function.Builder builder = function(
                        "Api",
                        ApiFunction.class.getName(),
                        Code.fromAsset(LambdaJars.api(props.tasks()).toString()),
                        settings)
                .description("Longshore: HTTP API and dashboard")
                .memorySize(settings.memory().orElse(API_MEMORY))
                .timeout(PoolQueues.seconds(API_TIMEOUT))
                .environment(environment(settings, Map.of(FunctionEnvironment.FIRST_KEY, firstKey.getSecretArn())));
        concurrency.apiCap().ifPresent(builder::reservedConcurrentExecutions);
        Function function = builder.build();
        // jobs, keys, schedules and pauses are items; lists are queries; dead jobs are found by the index
        allowItems(function);
        allowSchedulesJobs(function);
        allowQueries(function);
        allow(function, arns(true, false), "sqs:SendMessage");
        allow(function, arns(true, true), "sqs:GetQueueAttributes");
        allow(function, List.of(firstKey.getSecretArn()), "secretsmanager:GetSecretValue");
        allowFiles(function, READ_AND_WRITE);
        return deployed("Api", function);
    }

    private Deployed worker(PoolQueues own) {
        PoolSettings pool = own.pool;
        FunctionSettings settings = pool.function();
        Function.Builder builder = ofTeam(
                        "Worker-" + pool.name(), pool.code(), pool.code().handler(), settings)
                .description("Longshore: workers of the pool " + pool.name())
                .memorySize(pool.memory())
                .timeout(PoolQueues.seconds(pool.functionTimeout()))
                .recursiveLoop(RecursiveLoop.ALLOW) // Task.longestChain ends a chain, and ends it clearly
                .environment(environment(settings, pool.environment()));
        pool.reservedConcurrency().ifPresent(builder::reservedConcurrentExecutions);
        Function function = builder.build();
        allowWork(function, own);
        Deployed worker = deployed("Worker-" + pool.name(), function);
        SqsEventSource.Builder source = SqsEventSource.Builder.create(own.queue)
                .batchSize(pool.batchSize())
                .reportBatchItemFailures(true);
        if (!pool.batchWindow().isZero()) {
            source.maxBatchingWindow(PoolQueues.seconds(pool.batchWindow()));
        }
        Optional.ofNullable(concurrency.maxConcurrency().get(pool.name())).ifPresent(source::maxConcurrency);
        pool.minPollers()
                .ifPresent(least -> source.provisionedPollerConfig(ProvisionedPollerConfig.builder()
                        .minimumPollers(least)
                        .maximumPollers(pool.maxPollers().orElse(least))
                        .build()));
        worker.alias().addEventSource(source.build());
        return worker;
    }

    private void onFargate(PoolQueues own, FargateTasks tasks, FargateWorkers containers) {
        Role role = containers.role(own.pool.name());
        allowWork(role, own);
        own.queue.grantConsumeMessages(role);
        allowKeys(role);
        own.pool.function().secrets().values().forEach(secret -> secret.grantRead(role));
        containers.add(own, tasks, role, environment(own.pool.function(), own.pool.environment()));
    }

    /** Outcomes are items; pauses are queried, and so are dead jobs by Longshore's own tasks, which send to any pool. */
    private void allowWork(IGrantable worker, PoolQueues own) {
        allowItems(worker);
        allowQueries(worker);
        allow(worker, arns(true, false), "sqs:SendMessage");
        allow(worker, List.of(own.deadLetters.getQueueArn()), "sqs:SendMessage", "sqs:GetQueueAttributes");
        allowFiles(worker, READ_AND_WRITE);
        denyKeys(worker);
    }

    private Deployed deadLetters(DeadLetterHandler runs) {
        FunctionSettings settings = runs.settings();
        Function.Builder builder = runs.code()
                .map(code -> ofTeam("DeadLetters", code, runs.handler(), settings))
                .orElseGet(() -> function("DeadLetters", runs.handler(), keeperCode, settings))
                .description("Longshore: rescues jobs from the dead-letter queues, or declares them dead")
                .memorySize(settings.memory().orElse(DEAD_LETTERS_MEMORY))
                .timeout(PoolQueues.seconds(KEEPER_TIMEOUT))
                .recursiveLoop(RecursiveLoop.ALLOW) // a job that it rescues 16 times comes back as often
                .environment(environment(settings, runs.environment()));
        settings.reservedConcurrency().ifPresent(builder::reservedConcurrentExecutions);
        Function function = builder.build();
        allow(
                function,
                List.of(storage.table.getTableArn()),
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem");
        allow(function, arns(true, false), "sqs:SendMessage");
        // the payload of a dead job, and where there are hooks, their files
        allowFiles(function, runs.code().isPresent() ? READ_AND_WRITE : READ);
        denyKeys(function);
        Deployed keeper = deployed("DeadLetters", function);
        for (PoolQueues pool : queues) {
            keeper.alias()
                    .addEventSource(SqsEventSource.Builder.create(pool.deadLetters)
                            .batchSize(10)
                            .maxConcurrency(concurrency.deadLetters())
                            .reportBatchItemFailures(true)
                            .build());
        }
        return keeper;
    }

    private Deployed dispatcher() {
        FunctionSettings settings = props.dispatcher();
        Function.Builder builder = function("Dispatcher", DispatcherFunction.class.getName(), keeperCode, settings)
                .description("Longshore: sends the jobs that are due, every minute")
                .memorySize(settings.memory().orElse(DISPATCHER_MEMORY))
                .timeout(PoolQueues.seconds(KEEPER_TIMEOUT))
                .environment(environment(settings, Map.of()));
        settings.reservedConcurrency().ifPresent(builder::reservedConcurrentExecutions);
        Function function = builder.build();
        // it creates the jobs of schedules, sends what is due, and rescues what an audit finds: it looks at how much
        // waits in
        // a queue first, and sends dead letters that were lost
        allowItems(function);
        allowSchedulesJobs(function);
        allowQueries(function);
        allow(function, arns(true, true), "sqs:SendMessage", "sqs:GetQueueAttributes");
        allowFiles(function, READ_AND_WRITE);
        denyKeys(function);
        return deployed("Dispatcher", function);
    }

    /** A function of Longshore's own code. */
    private Function.Builder function(String id, String handler, Code code, FunctionSettings settings) {
        return builders.of(id, settings, props.hasSnapStart())
                .runtime(Runtime.JAVA_25)
                .handler(handler)
                .code(code);
    }

    /** A function of the team's code, which is an asset once for all functions that run the same class of it. */
    private Function.Builder ofTeam(String id, WorkerCode code, String runs, FunctionSettings settings) {
        Code asset = code.isImage()
                ? code.code(runs, settings.isX86())
                : workerCodes.computeIfAbsent(code, jar -> jar.code(runs, settings.isX86()));
        return builders.of(id, settings, props.hasSnapStart() && !code.isImage())
                .runtime(code.runtime())
                .handler(code.setting(runs))
                .code(asset);
    }

    private Deployed deployed(String name, Function function) {
        Annotations.of(function)
                .acknowledgeWarning(
                        "@aws-cdk/aws-lambda:snapStartRequirePublish", "the alias is on a published version");
        Alias alias = Alias.Builder.create(scope, name + "Live")
                .aliasName("live")
                .version(function.getCurrentVersion())
                .build();
        allowKeys(function);
        return new Deployed(name, function, alias);
    }

    private Map<String, String> environment(FunctionSettings settings, Map<String, String> more) {
        Map<String, String> environment = new LinkedHashMap<>(FunctionBuilders.environment(settings));
        environment.put(FunctionEnvironment.TABLE, storage.table.getTableName());
        environment.put(
                FunctionEnvironment.QUEUES,
                queues.stream().map(PoolQueues::setting).collect(Collectors.joining(" ")));
        environment.put(FunctionEnvironment.BUCKET, storage.bucket.getBucketName());
        if (!storage.shards.equals(DayShards.SIXTEEN)) {
            environment.put(FunctionEnvironment.SHARDS_PER_DAY, Integer.toString(storage.shards.count()));
        }
        environment.putAll(more);
        return environment;
    }

    private List<String> arns(boolean withQueues, boolean withDeadLetters) {
        List<String> arns = new ArrayList<>();
        for (PoolQueues pool : queues) {
            if (withQueues) {
                arns.add(pool.queue.getQueueArn());
            }
            if (withDeadLetters) {
                arns.add(pool.deadLetters.getQueueArn());
            }
        }
        return arns;
    }

    private void allowItems(IGrantable function) {
        allow(
                function,
                List.of(storage.table.getTableArn()),
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem",
                "dynamodb:DeleteItem");
    }

    /** A job of a schedule is created in a transaction that checks the schedule's item. */
    private void allowSchedulesJobs(Function function) {
        allow(function, List.of(storage.table.getTableArn()), "dynamodb:ConditionCheckItem");
    }

    private void allowQueries(IGrantable function) {
        allow(function, List.of(storage.table.getTableArn(), storage.indexArn()), "dynamodb:Query");
    }

    /**
     * A handler's code has its function's role: it shall not read the hash of an API key, or write a key of its own. A partition is
     * named by a condition on its key ("Using IAM policy conditions for fine-grained access control", Amazon DynamoDB Developer
     * Guide); calls of the index have partition keys of their own and are not touched.
     */
    private void denyKeys(IGrantable function) {
        function.getGrantPrincipal()
                .addToPrincipalPolicy(PolicyStatement.Builder.create()
                        .effect(Effect.DENY)
                        .actions(List.of(
                                "dynamodb:GetItem",
                                "dynamodb:PutItem",
                                "dynamodb:UpdateItem",
                                "dynamodb:DeleteItem",
                                "dynamodb:ConditionCheckItem",
                                "dynamodb:Query"))
                        .resources(List.of(storage.table.getTableArn()))
                        .conditions(Map.of(
                                "ForAnyValue:StringLike",
                                Map.of(
                                        "dynamodb:LeadingKeys",
                                        DynamoDbKeyStore.PARTITIONS.stream()
                                                .map(partition -> partition + "*")
                                                .toList())))
                        .build());
    }

    /** DynamoDB, SQS and S3 use the account's own keys on behalf of the caller, who must be allowed to. */
    private void allowKeys(IGrantable function) {
        Set<String> keys = storage.keyArns();
        if (!keys.isEmpty()) {
            allow(
                    function,
                    List.copyOf(keys),
                    "kms:Decrypt",
                    "kms:DescribeKey",
                    "kms:Encrypt",
                    "kms:GenerateDataKey",
                    "kms:ReEncryptFrom",
                    "kms:ReEncryptTo");
        }
    }

    /** Large bodies and the handlers' files. Without ListBucket S3 answers 403 for a file that is not there. */
    private void allowFiles(IGrantable function, String... actions) {
        allow(function, List.of(storage.bucket.arnForObjects("*")), actions);
        allow(function, List.of(storage.bucket.getBucketArn()), "s3:ListBucket");
    }

    private static void allow(IGrantable function, List<String> resources, String... actions) {
        function.getGrantPrincipal()
                .addToPrincipalPolicy(PolicyStatement.Builder.create()
                        .actions(List.of(actions))
                        .resources(resources)
                        .build());
    }
}

package dev.longshore.infra;

import dev.longshore.api.ApiFunction;
import dev.longshore.keeper.DispatcherFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.Schedule;
import software.amazon.awscdk.services.events.targets.LambdaFunction;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.ProvisionedPollerConfig;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.SnapStartConf;
import software.amazon.awscdk.services.lambda.Tracing;
import software.amazon.awscdk.services.lambda.eventsources.SqsEventSource;
import software.amazon.awscdk.services.logs.LogGroup;
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
    private static final int KEEPER_MEMORY = 512;
    private static final String[] READ = {"s3:GetObject"};
    private static final String[] READ_AND_WRITE = {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"};

    /** A function, and the alias on its latest version that everything calls. */
    record Deployed(String name, Function function, Alias alias) {}

    private final Construct scope;
    private final LongshoreProps props;
    private final Storage storage;
    private final List<PoolQueues> queues;
    private final ConcurrencyPlan concurrency;
    private final Code keeperCode;

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
            Secret firstKey) {
        this.scope = scope;
        this.props = props;
        this.storage = storage;
        this.queues = queues;
        this.concurrency = concurrency;
        this.keeperCode = Code.fromAsset(LambdaJars.keeper(props.tasks()).toString());
        this.api = api(firstKey);
        WorkerJar workerJar = new WorkerJar(props.workerJar(), props.workerHandler());
        DeadLetterHandler deadLetterHandler = DeadLetterHandler.of(
                props, queues.stream().map(queue -> queue.pool).toList(), workerJar);
        Code workerCode = workerJar.code();
        queues.forEach(pool -> workers.put(pool.pool.name(), worker(pool, workerCode)));
        this.deadLetters = deadLetters(deadLetterHandler, workerCode);
        this.dispatcher = dispatcher();
    }

    List<Deployed> all() {
        List<Deployed> all = new ArrayList<>(List.of(api));
        all.addAll(workers.values());
        all.addAll(List.of(deadLetters, dispatcher));
        return all;
    }

    private Deployed api(Secret firstKey) {
        Function.Builder builder = function(
                        "Api",
                        ApiFunction.class.getName(),
                        Code.fromAsset(LambdaJars.api(props.tasks()).toString()))
                .description("Longshore: HTTP API and dashboard")
                .memorySize(API_MEMORY)
                .timeout(PoolQueues.seconds(API_TIMEOUT))
                .environment(environment(Map.of(FunctionEnvironment.FIRST_KEY, firstKey.getSecretArn())));
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

    private Deployed worker(PoolQueues own, Code code) {
        PoolSettings pool = own.pool;
        Function.Builder builder = function("Worker-" + pool.name(), props.workerHandler(), code)
                .description("Longshore: workers of the pool " + pool.name())
                .memorySize(pool.memory())
                .timeout(PoolQueues.seconds(pool.functionTimeout()))
                .environment(environment(pool.environment()));
        pool.reservedConcurrency().ifPresent(builder::reservedConcurrentExecutions);
        Function function = builder.build();
        // outcomes are items; pauses are queried, and so are dead jobs by Longshore's own tasks, which send to any pool
        allowItems(function);
        allowQueries(function);
        allow(function, arns(true, false), "sqs:SendMessage");
        allow(function, List.of(own.deadLetters.getQueueArn()), "sqs:SendMessage", "sqs:GetQueueAttributes");
        allowFiles(function, READ_AND_WRITE);
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

    private Deployed deadLetters(DeadLetterHandler runs, Code workerCode) {
        Function function = function("DeadLetters", runs.handler(), runs.isInWorkerJar() ? workerCode : keeperCode)
                .description("Longshore: rescues jobs from the dead-letter queues, or declares them dead")
                .memorySize(KEEPER_MEMORY)
                .timeout(PoolQueues.seconds(KEEPER_TIMEOUT))
                .environment(environment(runs.environment()))
                .build();
        allow(
                function,
                List.of(storage.table.getTableArn()),
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem");
        allow(function, arns(true, false), "sqs:SendMessage");
        // the payload of a dead job, and where there are hooks, their files
        allowFiles(function, runs.isInWorkerJar() ? READ_AND_WRITE : READ);
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
        Function function = function("Dispatcher", DispatcherFunction.class.getName(), keeperCode)
                .description("Longshore: sends the jobs that are due, every minute")
                .memorySize(KEEPER_MEMORY)
                .timeout(PoolQueues.seconds(KEEPER_TIMEOUT))
                .environment(environment(Map.of()))
                .build();
        // it creates the jobs of schedules, sends what is due, and mends what an audit finds: it looks at how much
        // waits in
        // a queue first, and sends dead letters that were lost
        allowItems(function);
        allowSchedulesJobs(function);
        allowQueries(function);
        allow(function, arns(true, true), "sqs:SendMessage", "sqs:GetQueueAttributes");
        allowFiles(function, READ_AND_WRITE);
        Deployed keeper = deployed("Dispatcher", function);
        Rule.Builder.create(scope, "EveryMinute")
                .description("Longshore: the dispatcher's tick")
                .schedule(Schedule.rate(software.amazon.awscdk.Duration.minutes(1)))
                .targets(List.of(LambdaFunction.Builder.create(keeper.alias())
                        .retryAttempts(0) // the next tick does the same
                        .build()))
                .build();
        return keeper;
    }

    private Function.Builder function(String id, String handler, Code code) {
        LogGroup logs = LogGroup.Builder.create(scope, id + "Logs")
                .retention(props.logRetention())
                .removalPolicy(props.keepsData() ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY)
                .build();
        Role role = Role.Builder.create(scope, id + "Role")
                .description("Longshore: what " + id + " may do")
                .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
                .build();
        logs.grantWrite(role);
        return Function.Builder.create(scope, id)
                .runtime(Runtime.JAVA_25)
                .architecture(Architecture.ARM_64)
                .handler(handler)
                .code(code)
                .role(role)
                .logGroup(logs)
                .tracing(props.hasTracing() ? Tracing.ACTIVE : Tracing.DISABLED)
                .snapStart(props.hasSnapStart() ? SnapStartConf.ON_PUBLISHED_VERSIONS : null);
    }

    private Deployed deployed(String name, Function function) {
        Annotations.of(function)
                .acknowledgeWarning(
                        "@aws-cdk/aws-lambda:snapStartRequirePublish", "the alias is on a published version");
        Alias alias = Alias.Builder.create(scope, name + "Live")
                .aliasName("live")
                .version(function.getCurrentVersion())
                .build();
        allowTablesKey(function);
        return new Deployed(name, function, alias);
    }

    private Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put(FunctionEnvironment.TABLE, storage.table.getTableName());
        environment.put(
                FunctionEnvironment.QUEUES,
                queues.stream().map(PoolQueues::setting).collect(Collectors.joining(" ")));
        environment.put(FunctionEnvironment.BUCKET, storage.bucket.getBucketName());
        environment.put(FunctionEnvironment.JVM_OPTIONS, "-Dlogback.configurationFile=longshore-lambda-logback.xml");
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

    private void allowItems(Function function) {
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

    private void allowQueries(Function function) {
        allow(function, List.of(storage.table.getTableArn(), storage.indexArn()), "dynamodb:Query");
    }

    /** Where the table's key is the account's own, DynamoDB uses it on behalf of the caller, who must be allowed to. */
    private void allowTablesKey(Function function) {
        @Nullable IKey key = storage.table.getEncryptionKey();
        if (key != null) {
            allow(
                    function,
                    List.of(key.getKeyArn()),
                    "kms:Decrypt",
                    "kms:DescribeKey",
                    "kms:Encrypt",
                    "kms:GenerateDataKey",
                    "kms:ReEncryptFrom",
                    "kms:ReEncryptTo");
        }
    }

    /** Large bodies and the handlers' files. Without ListBucket S3 answers 403 for a file that is not there. */
    private void allowFiles(Function function, String... actions) {
        allow(function, List.of(storage.bucket.arnForObjects("*")), actions);
        allow(function, List.of(storage.bucket.getBucketArn()), "s3:ListBucket");
    }

    private static void allow(Function function, List<String> resources, String... actions) {
        function.addToRolePolicy(PolicyStatement.Builder.create()
                .actions(List.of(actions))
                .resources(resources)
                .build());
    }
}

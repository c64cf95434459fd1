package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.ec2.Vpc;

/** What contradicts itself stops the synthesis, with a sentence that names both numbers and what to change. */
class ContradictionsTest {
    @Test
    void aTaskInAPoolThatIsNotDeployed() {
        LongshoreProps props = StackTemplate.props().pool(WorkerPool.named("default"));

        refused(
                props,
                "The task transcode is in the pool heavy",
                "among the pools default",
                "WorkerPool.named(\"heavy\")");
    }

    @Test
    void aPoolWithoutATask() {
        LongshoreProps props = StackTemplate.props()
                .pool(WorkerPool.named("default"))
                .pool(WorkerPool.named("heavy"))
                .pool(WorkerPool.named("spare"));

        refused(props, "The pool spare has no task", "default, heavy");
    }

    @Test
    void aPoolThatIsThereTwice() {
        LongshoreProps props =
                StackTemplate.props().pool(WorkerPool.named("default")).pool(WorkerPool.named("default"));

        refused(props, "The pool default is there twice");
    }

    @Test
    void lessWarmThroughputThanANewTableHas() {
        assertThatThrownBy(() -> StorageSettings.create().warmThroughput(12_000, 3_999))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4000 writes")
                .hasMessageContaining("12000 and 3999");
        assertThatThrownBy(() -> StorageSettings.create().warmThroughput(11_999, 4_000))
                .hasMessageContaining("11999 and 4000");
    }

    @Test
    void warmThroughputOfATableThatIsThere() {
        Stack stack = new Stack(new App(), "S");
        LongshoreProps props = StackTemplate.props()
                .storage(StorageSettings.create()
                        .table(Table.fromTableName(stack, "Restored", "jobs-restored"))
                        .warmThroughput(30_000, 16_000));

        refused(props, "warmThroughput (30000 reads, 16000 writes a second) is of a table that the construct makes");
    }

    @Test
    void anotherNumberOfShardsThan16Or256() {
        for (int count : new int[] {0, 17, 255, 4_096}) {
            assertThatThrownBy(() -> StorageSettings.create().shardsPerDay(count))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("A day has 16 or 256 shards, not " + count);
        }
    }

    @Test
    void noTaskAtAll() {
        refused(StackTemplate.props(new TaskCatalog()), "There is no task at all");
    }

    @Test
    void aFunctionTimeoutUnderATasks() {
        refusedPool(pool -> pool.functionTimeout(Duration.ofSeconds(40)), "PT40S", "PT45S", "task greet");
    }

    @Test
    void aFunctionTimeoutAboveLambdas() {
        refusedPool(pool -> pool.functionTimeout(Duration.ofMinutes(16)), "PT16M", "PT15M");
    }

    @Test
    void taskThatIsLongerOrLargerThanAFunctionOfLambda() {
        TaskCatalog longer = new TaskCatalog();
        longer.add("encode", Json.class, (payload, job) -> payload).timeout(Duration.ofHours(2));
        TaskCatalog larger = new TaskCatalog();
        larger.add("encode", Json.class, (payload, job) -> payload).memoryMiB(20_000);

        refused(StackTemplate.props(longer), "the task encode may take PT2H", "PT14M45S", "onFargate");
        refused(StackTemplate.props(larger), "a run of the task encode needs 20000 MiB", "9856");
    }

    @Test
    void aVisibilityTimeoutUnderTheFunctions() {
        refusedPool(
                pool -> pool.visibilityTimeout(Duration.ofSeconds(44)), "PT44S", "PT45S", "raise visibilityTimeout");
    }

    @Test
    void aVisibilityTimeoutAboveSqss() {
        refusedPool(pool -> pool.visibilityTimeout(Duration.ofHours(13)), "PT13H", "PT12H");
    }

    @Test
    void aBatchWindowThatAShortVisibilityTimeoutDoesNotCover() {
        refusedPool(
                pool -> pool.visibilityTimeout(Duration.ofSeconds(60)).batchWindow(Duration.ofSeconds(20)),
                "PT1M",
                "batch window of PT20S",
                "PT45S");
    }

    @Test
    void aBackoffThatTheQueueDoesNotKeepAMessageFor() {
        refusedPool(
                pool -> pool.retention(Duration.ofMinutes(10)),
                "keeps a message for PT10M",
                "a backoff of PT15M",
                "visibility time-out of PT4M30S",
                "raise retention or lower the backoff");
    }

    /** A wait above 15 minutes is not spent in the queue, so that it needs no retention there. */
    @Test
    void aBackoffOfDaysIsHeldAndNeedsNoRetention() {
        TaskCatalog tasks = new TaskCatalog();
        tasks.add("patient", Json.class, (input, job) -> input)
                .retry(RetryPolicy.fixed(Duration.ofDays(20)).maxAttempts(2));

        assertThat(StackTemplate.of(StackTemplate.props(tasks)).ofType("AWS::SQS::Queue"))
                .hasSize(2);
    }

    @Test
    void aRetentionAsLongAsTheDeadLetterQueues() {
        refusedPool(pool -> pool.retention(Duration.ofDays(14)), "PT336H", "not less than its dead-letter queue's");
    }

    @Test
    void fewerReceivesThanAttempts() {
        refusedPool(pool -> pool.maxReceiveCount(9), "maxReceiveCount of 9", "10 attempts of the task greet");
    }

    @Test
    void reservedConcurrencyUnderTheMaximum() {
        refusedPool(
                pool -> pool.maxConcurrency(20).reservedConcurrency(10),
                "reserved concurrency of 10",
                "maximum concurrency of 20");
    }

    /** The queue would deliver up to 1,000 batches to a function that may run ten. */
    @Test
    void reservedConcurrencyWithoutAMaximum() {
        refusedPool(
                pool -> pool.reservedConcurrency(10), "reservedConcurrency of 10 and no maxConcurrency", "2 up to 10");
    }

    @Test
    void reservedConcurrencyUnderThatOfThePollers() {
        refusedPool(
                pool -> pool.provisionedPollers(2, 4).reservedConcurrency(30),
                "reserved concurrency of 30",
                "the 40 invocations of 4 provisioned pollers");
    }

    @Test
    void poolsThatNeedMoreThanTheAccountsQuota() {
        refusedPool(
                pool -> pool.maxConcurrency(900),
                "may run 1014 invocations at a time",
                "quota of concurrent executions is 1000",
                "ApiFunction 100, the keeper 12, the pool default 900, the pool heavy 2",
                "lower maxConcurrency");
        refusedPool(pool -> pool.provisionedPollers(2, 95), "the pool default 950");
        refused(
                StackTemplate.props()
                        .accountConcurrency(50)
                        .pool(WorkerPool.named("default").maxConcurrency(40))
                        .pool(WorkerPool.named("heavy")),
                "quota of concurrent executions is 50",
                "the pool default 40");
        assertThatThrownBy(() -> StackTemplate.props().accountConcurrency(0)).hasMessageContaining("got 0");
    }

    @Test
    void reservationsThatLeaveLessThanLambdaRequires() {
        refused(
                StackTemplate.props()
                        .accountConcurrency(150)
                        .pool(WorkerPool.named("default").maxConcurrency(60).reservedConcurrency(60))
                        .pool(WorkerPool.named("heavy")),
                "reserve 60 of the account's 150",
                "which leaves 90, and Lambda requires 100");
    }

    @Test
    void lessMemoryThanABatchOfTheTasksRunsNeeds() {
        TaskCatalog tasks = new TaskCatalog();
        tasks.add("encode", Json.class, (payload, job) -> payload).memoryMiB(900);

        refused(
                StackTemplate.props(tasks).pool(WorkerPool.named("default").memoryMiB(2_000)),
                "memory of 2000 MiB",
                "less than the 3984 MiB",
                "a batch of 4 runs of the task encode");
    }

    @Test
    void aMaximumConcurrencyAndProvisionedPollers() {
        refusedPool(
                pool -> pool.maxConcurrency(20).provisionedPollers(3, 30),
                "maxConcurrency of 20",
                "provisionedPollers of 3",
                "exclude each other");
    }

    @Test
    void aLargeBatchWithoutAWindow() {
        refusedPool(pool -> pool.batchSize(11), "batch size of 11", "above 10", "batchWindow of 1 s");
    }

    @Test
    void aVariableThatLongshoreSets() {
        for (String name : List.of(
                "LONGSHORE_TABLE",
                "LONGSHORE_QUEUES",
                "LONGSHORE_BUCKET",
                "LONGSHORE_FIRST_KEY",
                "LONGSHORE_WORKER",
                "LONGSHORE_RECEIVED_FILE",
                "JAVA_TOOL_OPTIONS")) {
            refusedPool(
                    pool -> pool.environment(name, "other"),
                    "The pool default cannot be deployed",
                    "variable " + name + " is set by Longshore");
        }
    }

    @Test
    void aVariableThatLambdaDoesNotTake() {
        refusedPool(pool -> pool.environment("AWS_REGION", "mars-1"), "variable AWS_REGION is reserved by Lambda");
        refusedPool(pool -> pool.environment("2ND", "x"), "the name '2ND'", "start it with a letter");
    }

    @Test
    void numbersThatAwsDoesNotTake() {
        refusedPool(pool -> pool.memoryMiB(127), "memoryMiB takes 128 to 10240, and got 127");
        refusedPool(pool -> pool.memoryMiB(10_241), "and got 10241");
        refusedPool(pool -> pool.batchSize(0), "batchSize takes 1 to 400, and got 0");
        refusedPool(
                pool -> pool.batchWindow(Duration.ofSeconds(301)),
                "batchWindow in seconds takes 0 to 300, and got 301");
        refusedPool(pool -> pool.maxReceiveCount(1_001), "maxReceiveCount takes 1 to 1000, and got 1001");
        refusedPool(pool -> pool.maxConcurrency(1), "maxConcurrency takes 2 to 1000, and got 1");
        refusedPool(pool -> pool.provisionedPollers(1, 5), "the least of provisionedPollers takes 2 to 200, and got 1");
        refusedPool(pool -> pool.provisionedPollers(9, 5), "the most of provisionedPollers takes 9 to 2000, and got 5");
    }

    @Test
    void aDomainBeforeADoorThatHasNone() {
        refused(
                StackTemplate.props()
                        .frontDoor(FrontDoor.FUNCTION_URL)
                        .domain("jobs.example.com", "arn:aws:acm:eu-central-1:111122223333:certificate/1"),
                "The domain jobs.example.com goes with FrontDoor.HTTP_API",
                "FUNCTION_URL");
    }

    @Test
    void aThrottleOfAFunctionUrl() {
        refused(
                StackTemplate.props().frontDoor(FrontDoor.FUNCTION_URL).throttle(50, 80),
                "throttle (50 requests a second, bursts of 80)",
                "FUNCTION_URL");
        assertThatThrownBy(() -> StackTemplate.props().throttle(0, 5)).hasMessageContaining("got 0 and 5");
    }

    @Test
    void originsOfARestApi() {
        refused(
                StackTemplate.props().frontDoor(FrontDoor.REST_API).corsOrigins("https://example.com"),
                "corsOrigins go with FrontDoor.HTTP_API and FUNCTION_URL");
    }

    @Test
    void aWorkersJarThatIsNotThere() {
        refused(
                LongshoreProps.of(StackTemplate.tasks(), Path.of("no-such.jar"), "com.example.Worker"),
                "no-such.jar is not there",
                "mvn package");
    }

    @Test
    void settingsOfFunctionsInAPoolOnFargate() {
        refusedOnFargate(pool -> pool.memoryMiB(512), "it is on Fargate and has a memoryMiB of 512", "leave it out");
        refusedOnFargate(pool -> pool.functionTimeout(Duration.ofMinutes(5)), "a functionTimeout of PT5M");
        refusedOnFargate(pool -> pool.batchSize(5), "a batchSize of 5");
        refusedOnFargate(pool -> pool.batchWindow(Duration.ofSeconds(5)), "a batchWindow of PT5S");
        refusedOnFargate(pool -> pool.maxConcurrency(5), "a maxConcurrency of 5");
        refusedOnFargate(pool -> pool.reservedConcurrency(5), "a reservedConcurrency of 5");
        refusedOnFargate(pool -> pool.provisionedPollers(2, 5), "a provisionedPollers of 2");
        refusedOnFargate(
                pool -> pool.function(FunctionSettings.create().tmpSizeMiB(1_024)), "a function's tmpSizeMiB of 1024");
        refusedOnFargate(
                pool -> pool.code(WorkerCode.image(Path.of("."), "com.example.Worker")),
                "its code is an image for Lambda",
                "WorkerCode.jar");
    }

    /** A container has flags beside those of a function, on its command line, which wins over the variable of a team's. */
    @Test
    void jvmFlagsThatAContainerSets() {
        refusedOnFargate(
                pool -> pool.function(FunctionSettings.create().jvmFlags("-XX:MaxRAMPercentage=50")),
                "-XX:MaxRAMPercentage=75 and -XX:MaxRAMPercentage=50 set the same",
                "leave -XX:MaxRAMPercentage=50 out");
        refusedOnFargate(
                pool -> pool.function(FunctionSettings.create().jvmFlags("-XX:-ExitOnOutOfMemoryError")),
                "-XX:+ExitOnOutOfMemoryError and -XX:-ExitOnOutOfMemoryError set the same");
        refusedOnFargate(
                pool -> pool.function(FunctionSettings.create().jvmFlags("-Dlogback.configurationFile=own.xml")),
                "-Dlogback.configurationFile=own.xml set the same");
    }

    @Test
    void twoNetworksOfAPoolOnFargate() {
        assertThatThrownBy(() -> StackTemplate.of(stack -> {
                    Vpc vpc = new Vpc(stack, "Vpc");
                    new Longshore(
                            stack,
                            "Jobs",
                            StackTemplate.props()
                                    .pool(WorkerPool.named("default"))
                                    .pool(WorkerPool.named("heavy")
                                            .onFargate(FargateTasks.of(1_024, 2_048, 5)
                                                    .vpc(vpc))
                                            .function(FunctionSettings.create().network(Network.of(vpc)))));
                }))
                .hasMessageContaining(
                        "The pool heavy cannot be deployed: its containers have a vpc of FargateTasks and its"
                                + " function settings a network; take one of them");
    }

    @Test
    void containersThatFargateDoesNotHave() {
        refusedOnFargate(pool -> pool.onFargate(1_024, 1_024, 5), "no container with 1024 CPU units and 1024 MiB");
        refusedOnFargate(pool -> pool.onFargate(3_000, 8_192, 5), "no container with 3000 CPU units");
        refusedOnFargate(
                pool -> pool.onFargate(8_192, 17 * 1_024, 5), "no container with 8192 CPU units and 17408 MiB");
        refusedOnFargate(pool -> pool.onFargate(1_024, 2_048, 0), "maxTasks takes 1 to 1000, and got 0");
        refusedOnFargate(
                pool -> pool.onFargate(FargateTasks.of(1_024, 2_048, 1).concurrency(0)),
                "concurrency takes 1 to 1000, and got 0");
    }

    @Test
    void containersWithoutTheMemoryForTheirJobs() {
        refusedOnFargate(
                pool -> pool.onFargate(FargateTasks.of(1_024, 2_048, 1).concurrency(27)),
                "its containers have 2048 MiB",
                "less than the 2112 MiB that 27 runs of the task greet",
                "raise the memory or lower concurrency");
    }

    private static void refusedOnFargate(UnaryOperator<WorkerPool> settings, String... says) {
        refusedPool(pool -> settings.apply(pool.onFargate(1_024, 2_048, 5)), says);
    }

    private static void refusedPool(UnaryOperator<WorkerPool> settings, String... says) {
        refused(
                StackTemplate.props()
                        .pool(settings.apply(WorkerPool.named("default")))
                        .pool(WorkerPool.named("heavy")),
                says);
    }

    private static void refused(LongshoreProps props, String... says) {
        assertThatThrownBy(() -> StackTemplate.of(props))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains(List.of(says));
    }
}

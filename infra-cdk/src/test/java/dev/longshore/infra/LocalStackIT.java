package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.DayShards;
import dev.longshore.job.JobId;
import dev.longshore.suites.e2e.Api;
import dev.longshore.suites.e2e.EndToEndSuite;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import tools.jackson.databind.JsonNode;

/**
 * The stack that the CDK synthesizes, deployed by CloudFormation into LocalStack, its functions on {@code java25} in
 * containers: the same end-to-end suite as everywhere, and what only a worker in a process of its own can show.
 */
@Tag("localstack")
class LocalStackIT extends EndToEndSuite {
    private static final String ARTIFACT = "Longshore";
    private static final String STACK = "Longshore";
    private static final Path WORKER = Path.of("target", "example", "longshore-examples.jar");

    @TempDir
    static Path assemblies;

    @AutoClose
    private static LocalStack localStack;

    private static Api api;

    @BeforeAll
    static void deploy() throws Exception {
        localStack = LocalStack.start();
        localStack.deployment().bootstrap();
        api = localStack.restApi(localStack.deployment().deploy(synthesized(Map.of()), ARTIFACT, STACK));
        api.awaitUp();
    }

    @AfterAll
    static void balance() {
        if (api != null) {
            api.assertNoJobIsLost();
        }
    }

    @Override
    public Api api() {
        return api;
    }

    @Test
    void aJobWhoseWorkerDiesOnceIsRecovered() {
        String id = api.rehearse(Map.of("failAttempts", 1, "failWith", "halt", "value", "survivor"));

        JsonNode job = api.await(id, "SUCCEEDED");

        assertThat(job.get("attempt").asInt()).isEqualTo(2);
        assertThat(job.get("result").get("value").asString()).isEqualTo("survivor");
    }

    @Test
    void aJobWhoseWorkerAlwaysDiesIsDeadAsCrashed() {
        String id = api.enqueue(
                Map.of("task", "rehearse", "payload", Map.of("failAttempts", 9, "failWith", "halt"), "maxAttempts", 2));

        JsonNode job = api.await(id, "DEAD");

        assertThat(job.get("deadReason").asString()).isEqualTo("crashed");
        assertThat(job.get("attempt").asInt()).isEqualTo(2);
    }

    /** The rule of EventBridge ticks; that the hour has passed is written into the table. */
    @Test
    void aDueJobIsSentByTheTick() {
        String id = api.enqueue(Map.of("task", "rehearse", "payload", Map.of("value", "late"), "delaySeconds", 3_600));
        assertThat(api.job(id).get("state").asString()).isEqualTo("SCHEDULED");
        try (DynamoDbClient dynamoDb = localStack.client(DynamoDbClient.builder())) {
            String table = dynamoDb.listTables().tableNames().stream()
                    .filter(name -> name.contains("Jobs"))
                    .findFirst()
                    .orElseThrow();
            AttributeValue now =
                    AttributeValue.fromN(Long.toString(Instant.now().toEpochMilli()));
            dynamoDb.updateItem(update -> update.tableName(table)
                    .key(Map.of(
                            "pk", AttributeValue.fromS(DayShards.SIXTEEN.partition(new JobId(id))),
                            "sk", AttributeValue.fromS(id)))
                    .updateExpression("SET d = :now, gs = :now")
                    .expressionAttributeValues(Map.of(":now", now)));
        }

        assertThat(api.await(id, "SUCCEEDED").get("result").get("value").asString())
                .isEqualTo("late");
    }

    @Test
    void anUpdateOfTheStackWithJobsInFlightLosesNone() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            ids.add(api.enqueue(
                    Map.of("task", "rehearse", "payload", Map.of("runMs", 500, "value", i), "delaySeconds", i / 2)));
        }

        localStack.deployment().deploy(synthesized(Map.of("memory", "768")), ARTIFACT, STACK);
        assertThat(setAliasesThatLocalStackLost())
                .as("what docs/runtimes.md says of LocalStack")
                .isNotEmpty();

        for (int i = 0; i < ids.size(); i++) {
            assertThat(api.await(ids.get(i), "SUCCEEDED")
                            .get("result")
                            .get("value")
                            .asInt())
                    .isEqualTo(i);
        }
        assertThat(api.await(api.rehearse(Map.of("value", "after")), "SUCCEEDED")
                        .get("attempt")
                        .asInt())
                .isEqualTo(1);
    }

    /** LocalStack 4.14 loses an alias that an update moves to another version; AWS moves it. */
    private static List<String> setAliasesThatLocalStackLost() {
        List<String> lost = new ArrayList<>();
        try (LambdaClient lambda = localStack.client(LambdaClient.builder())) {
            for (FunctionConfiguration function : lambda.listFunctions().functions()) {
                String name = function.functionName();
                if (lambda.listAliases(list -> list.functionName(name))
                        .aliases()
                        .isEmpty()) {
                    String newest = lambda.listVersionsByFunction(list -> list.functionName(name))
                            .versions()
                            .getLast()
                            .version();
                    lambda.createAlias(
                            create -> create.functionName(name).name("live").functionVersion(newest));
                    lost.add(name);
                }
            }
        }
        return lost;
    }

    /** Runs the commands of docs/deploying.md. LocalStack ignores deletion policies, so the versions are published by hand. */
    @Test
    void theDocumentedCommandsMoveTheAliasBackAndDeleteAllButTheLastThreeVersions() throws Exception {
        try (LambdaClient lambda = localStack.client(LambdaClient.builder())) {
            String function = functionNamed("Longshore-JobsWorkerrehearsals", lambda);
            List<String> published = new ArrayList<>();
            for (int i = 1; i <= 4; i++) {
                published.add(publishedVersion(function, "release " + i, lambda));
            }
            lambda.updateAlias(move -> move.functionName(function).name("live").functionVersion(published.getLast()));

            runCommandsOfDeploying("## Roll back", function, published.get(2));

            assertThat(lambda.getAlias(get -> get.functionName(function).name("live"))
                            .functionVersion())
                    .isEqualTo(published.get(2));
            assertThat(api.await(api.rehearse(Map.of("value", "before")), "SUCCEEDED")
                            .get("result")
                            .get("value")
                            .asString())
                    .isEqualTo("before");

            runCommandsOfDeploying("### Delete old versions", function, "");

            assertThat(lambda.listVersionsByFunction(list -> list.functionName(function))
                            .versions())
                    .extracting(FunctionConfiguration::version)
                    .containsExactly("$LATEST", published.get(1), published.get(2), published.get(3));
        }
    }

    private static String functionNamed(String prefix, LambdaClient lambda) {
        return lambda.listFunctionsPaginator().functions().stream()
                .map(FunctionConfiguration::functionName)
                .filter(name -> name.startsWith(prefix))
                .findFirst()
                .orElseThrow();
    }

    /** Lambda publishes no version that is the same as the last one. */
    private static String publishedVersion(String function, String description, LambdaClient lambda) {
        lambda.updateFunctionConfiguration(
                update -> update.functionName(function).description(description));
        lambda.waiter().waitUntilFunctionUpdatedV2(get -> get.functionName(function));
        String version =
                lambda.publishVersion(publish -> publish.functionName(function)).version();
        lambda.waiter()
                .waitUntilPublishedVersionActive(
                        get -> get.functionName(function).qualifier(version));
        return version;
    }

    private static void runCommandsOfDeploying(String section, String function, String version) throws Exception {
        String page = Files.readString(Path.of("..", "docs", "deploying.md"));
        String commands = page.substring(page.indexOf(section)).split("```", -1)[1];
        localStack.run(commands.replace("<function>", function).replace("<n-1>", version));
    }

    /** The names of Function URLs resolve in AWS alone; here they are headers. */
    @Test
    void aFunctionUrlAnswersAsTheRestApiDoes() throws Exception {
        Map<String, String> outputs = localStack
                .deployment()
                .deploy(synthesized(Map.of("frontDoor", "function-url")), ARTIFACT, "LongshoreByUrl");
        String host = URI.create(outputs.get("Url")).getAuthority();
        Api door = localStack.functionUrl(outputs);

        Api.Answer accepted = door.send(door.request("/v1/jobs")
                .header("Host", host)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"task\":\"rehearse\",\"payload\":{}}")));
        Api.Answer refused =
                door.send(door.anonymous("/v1/tasks").header("Host", host).GET());

        assertThat(accepted.status()).as(accepted.raw().body()).isEqualTo(202);
        assertThat(accepted.json().get("state").asString()).isEqualTo("QUEUED");
        assertThat(refused.status()).isEqualTo(401);
    }

    private static Path synthesized(Map<String, String> more) {
        Path assembly = assemblies.resolve("assembly-" + more.hashCode());
        Map<String, Object> context =
                new HashMap<>(Map.of("frontDoor", "rest-api", "disposable", "true", "visibility", "30"));
        context.putAll(more);
        App app = new App(
                AppProps.builder().outdir(assembly.toString()).context(context).build());
        ExampleApp.stack(app, WORKER);
        app.synth();
        return assembly;
    }
}

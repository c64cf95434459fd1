package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.examples.ExampleWorker;
import dev.longshore.suites.e2e.Api;
import dev.longshore.suites.e2e.EndToEndSuite;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
import software.amazon.awscdk.Stack;
import tools.jackson.databind.JsonNode;

/**
 * Pools on Fargate: the same end-to-end suite, its jobs run by containers of the image that the construct builds, and what
 * happens to jobs when containers are stopped or killed. {@link PoolContainers} plays ECS, LocalStack for all else.
 */
@Tag("localstack")
class FargateIT extends EndToEndSuite {
    private static final String STACK = "LongLongshore";

    /** A Java 25 that LocalStack needs for its functions anyway. */
    private static final String BASE_IMAGE = "public.ecr.aws/lambda/java:25";

    @TempDir
    static Path assembly;

    @AutoClose
    private static LocalStack localStack;

    @AutoClose
    private static PoolContainers rehearsals;

    @AutoClose
    private static PoolContainers heavy;

    private static Api api;

    @BeforeAll
    static void deploy() throws Exception {
        localStack = LocalStack.start();
        localStack.deployment().bootstrap();
        synthesize();
        api = localStack.restApi(localStack.deployment().deploy(assembly, STACK, STACK));
        rehearsals = PoolContainers.of("rehearsals", assembly, STACK, localStack);
        heavy = PoolContainers.of("heavy", assembly, STACK, localStack);
        rehearsals.start(2);
        heavy.start(2);
        api.awaitUp();
    }

    private static void synthesize() {
        App app = new App(AppProps.builder().outdir(assembly.toString()).build());
        FargateTasks containers = FargateTasks.of(2_048, 4_096, 2).baseImage(BASE_IMAGE);
        new Longshore(
                new Stack(app, STACK),
                "Jobs",
                LongshoreProps.of(new ExampleWorker(), Path.of("target", "example", "longshore-examples.jar"))
                        .frontDoor(FrontDoor.REST_API)
                        .disposable()
                        .pool(WorkerPool.named("default"))
                        .pool(WorkerPool.named("heavy").onFargate(containers))
                        .pool(WorkerPool.named("rehearsals")
                                .onFargate(containers)
                                .visibilityTimeout(Duration.ofSeconds(30))));
        app.synth();
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
    void twoContainersSideBySideRunEachJobOnce() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            ids.add(api.rehearse(Map.of("runMs", 500)));
        }

        for (String id : ids) {
            JsonNode job = api.await(id, "SUCCEEDED");
            assertThat(job.get("result").get("fence").asInt()).as("claims").isEqualTo(1);
            assertThat(Api.states(job)).containsExactly("QUEUED", "RUNNING", "SUCCEEDED");
        }
        assertThat(rehearsals.logs())
                .allSatisfy(log -> assertThat(ids).as("jobs of a container").anyMatch(log::contains));
    }

    @Test
    void containersDoNotRunAsRoot() throws Exception {
        assertThat(rehearsals.users()).containsExactly("65534", "65534");
    }

    @Test
    void jobOfAContainerThatIsKilledIsRunByAnother() {
        String id = api.enqueue(Map.of("task", "rehearse-long", "payload", Map.of("runMs", 10_000)));
        api.await(id, "RUNNING");

        heavy.kill();
        heavy.start(2);

        assertThat(api.await(id, "SUCCEEDED").get("attempt").asInt()).isEqualTo(2);
    }

    @Test
    void containerThatIsStoppedGivesItsJobBackWithoutAnAttemptAndEndsWithStatusZero() {
        String id = api.enqueue(Map.of("task", "rehearse-long", "payload", Map.of("runMs", 15_000)));
        api.await(id, "RUNNING");

        assertThat(heavy.stop()).containsExactly(0L, 0L);

        JsonNode given = api.job(id);
        assertThat(given.get("state").asString()).isEqualTo("RETRYING");
        heavy.start(2);
        assertThat(api.await(id, "SUCCEEDED").get("attempt").asInt()).isEqualTo(1);
    }
}

package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.task.Json;
import dev.longshore.task.TaskCatalog;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.cxapi.SynthesisMessageLevel;
import tools.jackson.databind.JsonNode;

/** A backlog in a pool leaves the API and the keeper what they need, in accounts of every size. */
class ConcurrencyTest {
    @Test
    void poolsWithoutASettingDivideWhatTheApiAndTheKeeperLeave() {
        StackTemplate template = StackTemplate.of(StackTemplate.props());

        assertThat(most(template, "Queue-default")).isEqualTo(444);
        assertThat(most(template, "Queue-heavy")).isEqualTo(444);
        assertThat(most(template, "DeadLetters-default")).isEqualTo(5);
        assertThat(1_000 - 2 * 444 - 2 * 5).as("for the API and the dispatcher").isGreaterThanOrEqualTo(100 + 2);
    }

    @Test
    void aPoolWithASettingLeavesMoreOrLessToTheOthers() {
        StackTemplate template = StackTemplate.of(StackTemplate.props()
                .pool(WorkerPool.named("default").maxConcurrency(20))
                .pool(WorkerPool.named("heavy")));
        StackTemplate pollers = StackTemplate.of(StackTemplate.props()
                .pool(WorkerPool.named("default").provisionedPollers(2, 50))
                .pool(WorkerPool.named("heavy")));

        assertThat(most(template, "Queue-default")).isEqualTo(20);
        assertThat(most(template, "Queue-heavy")).isEqualTo(868);
        assertThat(most(pollers, "Queue-heavy"))
                .as("50 pollers run 500 invocations")
                .isEqualTo(388);
    }

    @Test
    void withinEveryQuotaTheSumOfAllSharesStays() {
        for (int quota : List.of(20, 50, 100, 500, 1_000, 3_000)) {
            for (int pools : List.of(1, 3, 20)) {
                ConcurrencyPlan plan = plan(quota, pools);
                int sum = quota / 10
                        + 2
                        + pools * plan.deadLetters()
                        + plan.maxConcurrency().values().stream()
                                .mapToInt(Integer::intValue)
                                .sum();

                assertThat(plan.maxConcurrency()).hasSize(pools);
                assertThat(plan.maxConcurrency().values())
                        .allSatisfy(most -> assertThat(most).isBetween(2, 1_000));
                assertThat(plan.warnings().isEmpty())
                        .as("%s pools of %s need %s", pools, quota, sum)
                        .isEqualTo(sum <= quota);
            }
        }
    }

    private static ConcurrencyPlan plan(int quota, int pools) {
        TaskCatalog tasks = new TaskCatalog();
        IntStream.range(0, pools)
                .forEach(i -> tasks.add("task-" + i, Json.class, (input, job) -> input)
                        .pool("pool-" + i));
        LongshoreProps props = StackTemplate.props(tasks).accountConcurrency(quota);
        return ConcurrencyPlan.of(props, props.poolSettings());
    }

    /** A new account may have ten; it cannot reserve any, and SQS takes no maximum under two. */
    @Test
    void aNewAccountOfTenDeploysAndIsWarnedOfWhatItCannotHave() {
        StackTemplate template = StackTemplate.of(StackTemplate.props().accountConcurrency(10));

        assertThat(most(template, "Queue-default")).isEqualTo(2);
        assertThat(most(template, "DeadLetters-heavy")).isEqualTo(2);
        assertThat(template.propertiesOfAll("AWS::Lambda::Function"))
                .noneMatch(function -> function.has("ReservedConcurrentExecutions"));
        assertThat(warnings(StackTemplate.props().accountConcurrency(10)))
                .singleElement()
                .asString()
                .contains("quota of concurrent executions is 10", "ApiFunction 1", "raise the quota");
        assertThat(warnings(StackTemplate.props())).isEmpty();
    }

    @Test
    void behindAFunctionUrlTheApiReservesCapacityThatBoundsAFlood() {
        assertThat(apiCap(FrontDoor.FUNCTION_URL, 1_000)).isEqualTo(100);
        assertThat(apiCap(FrontDoor.FUNCTION_URL, 105))
                .as("100 must stay unreserved")
                .isEqualTo(5);
        assertThat(apiCap(FrontDoor.HTTP_API, 1_000))
                .as("API Gateway throttles")
                .isNull();
        assertThat(apiCap(FrontDoor.FUNCTION_URL, 100))
                .as("nothing may be reserved")
                .isNull();
        assertThat(warnings(
                        StackTemplate.props().frontDoor(FrontDoor.FUNCTION_URL).accountConcurrency(100)))
                .singleElement()
                .asString()
                .contains("The Function URL has no cap", "Lambda requires 100");
    }

    private static @Nullable Integer apiCap(FrontDoor door, int quota) {
        @Nullable
        JsonNode cap = StackTemplate.of(StackTemplate.props().frontDoor(door).accountConcurrency(quota))
                .properties("Api")
                .get("ReservedConcurrentExecutions");
        return cap == null ? null : cap.asInt();
    }

    private static int most(StackTemplate template, String queue) {
        return template.propertiesOfAll("AWS::Lambda::EventSourceMapping").stream()
                .filter(mapping -> mapping.get("EventSourceArn").toString().contains(template.id(queue)))
                .findFirst()
                .orElseThrow()
                .get("ScalingConfig")
                .get("MaximumConcurrency")
                .asInt();
    }

    @SuppressWarnings("deprecation") // the CDK's own way to read annotations; it has no other yet
    private static List<String> warnings(LongshoreProps props) {
        App app = new App(StackTemplate.appProps());
        new Longshore(new Stack(app, "Longshore"), "Jobs", props);
        Stream<String> texts = app.synth().getStackByName("Longshore").getMessages().stream()
                .filter(message -> message.getLevel() == SynthesisMessageLevel.WARNING)
                .map(message -> message.getEntry().getData().toString());
        return texts.toList();
    }
}

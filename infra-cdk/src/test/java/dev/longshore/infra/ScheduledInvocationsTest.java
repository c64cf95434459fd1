package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.task.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ScheduledInvocationsTest {
    private static final StackTemplate TEMPLATE = StackTemplate.of(StackTemplate.props());
    private static final List<String> DAILY = List.of("Api", "Worker-default", "Worker-heavy", "DeadLetters");

    @Test
    void theDispatcherTicksEveryMinute() {
        assertInvokes("EveryMinute", "rate(1 minute)", "Dispatcher");
    }

    /** A version is inactive after 14 days without an invocation ("Troubleshooting SnapStart errors for Lambda functions"). */
    @Test
    void everyOtherFunctionIsInvokedOnceADay() {
        for (String function : DAILY) {
            assertInvokes("EveryDay-" + function, "rate(1 day)", function);
        }
        assertThat(TEMPLATE.ofType("AWS::Events::Rule")).hasSize(1 + DAILY.size());
    }

    private static void assertInvokes(String rule, String rate, String function) {
        JsonNode properties = TEMPLATE.properties(rule);
        JsonNode target = properties.get("Targets").get(0);

        assertThat(properties.get("ScheduleExpression").asString()).isEqualTo(rate);
        assertThat(properties.get("State").asString()).isEqualTo("ENABLED");
        assertThat(properties.get("Targets")).hasSize(1);
        assertThat(target.get("Arn").get("Ref").asString()).isEqualTo(TEMPLATE.id(function + "Live"));
        assertThat(target.get("RetryPolicy").get("MaximumRetryAttempts").asInt())
                .isZero();
    }

    /** By default Lambda repeats an asynchronous invocation twice, and keeps one that is throttled for six hours. */
    @Test
    void lambdaRepeatsNoneOfThemAndKeepsAThrottledOneForAMinute() {
        assertThat(TEMPLATE.ofType("AWS::Lambda::EventInvokeConfig")).hasSize(1 + DAILY.size());
        for (JsonNode rule : TEMPLATE.propertiesOfAll("AWS::Events::Rule")) {
            String alias = rule.get("Targets").get(0).get("Arn").get("Ref").asString();

            assertThat(TEMPLATE.propertiesOfAll("AWS::Lambda::EventInvokeConfig"))
                    .as("of the alias %s", alias)
                    .filteredOn(config -> config.get("Qualifier").toString().contains(alias))
                    .singleElement()
                    .satisfies(config -> {
                        assertThat(config.get("MaximumRetryAttempts").asInt()).isZero();
                        assertThat(config.get("MaximumEventAgeInSeconds").asInt())
                                .isEqualTo(60);
                    });
        }
    }

    /** What each function answers to its event is in {@code EventsTest}. */
    @Test
    void theDailyEventsAreTheSamplesWhichChangeNothing() throws IOException {
        assertThat(event("Api")).isEqualTo(sample("daily-api"));
        for (String function : List.of("Worker-default", "Worker-heavy", "DeadLetters")) {
            assertThat(event(function)).isEqualTo(sample("daily-batch"));
        }
    }

    private static JsonNode event(String function) {
        JsonNode target =
                TEMPLATE.properties("EveryDay-" + function).get("Targets").get(0);
        return Json.parse(target.get("Input").asString()).tree();
    }

    private static JsonNode sample(String name) throws IOException {
        return Json.parse(Files.readString(Path.of("..", "events", name + ".json")))
                .tree();
    }
}

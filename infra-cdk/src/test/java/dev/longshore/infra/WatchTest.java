package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.services.sns.Topic;
import tools.jackson.databind.JsonNode;

class WatchTest {
    private static final StackTemplate TEMPLATE = StackTemplate.of(stack -> {
        Topic topic = new Topic(stack, "Pager");
        new Longshore(stack, "Jobs", StackTemplate.props().alarmTopic(topic));
    });

    @Test
    void aDeadJobRingsTheAlarmByTheLineInTheLogThatTellsIt() {
        JsonNode filter = TEMPLATE.properties("DeadJobsFilter");
        JsonNode alarm = TEMPLATE.properties("DeadJobsAlarm");

        assertThat(filter.get("LogGroupName").get("Ref").asString()).isEqualTo(TEMPLATE.id("DeadLettersLogs"));
        assertThat(filter.get("FilterPattern").asString()).isEqualTo("{ $.formattedMessage = \"job is dead\" }");
        JsonNode metric = filter.get("MetricTransformations").get(0);
        assertThat(metric.get("MetricValue").asString()).isEqualTo("1");
        assertThat(alarm.get("MetricName")).isEqualTo(metric.get("MetricName"));
        assertThat(alarm.get("Namespace")).isEqualTo(metric.get("MetricNamespace"));
        assertThat(alarm.get("Threshold").asInt()).isEqualTo(1);
        assertThat(alarm.get("Statistic").asString()).isEqualTo("Sum");
    }

    @Test
    void aJobThatWaitsAndALetterThatStaysRingAfterFifteenMinutes() {
        for (String pool : List.of("default", "heavy")) {
            assertAge(TEMPLATE.properties("OldestJob-" + pool + "Alarm"), "Queue-" + pool);
            assertAge(TEMPLATE.properties("DeadLetterAge-" + pool + "Alarm"), "DeadLetters-" + pool);
        }
    }

    private static void assertAge(JsonNode alarm, String queue) {
        assertThat(alarm.get("MetricName").asString()).isEqualTo("ApproximateAgeOfOldestMessage");
        assertThat(alarm.get("Statistic").asString()).isEqualTo("Maximum");
        assertThat(alarm.get("Threshold").asInt()).isEqualTo(15 * 60);
        assertThat(alarm.get("Dimensions").toString()).contains(TEMPLATE.id(queue));
    }

    @Test
    void aFunctionThatFailsOrIsThrottledRings() {
        for (String function : List.of("Api", "Worker-default", "Worker-heavy", "DeadLetters", "Dispatcher")) {
            for (String metric : List.of("Errors", "Throttles")) {
                JsonNode alarm = TEMPLATE.properties(metric + "-" + function + "Alarm");

                assertThat(alarm.get("MetricName").asString()).isEqualTo(metric);
                assertThat(alarm.get("Threshold").asInt()).isEqualTo(1);
                assertThat(alarm.get("Dimensions").toString())
                        .as("the alias, which is what is called")
                        .contains(TEMPLATE.id(function), ":live");
            }
        }
    }

    @Test
    void everyAlarmIsToldToTheTopicIsQuietWithoutDataAndSaysWhatItMeans() {
        String topic = TEMPLATE.ofType("AWS::SNS::Topic").keySet().iterator().next();

        assertThat(TEMPLATE.propertiesOfAll("AWS::CloudWatch::Alarm"))
                .hasSize(1 + 2 * 2 + 2 * 5)
                .allSatisfy(alarm -> {
                    assertThat(alarm.get("AlarmActions").get(0).get("Ref").asString())
                            .isEqualTo(topic);
                    assertThat(alarm.get("TreatMissingData").asString()).isEqualTo("notBreaching");
                    assertThat(alarm.get("ComparisonOperator").asString()).isEqualTo("GreaterThanOrEqualToThreshold");
                    assertThat(alarm.get("AlarmDescription").asString()).startsWith("Longshore: ");
                });
        assertThat(StackTemplate.of(StackTemplate.props()).propertiesOfAll("AWS::CloudWatch::Alarm"))
                .noneMatch(alarm -> alarm.has("AlarmActions"));
    }

    @Test
    void theDashboardShowsEveryPoolAndEveryFunction() {
        String body = TEMPLATE.properties("Dashboard").get("DashboardBody").toString();

        Stream.of("Queue-default", "Queue-heavy", "DeadLetters-default", "DeadLetters-heavy", "Api", "Dispatcher")
                .forEach(name -> assertThat(body).contains(TEMPLATE.id(name)));
        assertThat(body).contains("Pool default", "Pool heavy", "Errors", "Durations", "Dead jobs");
    }
}

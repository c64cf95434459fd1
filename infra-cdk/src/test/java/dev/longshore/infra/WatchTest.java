package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
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
    void aDeadJobRingsTheAlarmByItsLineInTheLog() {
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
    void everyAlarmIsSentToTheTopicAndSaysWhatItMeans() {
        String topic = TEMPLATE.ofType("AWS::SNS::Topic").keySet().iterator().next();

        assertThat(TEMPLATE.propertiesOfAll("AWS::CloudWatch::Alarm"))
                .as("of the queues, of Lambda, of the logs, of the ticks")
                .hasSize(2 * 2 + 2 * 5 + 2 + 5 + 3 + 4)
                .allSatisfy(alarm -> {
                    assertThat(alarm.get("AlarmActions").get(0).get("Ref").asString())
                            .isEqualTo(topic);
                    assertThat(alarm.get("AlarmDescription").asString()).startsWith("Longshore: ");
                });
        assertThat(StackTemplate.of(StackTemplate.props()).propertiesOfAll("AWS::CloudWatch::Alarm"))
                .noneMatch(alarm -> alarm.has("AlarmActions"));
    }

    @Test
    void noAlarmButThatOfTheTickRingsWithoutData() {
        assertThat(TEMPLATE.propertiesOfAll("AWS::CloudWatch::Alarm"))
                .filteredOn(alarm -> !alarm.get("TreatMissingData").asString().equals("notBreaching"))
                .containsExactly(TEMPLATE.properties("MissingTickAlarm"));
        assertThat(TEMPLATE.properties("MissingTickAlarm")
                        .get("TreatMissingData")
                        .asString())
                .isEqualTo("breaching");
    }

    /** Each of them has a row in the table, and no row has none. */
    @Test
    void alarmsOfTheTemplateAreThoseOfThePage() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "deploying.md"));
        String table = page.substring(page.indexOf("\n## Alarms"), page.indexOf("\n## What it costs"));
        Set<String> rows = new TreeSet<>();
        Pattern.compile("(?m)^\\| (`.*?) \\|")
                .matcher(table)
                .results()
                .forEach(row -> rows.addAll(names(row.group(1))));

        Set<String> kinds = new TreeSet<>();
        TEMPLATE.ofType("AWS::CloudWatch::Alarm")
                .keySet()
                .forEach(id -> kinds.add(id.replaceAll("^Jobs(.*)Alarm[0-9A-F]{8}$", "$1")));
        assertThat(kinds).allMatch(kind -> rows.stream().anyMatch(kind::startsWith));
        assertThat(rows).allMatch(row -> kinds.stream().anyMatch(kind -> kind.startsWith(row)));
    }

    private static List<String> names(String cell) {
        return Pattern.compile("`(\\w+)[^`]*`")
                .matcher(cell)
                .results()
                .map(name -> name.group(1))
                .toList();
    }

    @Test
    void theDashboardShowsEveryPoolAndEveryFunction() {
        String body = TEMPLATE.properties("Dashboard").get("DashboardBody").toString();

        Stream.of("Queue-default", "Queue-heavy", "DeadLetters-default", "DeadLetters-heavy", "Api", "Dispatcher")
                .forEach(name -> assertThat(body).contains(TEMPLATE.id(name)));
        assertThat(body)
                .contains(
                        "Pool default", "Pool heavy", "Errors", "Durations", "Dead jobs", "Failures", "Oldest due job");
    }
}

package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import software.amazon.awscdk.services.sns.Topic;
import tools.jackson.databind.JsonNode;

/** Topics and thresholds of alarms. */
class AlarmSettingsTest {
    private static final StackTemplate TEMPLATE = StackTemplate.of(stack -> {
        Topic team = new Topic(stack, "Team");
        Topic pager = new Topic(stack, "Pager");
        new Longshore(
                stack,
                "Jobs",
                StackTemplate.props()
                        .alarms(AlarmSettings.create()
                                .topic(team)
                                .topic("OldestJob-heavy", pager)
                                .threshold("OldestJob", 3_600)
                                .threshold("OldestJob-heavy", 7_200)
                                .threshold("DeadJobs", 10)));
    });

    @Test
    void everyAlarmGoesToTheTopicOfAllAndOneToThePagerToo() {
        assertThat(TEMPLATE.propertiesOfAll("AWS::CloudWatch::Alarm"))
                .isNotEmpty()
                .allSatisfy(alarm ->
                        assertThat(alarm.get("AlarmActions").toString()).contains("Team"));
        assertThat(TEMPLATE.properties("OldestJob-heavyAlarm").get("AlarmActions"))
                .hasSize(2);
        assertThat(TEMPLATE.properties("OldestJob-defaultAlarm").get("AlarmActions"))
                .hasSize(1);
    }

    @Test
    void thresholdIsThatOfThePoolOrElseOfTheKind() {
        assertThat(threshold("DeadJobs")).isEqualTo(10);
        assertThat(threshold("OldestJob-default")).isEqualTo(3_600);
        assertThat(threshold("OldestJob-heavy")).isEqualTo(7_200);
        assertThat(threshold("DeadLetterAge-heavy")).isEqualTo(900);
    }

    @Test
    void topicOfAlarmTopicStaysBesideThoseOfTheSettings() {
        StackTemplate template = StackTemplate.of(stack -> new Longshore(
                stack,
                "Jobs",
                StackTemplate.props()
                        .alarms(AlarmSettings.create().topic(new Topic(stack, "Team")))
                        .alarmTopic(new Topic(stack, "Second"))));

        JsonNode actions = template.properties("DeadJobsAlarm").get("AlarmActions");
        assertThat(actions.toString()).contains("Team", "Second");
    }

    @Test
    void alarmThatThereIsNotStopsTheSynthesis() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StackTemplate.of(
                        StackTemplate.props().alarms(AlarmSettings.create().threshold("OldestJob-hevy", 60))))
                .withMessageContaining("There is no alarm OldestJob-hevy; there are DeadJobs, OldestJob-default");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AlarmSettings.create().threshold("DeadJobs", 0))
                .withMessageContaining("got 0.0");
    }

    private static double threshold(String alarm) {
        return TEMPLATE.properties(alarm + "Alarm").get("Threshold").asDouble();
    }
}

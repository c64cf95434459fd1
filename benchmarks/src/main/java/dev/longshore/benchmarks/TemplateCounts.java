package dev.longshore.benchmarks;

import dev.longshore.task.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/**
 * How many resources a synthesized template has of those that cost something without a job.
 *
 * @param metrics the custom metrics that have data without a job: those whose alarm rings when there is none. The others are paid
 *     for the hours in which something failed
 */
record TemplateCounts(int queues, int alarms, int metrics, int dashboards, int secrets) {

    static TemplateCounts read(Path template) throws IOException {
        JsonNode resources = Json.parse(Files.readString(template)).tree().get("Resources");
        return new TemplateCounts(
                count(resources, "AWS::SQS::Queue"),
                count(resources, "AWS::CloudWatch::Alarm"),
                Math.toIntExact(resources
                        .valueStream()
                        .filter(resource -> resource.at("/Properties/TreatMissingData")
                                .asString("")
                                .equals("breaching"))
                        .count()),
                count(resources, "AWS::CloudWatch::Dashboard"),
                count(resources, "AWS::SecretsManager::Secret"));
    }

    private static int count(JsonNode resources, String type) {
        return Math.toIntExact(resources
                .valueStream()
                .filter(resource -> resource.get("Type").asString().equals(type))
                .count());
    }
}

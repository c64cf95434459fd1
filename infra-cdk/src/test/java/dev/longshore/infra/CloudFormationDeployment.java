package dev.longshore.infra;

import dev.longshore.task.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterType;
import tools.jackson.databind.JsonNode;

/** What {@code cdk bootstrap} and {@code cdk deploy} do: publish the assets, and give the template to CloudFormation. */
final class CloudFormationDeployment {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final CloudFormationClient cloudFormation;
    private final S3Client s3;
    private final SsmClient ssm;
    private final String account;
    private final String region;

    CloudFormationDeployment(
            CloudFormationClient cloudFormation, S3Client s3, SsmClient ssm, String account, String region) {
        this.cloudFormation = cloudFormation;
        this.s3 = s3;
        this.ssm = ssm;
        this.account = account;
        this.region = region;
    }

    /** The part of {@code cdk bootstrap} that a stack without roles of its own needs. */
    void bootstrap() {
        try {
            s3.createBucket(create -> create.bucket(assetBucket()));
        } catch (BucketAlreadyOwnedByYouException there) {
            return;
        }
        ssm.putParameter(put -> put.name("/cdk-bootstrap/hnb659fds/version")
                .type(ParameterType.STRING)
                .value("30"));
    }

    /**
     * @param artifact how the assembly calls the stack
     * @return the stack's outputs by their keys
     */
    Map<String, String> deploy(Path assembly, String artifact, String stack) throws IOException, InterruptedException {
        publish(assembly, artifact);
        String template =
                "https://" + assetBucket() + ".s3." + region + ".amazonaws.com/" + artifact + ".template.json";
        boolean isThere = cloudFormation.describeStacks().stacks().stream()
                .anyMatch(one -> one.stackName().equals(stack));
        if (isThere) {
            cloudFormation.updateStack(update -> update.stackName(stack)
                    .templateURL(template)
                    .capabilities(Capability.CAPABILITY_IAM, Capability.CAPABILITY_NAMED_IAM));
        } else {
            cloudFormation.createStack(create -> create.stackName(stack)
                    .templateURL(template)
                    .capabilities(Capability.CAPABILITY_IAM, Capability.CAPABILITY_NAMED_IAM));
        }
        return awaitEnd(stack).outputs().stream()
                .collect(Collectors.toMap(CloudFormationDeployment::nameOf, Output::outputValue));
    }

    private static String nameOf(Output output) {
        return output.outputKey().replaceAll("^Jobs", "").replaceAll("[0-9A-F]{8}$", "");
    }

    private void publish(Path assembly, String artifact) throws IOException {
        JsonNode files = Json.mapper()
                .readTree(Files.readAllBytes(assembly.resolve(artifact + ".assets.json")))
                .get("files");
        for (JsonNode file : files) {
            Path source = assembly.resolve(file.get("source").get("path").asString());
            String key =
                    file.get("destinations").iterator().next().get("objectKey").asString();
            s3.putObject(put -> put.bucket(assetBucket()).key(key), source);
        }
        s3.putObject(
                put -> put.bucket(assetBucket()).key(artifact + ".template.json"),
                assembly.resolve(artifact + ".template.json"));
    }

    private Stack awaitEnd(String stack) throws InterruptedException {
        Instant giveUp = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(giveUp)) {
            Stack now = cloudFormation
                    .describeStacks(describe -> describe.stackName(stack))
                    .stacks()
                    .getFirst();
            String status = now.stackStatusAsString();
            if (status.equals("CREATE_COMPLETE") || status.equals("UPDATE_COMPLETE")) {
                return now;
            }
            if (!status.endsWith("IN_PROGRESS")) {
                throw new AssertionError(
                        "The stack is " + status + ": " + now.stackStatusReason() + "\n" + failures(stack));
            }
            Thread.sleep(Duration.ofSeconds(1)); // another program works; there is no clock to set
        }
        throw new AssertionError("The stack is not there after " + PATIENCE + "\n" + failures(stack));
    }

    private String failures(String stack) {
        try {
            List<StackEvent> events = cloudFormation
                    .describeStackEvents(describe -> describe.stackName(stack))
                    .stackEvents();
            return events.stream()
                    .filter(event -> event.resourceStatusAsString().endsWith("FAILED"))
                    .map(event -> event.logicalResourceId() + " " + event.resourceStatusReason())
                    .collect(Collectors.joining("\n"));
        } catch (CloudFormationException e) {
            return "its events cannot be read: " + e.getMessage();
        }
    }

    private String assetBucket() {
        return "cdk-hnb659fds-assets-" + account + "-" + region;
    }
}

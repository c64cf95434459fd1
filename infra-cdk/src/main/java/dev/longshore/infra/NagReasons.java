package dev.longshore.infra;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.CfnResource;
import software.constructs.Construct;
import software.constructs.IConstruct;

/**
 * Why some rules of cdk-nag (AwsSolutions, Serverless) do not hold for parts of Longshore. The reasons are in the template, in
 * the form that cdk-nag reads, so that a team which runs it over its own stack has no findings from here.
 */
final class NagReasons {
    private static final String KEYS =
            "Longshore's API keys are checked by ApiFunction, the same behind every front door";

    private static final String TRACES =
            "Lambda traces each request of a steady trickle, for $5 a million; LongshoreProps.tracing enables it";

    private static final Map<String, List<Reason>> BY_TYPE = Map.ofEntries(
            entry(
                    "AWS::IAM::Policy",
                    new Reason(
                            "AwsSolutions-IAM5",
                            "X-Ray's actions and those on network interfaces know no resource, and jobs name their files; PermissionsTest lists them")),
            entry(
                    "AWS::IAM::Role",
                    new Reason(
                            "AwsSolutions-IAM4",
                            "What CodeDeploy and API Gateway's logs need is theirs to say; functions have no such policy")),
            entry(
                    "AWS::SecretsManager::Secret",
                    new Reason(
                            "AwsSolutions-SMG4",
                            "The clients of an API key have to change it, so that they choose the time of its rotation")),
            entry(
                    "AWS::S3::Bucket",
                    new Reason(
                            "AwsSolutions-S1",
                            "Only the functions reach it; CloudTrail's data events record who did, where that is wanted")),
            entry("AWS::ApiGatewayV2::Route", new Reason("AwsSolutions-APIG4", KEYS)),
            entry(
                    "AWS::ApiGateway::Method",
                    new Reason("AwsSolutions-APIG4", KEYS),
                    new Reason("AwsSolutions-COG4", KEYS)),
            entry(
                    "AWS::ApiGateway::RestApi",
                    new Reason("AwsSolutions-APIG2", "ApiFunction checks requests, and says what is wrong with one")),
            entry(
                    "AWS::ApiGateway::Deployment",
                    new Reason(
                            "CdkNagValidationFailure",
                            "The rule for access logs looks for the stage's in the deployment")),
            entry(
                    "AWS::ApiGateway::Stage",
                    new Reason("Serverless-APIGWXrayEnabled", TRACES),
                    new Reason(
                            "AwsSolutions-APIG3", "A web ACL is the team's to choose, and to associate with the stage"),
                    new Reason(
                            "AwsSolutions-APIG6",
                            "The access log is on; more of a request would be payloads in a log")),
            entry(
                    "AWS::SQS::Queue",
                    new Reason(
                            "Serverless-SQSRedrivePolicy",
                            "A pool's queue has one; its dead-letter queue is drained by a function and is the end")),
            entry(
                    "AWS::Lambda::Function",
                    new Reason("Serverless-LambdaTracing", TRACES),
                    new Reason(
                            "Serverless-LambdaDLQ",
                            "Its callers wait for an answer, or are queues with dead-letter queues; a lost tick is followed by one")),
            entry(
                    "AWS::Lambda::EventSourceMapping",
                    new Reason(
                            "Serverless-LambdaEventSourceMappingDestination",
                            "Destinations are for streams; what an SQS mapping cannot process stays in its queue")),
            entry(
                    "AWS::Lambda::EventInvokeConfig",
                    new Reason(
                            "Serverless-LambdaAsyncFailureDestination",
                            "A scheduled invocation that is lost is followed by the next, which does the same")),
            entry(
                    "AWS::ECS::TaskDefinition",
                    new Reason(
                            "AwsSolutions-ECS2",
                            "The variables are names and URLs, as a function's are; secrets are read at the start")),
            entry(
                    "AWS::ECS::Cluster",
                    new Reason(
                            "AwsSolutions-ECS4",
                            "Container Insights costs more than a small pool; the team may enable it for its account")),
            entry(
                    "AWS::EC2::VPC",
                    new Reason(
                            "AwsSolutions-VPC7",
                            "Containers take no connection from outside; a team that wants flow logs gives its own VPC")),
            entry(
                    "AWS::Events::Rule",
                    new Reason(
                            "Serverless-EventBusDLQ",
                            "A tick that is lost is followed by the next, which does the same")));

    private record Reason(String id, String reason) {
        /** In one order: {@code Map.of} has another in each JVM, and each synthesis would differ from the last. */
        Map<String, String> asMetadata() {
            Map<String, String> metadata = new LinkedHashMap<>();
            metadata.put("id", id);
            metadata.put("reason", reason);
            return metadata;
        }
    }

    private NagReasons() {}

    private static Map.Entry<String, List<Reason>> entry(String type, Reason... reasons) {
        return Map.entry(type, List.of(reasons));
    }

    static void giveTo(Construct construct) {
        for (IConstruct one : construct.getNode().findAll()) {
            if (one instanceof CfnResource resource) {
                List<Map<String, String>> reasons =
                        BY_TYPE.getOrDefault(resource.getCfnResourceType(), List.of()).stream()
                                .map(Reason::asMetadata)
                                .toList();
                if (!reasons.isEmpty()) {
                    resource.addMetadata("cdk_nag", Map.of("rules_to_suppress", reasons));
                }
            }
        }
    }
}

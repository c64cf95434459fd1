package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import io.github.cdklabs.cdknag.NagPack;
import io.github.cdklabs.cdknag.NagPackProps;
import io.github.cdklabs.cdknag.ServerlessChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.cxapi.SynthesisMessageLevel;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ec2.VpcAttributes;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.sns.Topic;

/** The rules of cdk-nag, over every front door and with everything on. What is suppressed has its reason in the code. */
class NagTest {
    @Test
    void theAwsSolutionsRulesFindNothing() {
        assertThat(findings(AwsSolutionsChecks::new)).isEmpty();
    }

    @Test
    void theServerlessRulesFindNothing() {
        assertThat(findings(ServerlessChecks::new)).isEmpty();
    }

    @Test
    void theRulesFindNothingInAPoolOnFargate() {
        for (Function<NagPackProps, NagPack> rules :
                List.<Function<NagPackProps, NagPack>>of(AwsSolutionsChecks::new, ServerlessChecks::new)) {
            App app = new App(StackTemplate.appProps());
            Stack stack = new Stack(app, "Longshore");
            new Longshore(stack, "Jobs", FargateTest.props(FargateTasks.of(2_048, 8_192, 30)));

            assertThat(findings(app, rules)).isEmpty();
        }
    }

    /** A rule that nothing breaks any more needs no reason; and without reasons there are findings, so that rules do run. */
    @Test
    void withoutTheReasonsThereAreFindings() {
        App app = new App(StackTemplate.appProps());
        Stack stack = new Stack(app, "Longshore");
        new Longshore(stack, "Jobs", StackTemplate.props());
        stack.getNode().findAll().forEach(construct -> {
            if (construct instanceof CfnResource resource) {
                resource.addMetadata("cdk_nag", null);
            }
        });

        assertThat(findings(app, AwsSolutionsChecks::new))
                .anyMatch(finding -> finding.contains("AwsSolutions-IAM5"))
                .anyMatch(finding -> finding.contains("AwsSolutions-SMG4"))
                .anyMatch(finding -> finding.contains("AwsSolutions-APIG4"));
    }

    /** What teams set adds permissions and resources, and none of them without a reason. */
    @Test
    void theRulesFindNothingWhereATeamHasSetAllItCan() {
        App app = new App(StackTemplate.appProps());
        Stack stack = new Stack(app, "Longshore");
        IVpc vpc = Vpc.fromVpcAttributes(
                stack,
                "Vpc",
                VpcAttributes.builder()
                        .vpcId("vpc-0123456789abcdef0")
                        .availabilityZones(List.of("a", "b"))
                        .privateSubnetIds(List.of("subnet-0123456789abcdef0", "subnet-0123456789abcdef1"))
                        .privateSubnetRouteTableIds(List.of("rtb-0123456789abcdef0", "rtb-0123456789abcdef1"))
                        .build());
        FunctionSettings inVpc = FunctionSettings.create()
                .network(Network.of(vpc))
                .secret("database", Secret.fromSecretNameV2(stack, "Database", "database"))
                .tmpSizeMiB(1_024);
        new Longshore(
                stack,
                "Jobs",
                StackTemplate.props()
                        .frontDoor(FrontDoor.REST_API)
                        .functions(inVpc)
                        .storage(StorageSettings.create()
                                .key(Key.Builder.create(stack, "Own")
                                        .enableKeyRotation(true)
                                        .build()))
                        .access(Access.byKey()
                                .iam()
                                .webAcl("arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/jobs/1")));

        assertThat(findings(app, AwsSolutionsChecks::new)).isEmpty();
    }

    private static List<String> findings(Function<NagPackProps, NagPack> rules) {
        List<String> findings = new ArrayList<>();
        for (FrontDoor door : FrontDoor.values()) {
            App app = new App(StackTemplate.appProps());
            Stack stack = new Stack(app, "Longshore");
            Topic topic = Topic.Builder.create(stack, "Alarms").enforceSsl(true).build();
            new Longshore(
                    stack,
                    "Jobs",
                    StackTemplate.props().frontDoor(door).canary().tracing().alarmTopic(topic));
            new Longshore(
                    stack, "Untraced", StackTemplate.props().frontDoor(door).alarmTopic(topic));
            findings.addAll(findings(app, rules));
        }
        return findings;
    }

    @SuppressWarnings("deprecation") // the CDK has no other method yet that reads annotations
    private static List<String> findings(App app, Function<NagPackProps, NagPack> rules) {
        Aspects.of(app).add(rules.apply(NagPackProps.builder().verbose(true).build()));
        List<String> findings = new ArrayList<>();
        for (var message : app.synth().getStackByName("Longshore").getMessages()) {
            if (message.getLevel() != SynthesisMessageLevel.INFO) {
                findings.add(message.getId() + " " + message.getEntry().getData());
            }
        }
        return findings;
    }
}

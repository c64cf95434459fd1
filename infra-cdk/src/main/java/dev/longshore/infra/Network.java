package dev.longshore.infra;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.lambda.Function;

/**
 * The VPC, subnets and security groups of a function, for what only a VPC reaches: an RDS database, a cache, a file system.
 * Immutable; each method returns a changed copy.
 *
 * <p>A function in a VPC reaches SQS, DynamoDB, S3, Secrets Manager and CloudWatch by a NAT gateway or by VPC endpoints, and
 * nothing else ("Giving Lambda functions access to resources in an Amazon VPC", AWS Lambda Developer Guide). Without either,
 * its calls time out; the construct makes neither, since both are shared with the rest of the VPC and cost by the hour.
 *
 * <pre>{@code
 * Network.of(vpc).subnets(SubnetSelection.builder().subnetType(SubnetType.PRIVATE_WITH_EGRESS).build())
 * }</pre>
 */
public final class Network {
    private final IVpc vpc;
    private final @Nullable SubnetSelection subnets;
    private final List<ISecurityGroup> securityGroups;

    private Network(IVpc vpc, @Nullable SubnetSelection subnets, List<ISecurityGroup> securityGroups) {
        this.vpc = vpc;
        this.subnets = subnets;
        this.securityGroups = securityGroups;
    }

    /** The VPC's private subnets, and for each function a security group of its own that allows all outbound traffic. */
    public static Network of(IVpc vpc) {
        return new Network(vpc, null, List.of());
    }

    /** The subnets; private ones when not set. Public ones stop the synthesis: a function has no public address there. */
    public Network subnets(SubnetSelection subnets) {
        return new Network(vpc, subnets, securityGroups);
    }

    /** The security groups; one of each function's own when not set. At most 5 ("Amazon VPC quotas"). */
    public Network securityGroups(ISecurityGroup... groups) {
        return new Network(vpc, subnets, List.of(groups));
    }

    void applyTo(Function.Builder function) {
        function.vpc(vpc).vpcSubnets(subnets);
        if (!securityGroups.isEmpty()) {
            function.securityGroups(securityGroups);
        }
    }

    void applyTo(FargateService.Builder service) {
        service.vpcSubnets(subnets);
        if (!securityGroups.isEmpty()) {
            service.securityGroups(securityGroups);
        }
    }

    IVpc vpc() {
        return vpc;
    }

    /** Why AWS would not take this, as the end of a sentence. */
    Optional<String> contradiction() {
        if (securityGroups.size() > 5) {
            return Optional.of("it has " + securityGroups.size()
                    + " security groups, and a network interface takes 5 (\"Amazon VPC quotas\"); join some of them");
        }
        boolean isPublic = subnets != null
                && Boolean.TRUE.equals(vpc.selectSubnets(subnets).getHasPublic());
        return isPublic
                ? Optional.of(
                        "its subnets are public, where a function has no public address and reaches neither SQS nor"
                                + " DynamoDB; take private subnets with a NAT gateway or VPC endpoints")
                : Optional.empty();
    }
}

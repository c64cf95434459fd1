package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.rds.Credentials;
import software.amazon.awscdk.services.rds.DatabaseInstance;
import software.amazon.awscdk.services.rds.DatabaseInstanceEngine;
import software.amazon.awscdk.services.rds.PostgresEngineVersion;
import software.amazon.awscdk.services.rds.PostgresInstanceEngineProps;
import tools.jackson.databind.JsonNode;

/** A pool whose handlers write into a PostgreSQL database of RDS: the example of {@code docs/construct.md}. */
class DatabaseHandlerTest {
    private static final StackTemplate TEMPLATE = StackTemplate.of(stack -> {
        Vpc vpc = new Vpc(stack, "Vpc");
        DatabaseInstance database = DatabaseInstance.Builder.create(stack, "Orders")
                .engine(DatabaseInstanceEngine.postgres(PostgresInstanceEngineProps.builder()
                        .version(PostgresEngineVersion.VER_16)
                        .build()))
                .vpc(vpc)
                .credentials(Credentials.fromGeneratedSecret("jobs"))
                .iamAuthentication(true)
                .build();
        FunctionSettings inVpc = FunctionSettings.create()
                .network(Network.of(vpc))
                .secret("database", Objects.requireNonNull(database.getSecret()));
        Longshore jobs = new Longshore(
                stack,
                "Jobs",
                StackTemplate.props()
                        .pool(WorkerPool.named("default"))
                        .pool(WorkerPool.named("heavy").function(inVpc)));
        database.getConnections().allowDefaultPortFrom(jobs.workerFunction("heavy"));
        database.grantConnect(jobs.worker("heavy"), "jobs");
    });

    @Test
    void poolIsInTheVpcAndTheOthersAreNot() {
        JsonNode vpc = TEMPLATE.properties("Worker-heavy").get("VpcConfig");

        assertThat(vpc.get("SubnetIds").toString()).contains("VpcPrivateSubnet").doesNotContain("PublicSubnet");
        assertThat(vpc.get("SecurityGroupIds")).hasSize(1);
        assertThat(TEMPLATE.properties("Worker-default").has("VpcConfig")).isFalse();
    }

    @Test
    void databaseLetsThePoolInAndNothingElse() {
        assertThat(TEMPLATE.propertiesOfAll("AWS::EC2::SecurityGroupIngress"))
                .singleElement()
                .satisfies(rule -> assertThat(rule.get("SourceSecurityGroupId").toString())
                        .contains("JobsWorkerheavySecurityGroup"));
    }

    @Test
    void poolLogsInWithIamOrWithTheSecret() {
        String policy = TEMPLATE.properties("Worker-heavyRoleDefaultPolicy").toString();

        assertThat(policy).contains("rds-db:connect", "secretsmanager:GetSecretValue", "OrdersSecret");
        assertThat(TEMPLATE.properties("Worker-heavy").get("Environment").toString())
                .contains("database=", "OrdersSecret");
    }
}

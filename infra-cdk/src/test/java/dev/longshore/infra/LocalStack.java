package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.suites.e2e.Api;
import dev.longshore.task.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import tools.jackson.databind.JsonNode;

/** LocalStack in Docker: clients, deployments, and the API of a stack that is deployed there. */
final class LocalStack implements AutoCloseable {
    private static final DockerImageName IMAGE = DockerImageName.parse("localstack/localstack:4.14.0");
    private static final String NO_DOCKER =
            "No Docker: the stack is not tried on LocalStack. Start Docker and run 'mvn verify -Plocalstack' again";
    private static final String ACCOUNT = "000000000000";
    private static final int PORT = 4_566;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final LocalStackContainer container;

    private LocalStack(LocalStackContainer container) {
        this.container = container;
    }

    /** Skips the test, and prints why, where there is no Docker. */
    static LocalStack start() {
        boolean hasDocker = DockerClientFactory.instance().isDockerAvailable();
        if (!hasDocker) {
            System.out.println(NO_DOCKER); // Maven does not print why a test was skipped
        }
        assumeTrue(hasDocker, NO_DOCKER);
        LocalStackContainer container = new LocalStackContainer(IMAGE)
                .withEnv("LAMBDA_IGNORE_ARCHITECTURE", "1") // our functions are arm64, this machine may not be
                .withEnv("LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT", "120");
        container.start();
        return new LocalStack(container);
    }

    CloudFormationDeployment deployment() {
        return new CloudFormationDeployment(
                client(CloudFormationClient.builder()),
                client(S3Client.builder().forcePathStyle(true)),
                client(SsmClient.builder()),
                ACCOUNT,
                container.getRegion());
    }

    /** Host names of API Gateway resolve in AWS alone: the same API by LocalStack's own path. */
    Api restApi(Map<String, String> outputs) {
        URI inAws = URI.create(outputs.get("Url"));
        String id = inAws.getHost().split("\\.", -1)[0];
        URI url = URI.create(container.getEndpoint() + "/_aws/execute-api/" + id
                + inAws.getPath().replaceAll("/+$", ""));
        return new Api(url, key(outputs), PATIENCE);
    }

    /** The host names of Function URLs resolve in AWS alone: each request names its function in the header {@code Host}. */
    Api functionUrl(Map<String, String> outputs) {
        return new Api(container.getEndpoint(), key(outputs), PATIENCE);
    }

    private String key(Map<String, String> outputs) {
        try (SecretsManagerClient secrets = client(SecretsManagerClient.builder())) {
            JsonNode value = Json.parse(secrets.getSecretValue(get -> get.secretId(outputs.get("FirstKeySecret")))
                            .secretString())
                    .tree();
            return "ls_" + value.get("id").asString() + "_"
                    + value.get("secret").asString();
        }
    }

    <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(B builder) {
        return builder.endpointOverride(container.getEndpoint())
                .region(Region.of(container.getRegion()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(container.getAccessKey(), container.getSecretKey())))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    /** What a process in another container of this Docker finds LocalStack by: the variables of AWS's SDKs. */
    Map<String, String> environmentOfAContainer() {
        String address = container
                .getContainerInfo()
                .getNetworkSettings()
                .getNetworks()
                .get("bridge")
                .getIpAddress();
        return Map.of(
                "AWS_ENDPOINT_URL", "http://" + address + ":" + PORT,
                "AWS_ACCESS_KEY_ID", container.getAccessKey(),
                "AWS_SECRET_ACCESS_KEY", container.getSecretKey());
    }

    /** Runs shell commands in LocalStack's container, which has the AWS CLI; the first that fails ends them. */
    void run(String commands) throws IOException, InterruptedException {
        String environment = "export AWS_ENDPOINT_URL=http://localhost:" + PORT + " AWS_DEFAULT_REGION=" + region()
                + " AWS_ACCESS_KEY_ID=" + container.getAccessKey() + " AWS_SECRET_ACCESS_KEY="
                + container.getSecretKey() + "; cd /tmp\n";
        ExecResult result = container.execInContainer("sh", "-ec", environment + commands);
        assertThat(result.getExitCode()).as(result.getStderr()).isZero();
    }

    String region() {
        return container.getRegion();
    }

    @Override
    public void close() {
        container.stop();
    }
}

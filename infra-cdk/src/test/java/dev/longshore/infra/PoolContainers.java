package dev.longshore.infra;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.RestartPolicy;
import dev.longshore.task.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.StackResource;
import tools.jackson.databind.JsonNode;

/**
 * Does with a pool's task definition what ECS does, which LocalStack's community edition has not: builds the image, starts
 * containers with the definition's environment and health check, replaces one that ends with an error, and stops them.
 */
final class PoolContainers implements AutoCloseable {
    private final ImageFromDockerfile image;
    private final Map<String, String> environment;
    private final JsonNode definition;
    private final List<GenericContainer<?>> running = new ArrayList<>();

    private PoolContainers(ImageFromDockerfile image, Map<String, String> environment, JsonNode definition) {
        this.image = image;
        this.environment = environment;
        this.definition = definition;
    }

    /** @param assembly of the stack as it is deployed in {@code localStack} */
    static PoolContainers of(String pool, Path assembly, String stack, LocalStack localStack) throws IOException {
        StackTemplate template = new StackTemplate(read(assembly.resolve(stack + ".template.json")));
        JsonNode definition =
                template.properties("Task-" + pool).get("ContainerDefinitions").get(0);
        Map<String, String> environment = new HashMap<>(localStack.environmentOfAContainer());
        Map<String, String> ids = ids(stack, localStack);
        definition
                .get("Environment")
                .forEach(variable ->
                        environment.put(variable.get("Name").asString(), resolved(variable.get("Value"), ids)));
        environment.put("LONGSHORE_DRAIN_SECONDS", "5"); // 90 s would show the same, and later
        JsonNode asset = read(assembly.resolve(stack + ".assets.json"))
                .get("dockerImages")
                .iterator()
                .next();
        Path folder = assembly.resolve(asset.get("source").get("directory").asString());
        return new PoolContainers(new ImageFromDockerfile().withFileFromPath(".", folder), environment, definition);
    }

    private static JsonNode read(Path file) throws IOException {
        return Json.mapper().readTree(Files.readAllBytes(file));
    }

    private static Map<String, String> ids(String stack, LocalStack localStack) {
        try (CloudFormationClient cloudFormation = localStack.client(CloudFormationClient.builder())) {
            Map<String, String> ids =
                    cloudFormation
                            .describeStackResources(describe -> describe.stackName(stack))
                            .stackResources()
                            .stream()
                            .collect(Collectors.toMap(
                                    StackResource::logicalResourceId,
                                    StackResource::physicalResourceId,
                                    (a, b) -> a,
                                    HashMap::new));
            ids.put("AWS::Region", localStack.region());
            return ids;
        }
    }

    private static String resolved(JsonNode value, Map<String, String> ids) {
        if (value.isString()) {
            return value.asString();
        }
        if (value.has("Ref")) {
            return ids.get(value.get("Ref").asString());
        }
        JsonNode join = value.get("Fn::Join");
        List<String> parts = new ArrayList<>();
        join.get(1).forEach(part -> parts.add(resolved(part, ids)));
        return String.join(join.get(0).asString(), parts);
    }

    /** Starts containers and waits until they are healthy. */
    void start(int count) {
        for (int i = 0; i < count; i++) {
            GenericContainer<?> container = new GenericContainer<>(image)
                    .withEnv(environment)
                    .withCreateContainerCmdModifier(this::asEcsDoes)
                    .waitingFor(Wait.forHealthcheck().withStartupTimeout(Duration.ofMinutes(2)));
            running.add(container);
            container.start();
        }
    }

    private void asEcsDoes(CreateContainerCmd create) {
        JsonNode check = definition.get("HealthCheck");
        List<String> command = new ArrayList<>();
        check.get("Command").forEach(part -> command.add(part.asString()));
        create.withHealthcheck(new HealthCheck()
                .withTest(command)
                .withStartPeriod(
                        Duration.ofSeconds(check.get("StartPeriod").asInt()).toNanos())
                .withInterval(Duration.ofSeconds(1).toNanos())); // ECS looks every 30 s
        create.getHostConfig().withRestartPolicy(RestartPolicy.onFailureRestart(0));
    }

    /** SIGTERM for all, and SIGKILL after the definition's {@code stopTimeout}; answers their exit statuses. */
    List<Long> stop() {
        int patience = definition.get("StopTimeout").asInt();
        List<Long> statuses = running.parallelStream()
                .map(container -> {
                    var docker = container.getDockerClient();
                    docker.stopContainerCmd(container.getContainerId())
                            .withTimeout(patience)
                            .exec();
                    return container.getCurrentContainerInfo().getState().getExitCodeLong();
                })
                .toList();
        close();
        return statuses;
    }

    /** {@code kill -9} for all, as when their machines are lost. */
    void kill() {
        running.forEach(container -> container
                .getDockerClient()
                .killContainerCmd(container.getContainerId())
                .exec());
        close();
    }

    /** What each container has printed. */
    List<String> logs() {
        return running.stream().map(GenericContainer::getLogs).toList();
    }

    /** The user id of each container's process. */
    List<String> users() throws IOException, InterruptedException {
        List<String> users = new ArrayList<>();
        for (GenericContainer<?> container : running) {
            users.add(container.execInContainer("id", "-u").getStdout().strip());
        }
        return users;
    }

    /** Stops all; what they have printed is in {@code target/containers} afterwards. */
    @Override
    public void close() {
        for (GenericContainer<?> container : running) {
            keepLog(container);
            container.stop();
        }
        running.clear();
    }

    private static void keepLog(GenericContainer<?> container) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "containers"));
            Files.writeString(folder.resolve(container.getContainerId() + ".log"), container.getLogs());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.longshore.infra;

import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Stack;
import tools.jackson.databind.JsonNode;

/** A stack as CloudFormation gets it, and queries over it. */
record StackTemplate(JsonNode json) {
    private static final Pattern HASH = Pattern.compile("[0-9A-F]{8}");

    /** Two tasks in two pools: a short one, and a long one. */
    static TaskCatalog tasks() {
        TaskCatalog tasks = new TaskCatalog();
        tasks.add("greet", Json.class, (input, job) -> input).timeout(Duration.ofSeconds(30));
        tasks.add("transcode", Json.class, (input, job) -> input)
                .pool("heavy")
                .timeout(Duration.ofMinutes(10))
                .retry(RetryPolicy.exponential().maxAttempts(5));
        return tasks;
    }

    /** A deployment of {@link #tasks} with nothing set. */
    static LongshoreProps props() {
        return props(tasks());
    }

    static LongshoreProps props(TaskCatalog tasks) {
        return LongshoreProps.of(
                tasks, workerJar("com/example/Worker.class", "com/example/Deaths.class"), "com.example.Worker");
    }

    static StackTemplate of(LongshoreProps props) {
        return of(stack -> new Longshore(stack, "Jobs", props));
    }

    static StackTemplate of(Consumer<Stack> contents) {
        return new StackTemplate(synthesized(new App(appProps()), contents));
    }

    /** Assets are not copied: they are 20 MB a stack, and no test of a template reads them. */
    static AppProps appProps() {
        return AppProps.builder()
                .context(Map.of("aws:cdk:disable-asset-staging", true))
                .build();
    }

    private static JsonNode synthesized(App app, Consumer<Stack> contents) {
        Stack stack = new Stack(app, "Longshore");
        contents.accept(stack);
        Path folder = Path.of(app.synth().getDirectory());
        try {
            return Json.mapper().readTree(Files.readAllBytes(folder.resolve("Longshore.template.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A jar for functions that no test calls, with entries of these names and nothing in them. */
    static Path workerJar(String... entries) {
        try {
            Path jar = Files.createTempDirectory("longshore-worker-").resolve("worker.jar");
            jar.toFile().deleteOnExit();
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
                for (String entry : entries) {
                    ZipEntry empty = new ZipEntry(entry);
                    empty.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0)); // the same jar at each run
                    zip.putNextEntry(empty);
                }
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The properties of the resource that the construct calls so. */
    JsonNode properties(String name) {
        return resource(name).get("Properties");
    }

    JsonNode resource(String name) {
        return json.get("Resources").get(id(name));
    }

    /** The logical id of the resource that the construct calls so: the construct's own id, the name, and a hash. */
    String id(String name) {
        String prefix = "Jobs" + name.replaceAll("[^A-Za-z0-9]", "");
        List<String> ids = json.get("Resources").propertyNames().stream()
                .filter(id -> id.startsWith(prefix)
                        && HASH.matcher(id.substring(prefix.length())).matches())
                .toList();
        if (ids.size() != 1) {
            throw new AssertionError("There are " + ids.size() + " resources " + name + " among "
                    + json.get("Resources").propertyNames());
        }
        return ids.getFirst();
    }

    /** The construct's outputs, by their names. */
    Map<String, JsonNode> outputs() {
        Map<String, JsonNode> outputs = new TreeMap<>();
        json.get("Outputs")
                .properties()
                .forEach(output -> outputs.put(
                        output.getKey().replaceAll("^Jobs", "").replaceAll("[0-9A-F]{8}$", ""), output.getValue()));
        return outputs;
    }

    /** All resources of a type, by their logical ids. */
    Map<String, JsonNode> ofType(String type) {
        Map<String, JsonNode> found = new TreeMap<>();
        json.get("Resources").properties().forEach(resource -> {
            if (resource.getValue().get("Type").asString().equals(type)) {
                found.put(resource.getKey(), resource.getValue());
            }
        });
        return found;
    }

    /** The properties of all resources of a type. */
    List<JsonNode> propertiesOfAll(String type) {
        List<JsonNode> found = new ArrayList<>();
        ofType(type).values().forEach(resource -> found.add(resource.path("Properties")));
        return found;
    }
}

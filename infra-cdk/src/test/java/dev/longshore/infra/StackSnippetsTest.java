package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.task.CatalogSource;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.Stack;

/** The Java blocks of pages about a stack compile as they are, and the stack that they make is synthesized. */
class StackSnippetsTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern JAVA = Pattern.compile("(?ms)^```java\\n(.*?)^```");
    /** The pages' name of it. */
    private static final Path JAR = Path.of("target", "worker.jar");

    private static final String IMPORTS = """
            package com.example;

            import dev.longshore.infra.*;
            import dev.longshore.task.*;
            import dev.longshore.worker.WorkerFunction;
            import java.nio.file.Path;
            import java.time.Duration;
            import software.amazon.awscdk.Stack;
            import software.amazon.awscdk.services.ec2.Vpc;
            import software.amazon.awscdk.services.rds.*;
            import software.amazon.awscdk.services.s3.Bucket;
            import software.amazon.awscdk.services.sns.Topic;

            """;

    /** What else the team's stack has. */
    private static final String RESOURCES = """
            Topic pager = new Topic(stack, "Pager");
            Topic topic = new Topic(stack, "Topic");
            Bucket bucket = new Bucket(stack, "Bucket");
            Vpc vpc = new Vpc(stack, "Vpc");
            DatabaseInstance database = DatabaseInstance.Builder.create(stack, "Orders")
                    .engine(DatabaseInstanceEngine.postgres(PostgresInstanceEngineProps.builder()
                            .version(PostgresEngineVersion.VER_16)
                            .build()))
                    .vpc(vpc)
                    .iamAuthentication(true)
                    .storageEncrypted(true)
                    .build();
            """;

    private static final String SHOP = """
            record Order(String number) {}

            final class ShipOrder implements TaskHandler<Order, String> {
                ShipOrder(Secrets secrets) {}

                @Override
                public String handle(Order order, JobContext job) {
                    return order.number();
                }
            }

            """;

    private static final String VIDEO_WORKER = """
            public final class VideoWorker extends WorkerFunction {
                record Video(String source) {}

                @Override
                protected void tasks(TaskCatalog tasks) {
                    tasks.add("encode", Video.class, (video, job) -> null).pool("%s")%s;
                    tasks.add("preview", Video.class, (video, job) -> null);
                }
            }
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void putTheJar() throws IOException {
        Files.createDirectories(JAR.getParent());
        Files.copy(
                StackTemplate.workerJar(
                        "com/example/ShopWorker.class",
                        "com/example/VideoWorker.class",
                        "dev/longshore/keeper/DeadLetterFunction.class",
                        "dev/longshore/worker/WorkerProcess.class"),
                JAR);
    }

    @AfterEach
    void removeTheJar() throws IOException {
        Files.delete(JAR);
    }

    @Test
    void poolInAVpcWithASecretIsSynthesized() throws Exception {
        StackTemplate template = synthesized(blocks("construct.md").getFirst(), "ShopWorker", """
                public final class ShopWorker extends WorkerFunction {
                    record Order(String number) {}

                    @Override
                    protected void tasks(TaskCatalog tasks) {
                        tasks.add("ship", Order.class, (order, job) -> null).pool("orders").onDead(dead -> {});
                        tasks.add("price", Order.class, (order, job) -> null);
                    }
                }
                """);

        assertThat(template.properties("Worker-orders").get("VpcConfig").get("SubnetIds"))
                .isNotEmpty();
        assertThat(template.properties("Worker-orders").get("Environment").toString())
                .contains("database=");
    }

    @Test
    void workerWithASecretHasItsTask() throws Exception {
        List<String> blocks = blocks("construct.md");
        assertThat(blocks).hasSize(2);

        compile("ShopWorker", SHOP + blocks.get(1));

        try (URLClassLoader compiled = compiled()) {
            CatalogSource worker = (CatalogSource) compiled.loadClass("com.example.ShopWorker")
                    .getConstructor()
                    .newInstance();
            assertThat(worker.catalog().find("ship")).isPresent();
        }
    }

    @Test
    void stackWithAnAlarmTopicAndGrantsIsSynthesized() throws Exception {
        List<String> blocks = blocks("deploying.md");
        assertThat(blocks).hasSize(1);

        StackTemplate template = synthesized(blocks.getFirst(), "VideoWorker", VIDEO_WORKER.formatted("heavy", ""));

        assertThat(template.properties("DeadJobsAlarm").get("AlarmActions")).isNotEmpty();
        assertThat(template.properties("Worker-heavyRoleDefaultPolicy").toString())
                .contains("s3:PutObject");
    }

    @Test
    void poolOnFargateIsSynthesized() throws Exception {
        String block = blocks("long-work.md").getFirst();

        StackTemplate template = synthesized(
                "LongshoreProps props = " + block + "new Longshore(stack, \"Jobs\", props);\n",
                "VideoWorker",
                VIDEO_WORKER.formatted("encode", ".timeout(Duration.ofHours(6)).memoryMiB(12_000)"));

        assertThat(template.json().toString()).contains("AWS::ECS::TaskDefinition");
    }

    private StackTemplate synthesized(String statements, String worker, String classes) throws Exception {
        compile(worker, classes);
        compile(
                "Contents",
                "public final class Contents implements java.util.function.Consumer<Stack> {\n"
                        + "@Override public void accept(Stack stack) {\n" + RESOURCES + statements + "}\n}\n");
        try (URLClassLoader compiled = compiled()) {
            Consumer<?> contents = (Consumer<?>)
                    compiled.loadClass("com.example.Contents").getConstructor().newInstance();
            return StackTemplate.of(stack -> accept(contents, stack));
        }
    }

    private void compile(String name, String code) throws IOException {
        Path source = Files.createDirectories(folder.resolve("com/example")).resolve(name + ".java");
        Files.writeString(source, IMPORTS + code);
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-classpath",
                        folder + File.pathSeparator + System.getProperty("java.class.path"),
                        source.toString());
        assertThat(status).as("javac's exit status").isZero();
    }

    private URLClassLoader compiled() throws IOException {
        URL[] classes = {folder.toUri().toURL()};
        return new URLClassLoader(classes, getClass().getClassLoader());
    }

    @SuppressWarnings("unchecked") // the class above takes a stack
    private static void accept(Consumer<?> contents, Stack stack) {
        ((Consumer<Stack>) contents).accept(stack);
    }

    private static List<String> blocks(String page) throws IOException {
        return JAVA.matcher(Files.readString(DOCS.resolve(page)))
                .results()
                .map(block -> block.group(1))
                .toList();
    }
}

package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.task.TaskCatalog;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Which waiting jobs a worker that is to be deployed would end DEAD. */
class DeploymentCheckTest {
    private final ByteArrayOutputStream findings = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    record Order(String id, int amount, String currency) {}

    record OrderOfBefore(String id, int amount) {}

    /** It requires a currency, which orders of before do not have. */
    public static final class StrictWorker extends WorkerFunction {
        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("ship-order", Order.class, (order, job) -> null).alias("send-order");
        }
    }

    /** The same, and it says how orders of before are read. */
    public static final class TolerantWorker extends WorkerFunction {
        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("ship-order", Order.class, (order, job) -> null)
                    .alias("send-order")
                    .alsoReads(OrderOfBefore.class, order -> new Order(order.id(), order.amount(), "EUR"));
        }
    }

    /** Its catalogue is refused. */
    public static final class RefusedWorker extends WorkerFunction {
        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("Ship Order", Order.class, (order, job) -> null);
        }
    }

    /** Needs what is not in its jar: the JVM throws the same for a class that it does not find. */
    private static String missingLibrary() {
        throw new NoClassDefFoundError("com/carrier/Client");
    }

    /** Its static initializer needs a library that is not there. */
    public static final class UninitializedWorker extends WorkerFunction {
        private static final String CARRIER = missingLibrary();

        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("ship-order", Order.class, (order, job) -> CARRIER);
        }
    }

    /** Its static initializer throws. */
    public static final class MisconfiguredWorker extends WorkerFunction {
        private static final int PORT = Integer.parseInt("no port");

        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("ship-order", Order.class, (order, job) -> PORT);
        }
    }

    /** Its constructor throws. */
    public static final class ThrowingWorker extends WorkerFunction {
        public ThrowingWorker() {
            throw new UnsupportedOperationException("no database here", new IllegalStateException("no host"));
        }

        @Override
        protected void tasks(TaskCatalog tasks) {}
    }

    /** Its tasks need a library that is not there. */
    public static final class IncompleteWorker extends WorkerFunction {
        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add(missingLibrary(), Order.class, (order, job) -> null);
        }
    }

    record OrderOfALibrary(String id) {
        OrderOfALibrary {
            if (id.startsWith("secret")) {
                throw new AssertionError(id);
            }
            missingLibrary();
        }
    }

    /** Its payloads need a library that is not there. */
    public static final class UndecodingWorker extends WorkerFunction {
        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("ship-order", OrderOfALibrary.class, (order, job) -> null);
        }
    }

    /** It cannot be constructed by its name. */
    public static final class WorkerOfAnArgument extends WorkerFunction {
        private final String name;

        public WorkerOfAnArgument(String name) {
            this.name = name;
        }

        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add(name, Order.class, (order, job) -> null);
        }
    }

    /** It prints while it is constructed and while it is read. */
    public static final class PrintingWorker extends WorkerFunction {
        public PrintingWorker() {
            System.out.println("constructed");
        }

        @Override
        protected void tasks(TaskCatalog tasks) {
            System.out.println("read");
            tasks.add("ship-order", Order.class, (order, job) -> null);
        }
    }

    @Test
    void payloadThatLacksARequiredFieldIsFoundWithItsPlace() throws IOException {
        int status = check(StrictWorker.class, job("1", "ship-order", "{\"id\":\"7\",\"amount\":\"many\"}"));

        assertThat(status).isZero();
        assertThat(findings().strip())
                .isEqualTo("{\"id\":\"1\",\"task\":\"ship-order\",\"reason\":\"undecodable\",\"mistakes\":["
                        + "{\"pointer\":\"/amount\",\"message\":\"takes a whole number, and got a string\"},"
                        + "{\"pointer\":\"/currency\",\"message\":\"is missing\"}],"
                        + "\"detail\":\"payload/amount takes a whole number, and got a string\"}");
    }

    @Test
    void olderFormThatTheTaskReadsIsNoFinding() throws IOException {
        String jobOfBefore = job("1", "ship-order", "{\"id\":\"7\",\"amount\":3}");

        assertThat(check(StrictWorker.class, jobOfBefore)).isZero();
        assertThat(findings()).contains("\"pointer\":\"/currency\"");
        findings.reset();
        assertThat(check(TolerantWorker.class, jobOfBefore)).isZero();
        assertThat(findings()).isEmpty();
    }

    @Test
    void taskThatIsGoneIsFoundAndAnAliasIsNot() throws IOException {
        String payload = "{\"id\":\"7\",\"amount\":3,\"currency\":\"EUR\"}";

        check(StrictWorker.class, job("1", "ship-odrer", payload), job("2", "send-order", payload));

        assertThat(findings().lines().toList())
                .singleElement()
                .asString()
                .contains("\"id\":\"1\"", "\"reason\":\"unknown_task\"", "did you mean 'ship-order'?")
                .contains("\"mistakes\":[]");
    }

    @Test
    void longshoresOwnJobsAreNoFinding() throws IOException {
        check(StrictWorker.class, job("1", "longshore-redrive", "{}"));

        assertThat(findings()).isEmpty();
    }

    @Test
    void findingQuotesNoValueOfAPayload() throws IOException {
        check(StrictWorker.class, job("1", "ship-order", "{\"id\":\"7\",\"amount\":\"secret-4711\"}"));

        assertThat(findings()).doesNotContain("4711");
    }

    @Test
    void workerThatCannotBeConstructedIsRefusedWithTheReason() throws IOException {
        assertThat(check(RefusedWorker.class)).isEqualTo(2);
        assertThat(errors()).startsWith("The worker's tasks cannot be read: 'Ship Order' cannot be a task's name");
        errors.reset();
        assertThat(run(new String[] {"com.example.Gone"}, "")).isEqualTo(2);
        assertThat(errors()).contains("The class com.example.Gone that the argument names is not in the worker's jar");
    }

    @Test
    void workerWhoseCodeCannotBeLoadedIsRefusedInASentence() throws IOException {
        assertRefused(UninitializedWorker.class, "NoClassDefFoundError: com/carrier/Client", "dependency missing");
        assertRefused(MisconfiguredWorker.class, "For input string: \"no port\"");
        assertRefused(ThrowingWorker.class, "failed in its constructor", "no database here", "no host");
        assertRefused(IncompleteWorker.class, "NoClassDefFoundError: com/carrier/Client", "dependency missing");
        assertRefused(WorkerOfAnArgument.class, "a public constructor without arguments");
        assertRefused(String.class, "name the class that extends WorkerFunction");
    }

    @Test
    void payloadWhoseCodeCannotBeLoadedEndsTheCheckAndNamesTheJob() throws IOException {
        assertThat(check(UndecodingWorker.class, job("1", "ship-order", "{\"id\":\"7\"}")))
                .isEqualTo(2);

        assertThat(errors().lines())
                .singleElement()
                .asString()
                .startsWith("The payload of 1, task 'ship-order', cannot be decoded: ")
                .contains("NoClassDefFoundError: com/carrier/Client", "dependency missing");
        errors.reset();
        assertThat(check(UndecodingWorker.class, job("2", "ship-order", "{\"id\":\"secret-4711\"}")))
                .isEqualTo(2);
        assertThat(errors().strip())
                .endsWith("The payload of 2, task 'ship-order', cannot be decoded: java.lang.AssertionError");
    }

    /** In a process, for System.out is its own. */
    @Test
    void whatAWorkerPrintsIsNoFinding() throws IOException, InterruptedException {
        Process check = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DeploymentCheck.class.getName(),
                        PrintingWorker.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (Writer jobs = check.outputWriter()) {
            jobs.write(job("1", "gone", "{}"));
        }

        assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .contains("\"reason\":\"unknown_task\"");
        assertThat(check.waitFor()).isZero();
    }

    @Test
    void lineThatIsNoJobEndsTheCheckAndNamesTheLine() throws IOException {
        assertThat(check(StrictWorker.class, job("1", "ship-order", "{}"), "{\"id\":\"2\"}"))
                .isEqualTo(2);

        assertThat(errors()).startsWith("Line 2 is no job: ");
    }

    private void assertRefused(Class<?> worker, String... why) throws IOException {
        errors.reset();
        assertThat(check(worker)).isEqualTo(2);
        assertThat(errors().lines())
                .singleElement()
                .asString()
                .startsWith("The worker's tasks cannot be read: ")
                .contains(why);
    }

    private int check(Class<?> worker, String... jobs) throws IOException {
        return run(new String[] {worker.getName()}, String.join("\n", jobs));
    }

    private int run(String[] arguments, String input) throws IOException {
        return DeploymentCheck.run(
                arguments,
                new BufferedReader(new StringReader(input)),
                new PrintStream(findings, true, StandardCharsets.UTF_8),
                new PrintStream(errors, true, StandardCharsets.UTF_8));
    }

    private static String job(String id, String task, String payload) {
        return "{\"id\":\"" + id + "\",\"task\":\"" + task + "\",\"payload\":" + payload + "}";
    }

    private String findings() {
        return findings.toString(StandardCharsets.UTF_8);
    }

    private String errors() {
        return errors.toString(StandardCharsets.UTF_8);
    }
}

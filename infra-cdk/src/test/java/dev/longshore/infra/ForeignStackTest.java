package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.sns.Topic;

/** The construct as a library, in a stack that is not ours: a team's own tasks, jar and table. */
class ForeignStackTest {
    private record Invoice(String customer, int cents) {}

    @TempDir
    Path target;

    @Test
    void oneBlockDeploysATeamsOwnTasks() {
        Path jar = StackTemplate.workerJar("com/example/BillingWorker.class");
        TaskCatalog tasks = new TaskCatalog();
        tasks.add("send-invoice", Invoice.class, (invoice, job) -> invoice.cents())
                .timeout(Duration.ofMinutes(1));

        StackTemplate template = StackTemplate.of(
                stack -> new Longshore(stack, "Jobs", LongshoreProps.of(tasks, jar, "com.example.BillingWorker")));

        assertThat(template.properties("Worker-default").get("Handler").asString())
                .isEqualTo("com.example.BillingWorker");
        assertThat(template.properties("Worker-default").get("Timeout").asInt()).isEqualTo(75);
        assertThat(template.properties("Queue-default").get("VisibilityTimeout").asInt())
                .isEqualTo(6 * 75);
    }

    /** A worker as a team has it. */
    public static final class BillingWorker extends WorkerFunction {
        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("send-invoice", Invoice.class, () -> {
                        throw new AssertionError("no handler is made where the stack is synthesized");
                    })
                    .pool("billing")
                    .timeout(Duration.ofMinutes(2));
        }
    }

    @Test
    void teamNamesItsWorkerClassOnce() {
        Path jar = StackTemplate.workerJar("dev/longshore/infra/ForeignStackTest$BillingWorker.class");

        StackTemplate template = StackTemplate.of(LongshoreProps.of(new BillingWorker(), jar));

        assertThat(template.properties("Worker-billing").get("Handler").asString())
                .isEqualTo("dev.longshore.infra.ForeignStackTest$BillingWorker");
        assertThat(template.properties("Worker-billing").get("Timeout").asInt()).isEqualTo(135);
    }

    /** Lambda would be the first to notice, at the deployment. */
    @Test
    void workerThatLambdaCannotConstructStopsTheSynthesis() {
        WorkerFunction anonymous = new WorkerFunction() {
            @Override
            protected void tasks(TaskCatalog tasks) {
                tasks.add("send-invoice", Invoice.class, (invoice, job) -> invoice.cents());
            }
        };

        assertThatThrownBy(() -> LongshoreProps.of(anonymous, target))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Lambda cannot construct the worker dev.longshore.infra.ForeignStackTest$1")
                .hasMessageContaining("a public class");
    }

    @Test
    void aPoolsFunctionIsGivenWhatItsHandlersNeed() {
        StackTemplate template = StackTemplate.of(stack -> {
            Table ledger = Table.Builder.create(stack, "Ledger")
                    .partitionKey(Attribute.builder()
                            .name("id")
                            .type(AttributeType.STRING)
                            .build())
                    .build();
            Longshore jobs = new Longshore(stack, "Jobs", StackTemplate.props());
            ledger.grantReadData(jobs.worker("heavy"));
            assertThat(jobs.queue("heavy").getQueueName()).isNotBlank();
            assertThat(jobs.url()).isNotBlank();
            assertThatThrownBy(() -> jobs.worker("hevy")).hasMessage("There is no pool hevy; there are default, heavy");
            assertThatThrownBy(() -> jobs.queue("hevy")).hasMessage("There is no pool hevy; there are default, heavy");
        });

        assertThat(template.properties("Worker-heavyRoleDefaultPolicy").toString())
                .contains("Ledger", "dynamodb:Scan");
        assertThat(template.properties("Worker-defaultRoleDefaultPolicy").toString())
                .doesNotContain("Ledger");
    }

    @Test
    void theFunctionThatAttendsDeathsIsGivenWhatItsHooksNeed() {
        StackTemplate template = StackTemplate.of(stack -> {
            Longshore jobs =
                    new Longshore(stack, "Jobs", StackTemplate.props().deadLetterHandler("com.example.Deaths"));
            new Topic(stack, "Deaths").grantPublish(jobs.deadLetters());
        });

        assertThat(template.properties("DeadLettersRoleDefaultPolicy").toString())
                .contains("sns:Publish");
        assertThat(template.properties("DispatcherRoleDefaultPolicy").toString())
                .doesNotContain("sns:Publish");
    }

    @Test
    void twoOfThemLiveInOneStack() {
        StackTemplate template = StackTemplate.of(stack -> {
            new Longshore(stack, "Jobs", StackTemplate.props());
            new Longshore(stack, "Mails", StackTemplate.props());
        });

        assertThat(template.ofType("AWS::SQS::Queue")).hasSize(8);
        assertThat(template.propertiesOfAll("AWS::Logs::MetricFilter"))
                .extracting(filter -> filter.get("MetricTransformations").get(0).get("MetricName"))
                .doesNotHaveDuplicates();
    }
}

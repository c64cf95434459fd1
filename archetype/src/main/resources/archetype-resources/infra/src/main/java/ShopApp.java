package ${package};

import dev.longshore.infra.FunctionSettings;
import dev.longshore.infra.Longshore;
import dev.longshore.infra.LongshoreProps;
import dev.longshore.infra.WorkerPool;
import java.nio.file.Path;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.secretsmanager.Secret;

/** The app that {@code cdk} calls: the worker on Longshore, and what its handlers need. */
public final class ShopApp {
    private static final Path WORKER_JAR = Path.of("..", "worker", "target", "worker.jar");

    private ShopApp() {}

    public static void main(String[] arguments) {
        App app = new App();
        Stack stack = new Stack(app, "Shop");
        try {
            addJobs(stack);
        } catch (IllegalArgumentException e) {
            Annotations.of(stack).addError(e.getMessage()); // cdk prints this sentence alone, and deploys nothing
        }
        app.synth();
    }

    private static void addJobs(Stack stack) {
        Bucket reports = Bucket.Builder.create(stack, "Reports")
                .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
                .enforceSsl(true)
                .build();
        Secret signing = Secret.Builder.create(stack, "Signing")
                .description("Signs the reports")
                .build();
        FunctionSettings forReports = FunctionSettings.create()
                .environment("REPORTS_BUCKET", reports.getBucketName())
                .secret("signing", signing);

        Longshore jobs = new Longshore(
                stack,
                "Jobs",
                LongshoreProps.of(new ShopWorker(), WORKER_JAR)
                        .pool(WorkerPool.named("default"))
                        .pool(WorkerPool.named("reports").maxConcurrency(5).function(forReports)));
        reports.grantPut(jobs.worker("reports"));
    }
}

package dev.longshore.infra;

import dev.longshore.examples.ExampleWorker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;

/**
 * The app that {@code cdk} calls: Longshore with the example tasks. Context: {@code -c frontDoor=http-api|rest-api|
 * function-url}, {@code -c disposable=true}, {@code -c visibility=<seconds>} and {@code -c memory=<MiB>} for the
 * pool {@code rehearsals}.
 */
public final class ExampleApp {
    private ExampleApp() {}

    public static void main(String[] arguments) {
        App app = new App();
        stack(app, Path.of("target", "example", "longshore-examples.jar"));
        app.synth();
    }

    /** What contradicts itself is an error of the stack: {@code cdk} prints that sentence alone, and deploys nothing. */
    static Stack stack(App app, Path workerJar) {
        Stack stack = new Stack(app, "Longshore");
        try {
            new Longshore(stack, "Jobs", props(app, workerJar));
        } catch (IllegalArgumentException e) {
            Annotations.of(stack).addError(String.valueOf(e.getMessage()));
        }
        return stack;
    }

    private static LongshoreProps props(App app, Path workerJar) {
        LongshoreProps props = LongshoreProps.of(new ExampleWorker(), workerJar);
        context(app, "frontDoor").map(ExampleApp::frontDoor).ifPresent(props::frontDoor);
        if (context(app, "disposable").map(Boolean::valueOf).orElse(false)) {
            props.disposable();
        }
        return props.pool(WorkerPool.named("default"))
                .pool(WorkerPool.named("heavy")
                        .memoryMiB(3_008)
                        .maxConcurrency(10)
                        .batchSize(1))
                .pool(rehearsals(app));
    }

    private static FrontDoor frontDoor(String wanted) {
        for (FrontDoor door : FrontDoor.values()) {
            if (wanted.equals(door.name().toLowerCase(Locale.ROOT).replace('_', '-'))) {
                return door;
            }
        }
        throw new IllegalArgumentException(
                "frontDoor takes http-api, rest-api or function-url, and got '" + wanted + "'");
    }

    private static WorkerPool rehearsals(App app) {
        WorkerPool pool = WorkerPool.named("rehearsals")
                .memoryMiB(context(app, "memory").map(Integer::valueOf).orElse(512));
        return context(app, "visibility")
                .map(seconds -> pool.visibilityTimeout(Duration.ofSeconds(Long.parseLong(seconds))))
                .orElse(pool);
    }

    private static Optional<String> context(App app, String name) {
        @Nullable Object value = app.getNode().tryGetContext(name);
        return value == null ? Optional.empty() : Optional.of(value.toString());
    }
}

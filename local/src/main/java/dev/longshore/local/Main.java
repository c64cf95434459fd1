package dev.longshore.local;

import dev.longshore.examples.ExampleSettings;
import dev.longshore.examples.ExampleWorker;
import dev.longshore.job.engines.Engines;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import org.slf4j.LoggerFactory;

/** {@code mvn -Pdev} runs the example tasks until it is stopped; {@code mvn -Pdemo} sends one job of each, and ends. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        exitWithParent();
        System.exit(
                status(arguments)); // whatever happened: what was started may have threads that would keep the process
    }

    private static int status(String[] arguments) {
        try {
            return run(arguments.length == 1 ? arguments[0] : "");
        } catch (IllegalArgumentException | IllegalStateException e) {
            System.err.println("Longshore did not start: " + e.getMessage());
            return 1;
        } catch (RuntimeException | Error e) {
            LoggerFactory.getLogger(Main.class).atError().setCause(e).log("Longshore failed");
            return 1;
        } catch (InterruptedException e) {
            return 1;
        }
    }

    private static int run(String mode) throws InterruptedException {
        LocalSettings settings = LocalSettings.read(System::getProperty, System::getenv);
        return switch (mode) {
            case "dev" -> serve(settings);
            case "demo" -> {
                System.setProperty("longshore.log", "WARN"); // the demo prints what its jobs do
                yield DemoRun.run(settings);
            }
            default -> throw new IllegalArgumentException("Pass what to run: dev or demo");
        };
    }

    private static int serve(LocalSettings settings) throws InterruptedException {
        Mailbox mailbox = Mailbox.start();
        LocalRuntime runtime = start(settings, mailbox);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.out.println(
                    "Stopping: no more requests, running jobs have " + LocalRuntime.DRAIN.toSeconds() + " s to end.");
            runtime.close();
            mailbox.close();
            System.out.println("Stopped.");
            stopped.countDown();
        }));
        System.out.println(Welcome.text(runtime));
        stopped.await();
        return 0;
    }

    static LocalRuntime start(LocalSettings settings, Mailbox mailbox) {
        return start(settings, mailbox, (function, engines) -> engines.engines());
    }

    static LocalRuntime start(
            LocalSettings settings, Mailbox mailbox, BiFunction<Class<?>, LocalEngines, Engines> enginesOf) {
        ExampleSettings examples =
                ExampleSettings.fromEnvironment(System.getenv()).reaching(ExampleSettings.Reach.LOOPBACK);
        ExampleSettings mailing =
                examples.smtp() == null ? examples.mailingThrough("127.0.0.1", mailbox.port()) : examples;
        return LocalRuntime.start(settings, new ExampleWorker(mailing), enginesOf);
    }

    /** Maven ends on SIGTERM without stopping the process it has started. */
    private static void exitWithParent() {
        if (Boolean.getBoolean("longshore.exitWithParent")) {
            var _ = ProcessHandle.current()
                    .parent()
                    .map(parent -> parent.onExit().thenRun(() -> System.exit(0)));
        }
    }
}

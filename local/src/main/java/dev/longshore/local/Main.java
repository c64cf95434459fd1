package dev.longshore.local;

import dev.longshore.demo.DemoSettings;
import dev.longshore.demo.ExampleWorker;
import dev.longshore.job.Engines;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import org.slf4j.LoggerFactory;

/** {@code mvn -Pdev} runs the example tasks until it is stopped; {@code mvn -Pdemo} sends one job of each, and ends. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        exitWithParent();
        String mode = arguments.length == 1 ? arguments[0] : "";
        int status;
        try {
            LocalSettings settings = LocalSettings.read(System::getProperty, System::getenv);
            status = switch (mode) {
                case "dev" -> serve(settings);
                case "demo" -> DemoRun.run(settings);
                default -> throw new IllegalArgumentException("Say what to run: dev or demo");
            };
        } catch (IllegalArgumentException | IllegalStateException e) {
            LoggerFactory.getLogger(Main.class).debug("Longshore did not start", e);
            System.err.println("Longshore did not start: " + e.getMessage());
            status = 1;
        }
        System.exit(status);
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
        DemoSettings demo = DemoSettings.fromEnvironment(System.getenv()).reaching(DemoSettings.Reach.LOOPBACK);
        DemoSettings mailing = demo.smtp() == null ? demo.mailingThrough("127.0.0.1", mailbox.port()) : demo;
        return LocalRuntime.start(settings, new ExampleWorker(mailing), enginesOf);
    }

    /** Maven dies of SIGTERM without telling the process it has started. */
    private static void exitWithParent() {
        if (Boolean.getBoolean("longshore.exitWithParent")) {
            var _ = ProcessHandle.current()
                    .parent()
                    .map(parent -> parent.onExit().thenRun(() -> System.exit(0)));
        }
    }
}

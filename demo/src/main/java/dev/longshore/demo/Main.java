package dev.longshore.demo;

import dev.longshore.local.DevRuntime;
import dev.longshore.local.Launch;
import dev.longshore.local.LocalSettings;
import java.util.Map;

/** {@code mvn -Pdev} runs the example tasks until it is stopped; {@code mvn -Pdemo} sends one job of each, and ends. */
public final class Main {
    private static final String SMTP = "LONGSHORE_SMTP";

    private Main() {}

    /** @param arguments what to run: dev or demo */
    public static void main(String[] arguments) {
        Launch.run(() -> run(arguments.length == 1 ? arguments[0] : ""));
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
        String given = System.getenv().getOrDefault(SMTP, "").strip();
        Map<String, String> mailing = Map.of(SMTP, given.isEmpty() ? "127.0.0.1:" + mailbox.port() : given);
        DevRuntime runtime = DevRuntime.start(settings, LaptopWorker.class.getName(), mailing);
        return Launch.untilStopped(runtime.welcome(), () -> {
            runtime.close();
            mailbox.close();
        });
    }
}

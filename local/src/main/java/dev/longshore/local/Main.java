package dev.longshore.local;

import java.util.Map;

/**
 * Runs a worker on this machine until it is stopped, with the settings of {@link LocalSettings#read}:
 *
 * <ul>
 *   <li>{@code dev <class>}: in a process of its own, which is replaced when classes change ({@link DevRuntime})
 *   <li>{@code run <class>}: in this process, for a debugger ({@link LocalRuntime})
 * </ul>
 */
public final class Main {
    private Main() {}

    /** @param arguments what to run, and the worker's class, as {@code dev com.example.ShopWorker} */
    public static void main(String[] arguments) {
        Launch.run(() -> run(arguments));
    }

    private static int run(String[] arguments) throws InterruptedException {
        String mode = arguments.length == 2 ? arguments[0] : "";
        LocalSettings settings = LocalSettings.read(System::getProperty, System::getenv);
        return switch (mode) {
            case "dev" -> {
                DevRuntime runtime = DevRuntime.start(settings, arguments[1], Map.of());
                yield Launch.untilStopped(runtime.welcome(), runtime::close);
            }
            case "run" -> {
                LocalRuntime runtime = LocalRuntime.start(settings, WorkerClass.construct(arguments[1]));
                yield Launch.untilStopped(runtime.welcome(), runtime::close);
            }
            default ->
                throw new IllegalArgumentException(
                        "Pass what to run and the worker's class: 'dev com.example.ShopWorker' replaces the worker when its"
                                + " classes change, 'run com.example.ShopWorker' runs it in this process");
        };
    }
}

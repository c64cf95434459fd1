package dev.longshore.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs a class in a fresh JVM with the flags that Lambda gives a function, so that only its own CPU time and classes are counted. */
final class ChildJvm {
    /** Lambda compiles with C1 alone ("Configuring JVM behavior", AWS Lambda Developer Guide), and a small function has the serial collector. */
    private static final List<String> FLAGS_OF_LAMBDA =
            List.of("-XX:+TieredCompilation", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private ChildJvm() {}

    /** CPU time of this process so far, in ms. */
    static double cpuMillis() {
        return PROCESS.getProcessCpuTime() / 1e6;
    }

    /** Prints what was measured, as the last line of a class that {@link #run} runs. */
    static void print(double... numbers) {
        System.out.println(Arrays.stream(numbers).mapToObj(Double::toString).collect(Collectors.joining(" ")));
    }

    /**
     * The numbers that the class prints.
     *
     * @throws IllegalStateException when it ends with another status than 0
     */
    static List<Double> run(
            Class<?> main, List<String> flags, Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS_OF_LAMBDA);
        command.addAll(flags);
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new IllegalStateException(main.getSimpleName() + " ended with status " + status + ": " + output);
            }
            String last = output.lines().reduce("", (earlier, later) -> later);
            return Arrays.stream(last.split(" ", -1)).map(Double::valueOf).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while " + main.getSimpleName() + " ran", e);
        }
    }
}

package dev.longshore.cli;

import dev.longshore.client.Longshore;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A command that calls the API. */
@Command(mixinStandardHelpOptions = true)
abstract class ApiCommand implements Callable<Integer> {
    @Mixin
    private final Options options = new Options();

    private final Shell shell;

    ApiCommand(Shell shell) {
        this.shell = shell;
    }

    /** Calls the API, prints, and answers the exit code. */
    abstract int run(Longshore longshore, Output out) throws IOException, InterruptedException;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Target target = Target.of(options, shell);
        try (Longshore longshore = target.client(shell).build()) {
            return run(longshore, new Output(shell, options.json, options.noColor));
        }
    }

    Shell shell() {
        return shell;
    }

    Options options() {
        return options;
    }
}

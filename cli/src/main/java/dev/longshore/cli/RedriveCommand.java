package dev.longshore.cli;

import dev.longshore.client.DeadFilter;
import dev.longshore.client.DeadJobs;
import dev.longshore.client.Job;
import dev.longshore.client.Longshore;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "redrive", description = "Redrive many dead jobs by a maintenance job, and follow it")
final class RedriveCommand extends ApiCommand {
    /** The API's highest; a canary without a rate is not slowed down. */
    private static final double HIGHEST_RATE = 1_000;

    @Mixin
    private final DeadSelection selection = new DeadSelection();

    @Option(names = "--rate", paramLabel = "<number>", description = "How many become due in a second, 0.01 to 1000")
    @Nullable
    private Double rate;

    @Option(names = "--canary", description = "First one, then ten, then the rest")
    private boolean canary;

    RedriveCommand(Shell shell) {
        super(shell);
    }

    @Override
    int run(Longshore longshore, Output out) throws InterruptedException {
        DeadJobs dead = longshore.deadJobs();
        return new Maintenance(shell(), selection, "redrive", "sent")
                .run(longshore, out, dead::count, filter -> start(dead, filter), false);
    }

    private Job start(DeadJobs dead, DeadFilter filter) {
        if (rate == null && !canary) {
            return dead.retry(filter);
        }
        return dead.retry(filter, rate == null ? HIGHEST_RATE : rate, canary);
    }
}

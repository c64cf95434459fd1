package dev.longshore.cli;

import dev.longshore.client.DeadJobs;
import dev.longshore.client.Longshore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "purge", description = "Purge dead jobs for good by a maintenance job, and follow it")
final class PurgeCommand extends ApiCommand {
    @Mixin
    private final DeadSelection selection = new DeadSelection();

    PurgeCommand(Shell shell) {
        super(shell);
    }

    @Override
    int run(Longshore longshore, Output out) throws InterruptedException {
        DeadJobs dead = longshore.deadJobs();
        return new Maintenance(shell(), selection, "purge", "purged")
                .run(longshore, out, dead::countPurge, dead::purge, true);
    }
}

package dev.longshore.cli;

import dev.longshore.client.DeadGroups;
import dev.longshore.client.Longshore;
import dev.longshore.client.Period;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "dead", description = "Count dead jobs by what they died of")
final class DeadCommand extends ApiCommand {
    @Option(names = "--task", paramLabel = "<task>", description = "Of this task")
    @Nullable
    private String task;

    @Option(names = "--from", paramLabel = "<time>", description = "That died at or after, or so long ago: 2h")
    @Nullable
    private String from;

    @Option(names = "--to", paramLabel = "<time>", description = "That died at or before, or so long ago")
    @Nullable
    private String to;

    @Option(
            names = "--limit",
            paramLabel = "<number>",
            description = "At most so many groups, 1 to 200; 50 when not given")
    private int limit = 50;

    DeadCommand(Shell shell) {
        super(shell);
    }

    @Override
    int run(Longshore longshore, Output out) {
        Period died =
                new Period(TimeArgument.past("--from", from, out.now()), TimeArgument.past("--to", to, out.now()));
        DeadGroups dead = longshore.deadJobs().groups(task, died, limit);
        if (out.json()) {
            out.jsonLines(dead.groups().stream());
        } else {
            Table table = new Table("ERROR", "TASK", "COUNT", "REASON", "LAST", "EXAMPLE", "MESSAGE");
            for (DeadGroups.Group group : dead.groups()) {
                table.row(
                        group.fingerprint(),
                        group.task(),
                        group.count(),
                        group.reason(),
                        Text.relative(group.last(), out.now()),
                        group.job(),
                        group.errorType() == null ? "" : group.errorType() + ": " + Text.of(group.errorMessage()));
            }
            out.table(table, "No job is dead");
        }
        if (dead.otherGroups() > 0) {
            out.message(Text.count(dead.otherGroups(), "more group") + "; --limit lists more");
        }
        if (!dead.complete()) {
            out.message("Only a part of the dead jobs was counted; --from " + dead.next() + " continues");
        }
        return Exit.DONE;
    }
}

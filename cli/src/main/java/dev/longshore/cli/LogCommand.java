package dev.longshore.cli;

import dev.longshore.client.Longshore;
import dev.longshore.client.OperatorLogEntry;
import dev.longshore.client.Period;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "log",
        description = "Show what operators did, newest first; of the last seven days when --from is not given")
final class LogCommand extends ApiCommand {
    @Option(names = "--from", paramLabel = "<time>", description = "From then, or so long ago: 2h")
    @Nullable
    private String from;

    @Option(names = "--to", paramLabel = "<time>", description = "Until then, or so long ago")
    @Nullable
    private String to;

    @Option(names = "--limit", paramLabel = "<number>", description = "At most so many; 25 when not given")
    private int limit = 25;

    LogCommand(Shell shell) {
        super(shell);
    }

    @Override
    int run(Longshore longshore, Output out) {
        if (limit < 1) {
            throw CommandFailure.usage("--limit is 1 or more, not " + limit);
        }
        Stream<OperatorLogEntry> entries = longshore
                .operatorLog(new Period(
                        TimeArgument.past("--from", from, out.now()), TimeArgument.past("--to", to, out.now())))
                .limit(limit);
        Table table = new Table("AT", "KEY", "OUTCOME", "STATUS", "ACTION", "TARGET");
        out.list(
                entries,
                table,
                entry -> table.row(
                        Text.time(entry.at(), out.now()),
                        entry.key(),
                        entry.outcome(),
                        entry.status(),
                        entry.action(),
                        entry.target()),
                "The log has no entry of that time");
        return Exit.DONE;
    }
}

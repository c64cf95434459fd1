package dev.longshore.cli;

import dev.longshore.client.Limit;
import dev.longshore.client.Longshore;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** How many jobs run at once. */
final class LimitCommands {
    private LimitCommands() {}

    static CommandLine group(Shell shell) {
        return new CommandLine(new Limits(shell)).addSubcommand(new Set(shell)).addSubcommand(new Reset(shell));
    }

    @Command(
            name = "limits",
            description = "Show how many jobs run at once and who waits; with set or reset, change a limit",
            synopsisSubcommandLabel = "[<command>]")
    static final class Limits extends ApiCommand {
        Limits(Shell shell) {
            super(shell);
        }

        @Override
        int run(Longshore longshore, Output out) {
            Table table = new Table("LIMIT", "CONCURRENT", "PER KEY", "USED", "WAITING", "OLDEST");
            out.list(
                    longshore.limits().list().stream(),
                    table,
                    limit -> table.row(
                            limit.name(),
                            concurrent(limit),
                            limit.perKey() ? "yes" : "no",
                            limit.used(),
                            limit.waiting(),
                            Text.relative(limit.oldestWaiting(), out.now())),
                    "No task has a limit");
            return Exit.DONE;
        }
    }

    /** A command for one limit. */
    abstract static class OfLimit extends ApiCommand {
        @Parameters(index = "0", paramLabel = "<name>", description = "One of 'longshore limits'")
        private String name = "";

        @Spec
        private CommandSpec spec = CommandSpec.create();

        OfLimit(Shell shell) {
            super(shell);
        }

        abstract Limit change(Longshore longshore, String limit);

        @Override
        public Integer call() throws IOException, InterruptedException {
            CommandSpec limits = spec.parent();
            if (!limits.commandLine().getParseResult().matchedOptions().isEmpty()) {
                // 'limits --url <url> set' would change the limit of another URL
                throw CommandFailure.usage("'" + limits.qualifiedName() + " " + spec.name()
                        + "' takes its options behind '" + spec.name() + "', not before it");
            }
            return super.call();
        }

        @Override
        int run(Longshore longshore, Output out) {
            Limit limit = change(longshore, name);
            if (out.json()) {
                out.json(limit);
            } else {
                out.line(Text.clean("limit " + limit.name() + " lets " + concurrent(limit) + " run at once"
                        + (limit.perKey() ? " per key" : "") + ", " + limit.used() + " used, " + limit.waiting()
                        + " waiting"));
            }
            return Exit.DONE;
        }
    }

    @Command(
            name = "set",
            description =
                    "Set how many jobs run at once, until 'reset'; workers read it within 5 s, and running jobs continue")
    static final class Set extends OfLimit {
        @Parameters(index = "1", paramLabel = "<number>", description = "Jobs at once, 1 to 1,000")
        private int concurrent;

        Set(Shell shell) {
            super(shell);
        }

        @Override
        Limit change(Longshore longshore, String limit) {
            return longshore.limits().set(limit, concurrent);
        }
    }

    @Command(name = "reset", description = "Have the code's number count again")
    static final class Reset extends OfLimit {
        Reset(Shell shell) {
            super(shell);
        }

        @Override
        Limit change(Longshore longshore, String limit) {
            return longshore.limits().reset(limit);
        }
    }

    private static String concurrent(Limit limit) {
        return limit.concurrent() + (limit.code() == null ? "" : " (code " + limit.code() + ")");
    }
}

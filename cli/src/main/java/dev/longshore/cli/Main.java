package dev.longshore.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code longshore}: its commands, and how each ends. */
public final class Main {
    private Main() {}

    /** @param arguments a command and its arguments; {@code --help} lists them */
    public static void main(String[] arguments) {
        Shell shell = Shell.ofProcess();
        int exit = run(shell, arguments);
        shell.out().flush();
        System.exit(exit);
    }

    static int run(Shell shell, String... arguments) {
        List<String> given = Arrays.asList(arguments);
        if (given.stream().anyMatch(argument -> argument.equals("--key") || argument.startsWith("--key="))) {
            return Errors.report(
                    CommandFailure.usage("A key is never given on the command line, where other processes and the"
                            + " shell's history can read it; set LONGSHORE_KEY, or a key-command by"
                            + " 'longshore config set'"),
                    shell.err(),
                    false);
        }
        CommandLine commands = commands(shell);
        commands.setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8));
        commands.setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8));
        commands.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        commands.setParameterExceptionHandler((e, ignored) -> misused(e, shell));
        commands.setExecutionExceptionHandler(
                (e, command, parsed) -> Errors.report(e, shell.err(), given.contains("--debug")));
        return commands.execute(arguments);
    }

    /** All commands, by the nouns of the API. */
    static CommandLine commands(Shell shell) {
        CommandLine all = new CommandLine(new Root())
                .addSubcommand(new EnqueueCommand(shell))
                .addSubcommand(new JobCommand(shell))
                .addSubcommand(new JobsCommand(shell))
                .addSubcommand(new FollowCommand(shell))
                .addSubcommand(new JobChanges.Cancel(shell))
                .addSubcommand(new JobChanges.Retry(shell))
                .addSubcommand(new JobChanges.RunNow(shell))
                .addSubcommand(new JobChanges.Rerun(shell))
                .addSubcommand(new DeadCommand(shell))
                .addSubcommand(new RedriveCommand(shell))
                .addSubcommand(new PurgeCommand(shell))
                .addSubcommand(QuarantineCommands.group(shell))
                .addSubcommand(ScheduleCommands.group(shell))
                .addSubcommand(new TasksCommand(shell))
                .addSubcommand(new QueuesCommand(shell))
                .addSubcommand(LimitCommands.group(shell))
                .addSubcommand(new PauseCommands.Pause(shell))
                .addSubcommand(new PauseCommands.Resume(shell))
                .addSubcommand(KeyCommands.group(shell))
                .addSubcommand(new LedgerCommand(shell))
                .addSubcommand(new StatsCommand(shell))
                .addSubcommand(new LogCommand(shell))
                .addSubcommand(new DoctorCommand(shell))
                .addSubcommand(new CheckCommand(shell))
                .addSubcommand(ConfigCommands.group(shell))
                .addSubcommand(new OpenCommand(shell))
                .addSubcommand(new CompletionCommand(shell));
        // @file is a payload, and not a file of arguments
        all.setExpandAtFiles(false);
        all.setCaseInsensitiveEnumValuesAllowed(true);
        all.setUsageHelpWidth(Math.min(shell.columns(), 120));
        return all;
    }

    private static int misused(ParameterException e, Shell shell) {
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        shell.err().println("longshore: " + Text.clean(String.valueOf(e.getMessage())));
        UnmatchedArgumentException.printSuggestions(e, new PrintWriter(shell.err(), true, StandardCharsets.UTF_8));
        shell.err().println("'" + spec.qualifiedName() + " --help' lists what it takes");
        return Exit.USAGE;
    }

    @Command(
            name = "longshore",
            versionProvider = Version.class,
            description = "Background jobs on AWS without servers.",
            footer = {
                "",
                "The key comes from LONGSHORE_KEY, the profile's key-command, or a prompt.",
                "Exit codes: 0 done; 1 the answer is no; 2 wrong usage; 3 refused by the API;",
                "4 not reachable, or 5xx; 5 key missing or refused."
            })
    private static final class Root extends Group {}

    /** That of the build. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            return new String[] {"longshore " + text()};
        }

        static String text() throws IOException {
            try (InputStream resource = Main.class.getResourceAsStream("version.txt")) {
                if (resource == null) {
                    throw new IllegalStateException("version.txt is not in the jar");
                }
                return new String(resource.readAllBytes(), StandardCharsets.UTF_8).strip();
            }
        }
    }
}

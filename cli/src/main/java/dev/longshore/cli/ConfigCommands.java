package dev.longshore.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Profiles: each has a URL and the command that prints its key. */
final class ConfigCommands {
    private ConfigCommands() {}

    static CommandLine group(Shell shell) {
        return new CommandLine(new Config())
                .addSubcommand(new Show(shell))
                .addSubcommand(new Set(shell))
                .addSubcommand(new Use(shell))
                .addSubcommand(new Remove(shell));
    }

    @Command(name = "config", description = "Profiles: URLs, and the commands that print their keys")
    static final class Config extends Group {}

    @Command(name = "show", mixinStandardHelpOptions = true, description = "List the profiles")
    static final class Show implements Callable<Integer> {
        private final Shell shell;

        Show(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws IOException {
            Profiles profiles = Profiles.read(shell);
            Profiles.Profile standard = profiles.standard();
            Output out = new Output(shell, false, false);
            Table table = new Table("PROFILE", "DEFAULT", "URL", "KEY COMMAND");
            for (Profiles.Profile profile : profiles.all()) {
                table.row(profile.name(), profile.equals(standard) ? "yes" : "", profile.url(), profile.keyCommand());
            }
            out.table(table, profiles.file() + " has no profile; " + Target.LAPTOP + " is called");
            return Exit.DONE;
        }
    }

    /** Changes the file. */
    abstract static class Change implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "<profile>", description = "Name of the profile")
        private String name = "";

        private final Shell shell;

        Change(Shell shell) {
            this.shell = shell;
        }

        abstract void change(Profiles profiles, String name);

        @Override
        public Integer call() throws IOException {
            Profiles profiles = Profiles.read(shell);
            change(profiles, name);
            profiles.write();
            new Output(shell, false, false).message("Wrote " + profiles.file());
            return Exit.DONE;
        }
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description = "Add or change a profile; the first is the default")
    static final class Set extends Change {
        @Option(names = "--url", required = true, paramLabel = "<url>", description = "URL of the API")
        private String url = "";

        @Option(
                names = "--key-command",
                paramLabel = "<command>",
                description = "Shell command that prints the key, such as 'pass show longshore'")
        @Nullable
        private String keyCommand;

        Set(Shell shell) {
            super(shell);
        }

        @Override
        void change(Profiles profiles, String name) {
            if (url.lines().count() != 1
                    || (keyCommand != null && keyCommand.lines().count() != 1)) {
                throw CommandFailure.usage("--url and --key-command are one line each");
            }
            profiles.put(new Profiles.Profile(name, url.strip(), keyCommand));
        }
    }

    @Command(name = "use", mixinStandardHelpOptions = true, description = "Make a profile the default")
    static final class Use extends Change {
        Use(Shell shell) {
            super(shell);
        }

        @Override
        void change(Profiles profiles, String name) {
            profiles.use(name);
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Remove a profile")
    static final class Remove extends Change {
        Remove(Shell shell) {
            super(shell);
        }

        @Override
        void change(Profiles profiles, String name) {
            profiles.remove(name);
        }
    }
}

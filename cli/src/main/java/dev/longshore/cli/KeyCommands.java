package dev.longshore.cli;

import dev.longshore.client.CreatedKey;
import dev.longshore.client.KeyRequest;
import dev.longshore.client.Longshore;
import dev.longshore.client.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** API keys. */
final class KeyCommands {
    private KeyCommands() {}

    static CommandLine group(Shell shell) {
        return new CommandLine(new Keys())
                .addSubcommand(new ListAll(shell))
                .addSubcommand(new Create(shell))
                .addSubcommand(new Rotate(shell))
                .addSubcommand(new Revoke(shell));
    }

    @Command(name = "keys", description = "API keys")
    static final class Keys extends Group {}

    private static String scopes(List<Scope> scopes) {
        return scopes.stream()
                .map(scope -> scope.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(","));
    }

    /** The key alone on standard output, so that it can be piped into a secret store. */
    private static void print(CreatedKey key, Output out, String message) {
        if (out.json()) {
            out.json(key);
        } else {
            out.message(message);
            out.line(key.key());
        }
    }

    @Command(name = "list", description = "List the keys, without secrets")
    static final class ListAll extends ApiCommand {
        ListAll(Shell shell) {
            super(shell);
        }

        @Override
        int run(Longshore longshore, Output out) {
            Table table = new Table("ID", "NAME", "SCOPES", "TASKS", "LAST USED", "EXPIRES");
            out.list(
                    longshore.keys().list(),
                    table,
                    key -> table.row(
                            key.id(),
                            key.name(),
                            scopes(key.scopes()),
                            key.tasks().isEmpty() ? "all" : String.join(",", key.tasks()),
                            Text.relative(key.lastUsedAt(), out.now()),
                            key.expiresAt() == null ? "never" : Text.relative(key.expiresAt(), out.now())),
                    "There is no key");
            return Exit.DONE;
        }
    }

    @Command(name = "create", description = "Create a key and print it, this once")
    static final class Create extends ApiCommand {
        @Parameters(index = "0", paramLabel = "<name>", description = "Who has the key")
        private String name = "";

        @Option(
                names = "--scope",
                required = true,
                split = ",",
                paramLabel = "<scope>",
                description = "enqueue, read, operate or admin; may be repeated")
        private List<Scope> scopes = new ArrayList<>();

        @Option(
                names = "--task",
                split = ",",
                paramLabel = "<task>",
                description = "Only for this task; may be repeated")
        private List<String> tasks = new ArrayList<>();

        @Option(
                names = "--expires-at",
                paramLabel = "<time>",
                description = "Refused from then on; never when not given")
        @Nullable
        private String expiresAt;

        Create(Shell shell) {
            super(shell);
        }

        @Override
        int run(Longshore longshore, Output out) {
            CreatedKey key = longshore
                    .keys()
                    .create(new KeyRequest(
                            name,
                            new LinkedHashSet<>(scopes),
                            tasks.isEmpty() ? null : tasks,
                            expiresAt == null ? null : TimeArgument.instant("--expires-at", expiresAt)));
            print(
                    key,
                    out,
                    "Key " + key.about().id() + " with " + scopes(key.about().scopes()) + ". It is not shown again:");
            return Exit.DONE;
        }
    }

    @Command(name = "rotate", description = "Make another secret for a key and print the key, this once")
    static final class Rotate extends ApiCommand {
        @Parameters(index = "0", paramLabel = "<id>", description = "Id of the key")
        private String id = "";

        @Option(
                names = "--overlap",
                paramLabel = "<duration>",
                description = "How long the secret before works on, 0s to 7d; a day when not given")
        private String overlap = "1d";

        Rotate(Shell shell) {
            super(shell);
        }

        @Override
        int run(Longshore longshore, Output out) {
            Duration works = TimeArgument.duration("--overlap", overlap);
            print(
                    longshore.keys().rotate(id, works),
                    out,
                    "The secret before works for another " + Text.duration(works)
                            + ". The new key is not shown again:");
            return Exit.DONE;
        }
    }

    @Command(name = "revoke", description = "Revoke a key")
    static final class Revoke extends ApiCommand {
        @Parameters(index = "0", paramLabel = "<id>", description = "Id of the key")
        private String id = "";

        @Option(names = "--self", description = "Also when it is the key of this command")
        private boolean self;

        Revoke(Shell shell) {
            super(shell);
        }

        @Override
        int run(Longshore longshore, Output out) {
            if (self) {
                longshore.keys().revokeEvenOwn(id);
            } else {
                longshore.keys().revoke(id);
            }
            out.message("Revoked " + id + "; it is refused everywhere within 60 s");
            return Exit.DONE;
        }
    }
}

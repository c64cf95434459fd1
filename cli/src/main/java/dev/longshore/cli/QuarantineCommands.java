package dev.longshore.cli;

import dev.longshore.client.Longshore;
import dev.longshore.client.QuarantinedMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Messages that no function could read. */
final class QuarantineCommands {
    private QuarantineCommands() {}

    static CommandLine group(Shell shell) {
        return new CommandLine(new Quarantine())
                .addSubcommand(new ListAll(shell))
                .addSubcommand(new Show(shell))
                .addSubcommand(new Delete(shell));
    }

    @Command(name = "quarantine", description = "Messages that no function could read")
    static final class Quarantine extends Group {}

    @Command(name = "list", description = "List the messages")
    static final class ListAll extends ApiCommand {
        ListAll(Shell shell) {
            super(shell);
        }

        @Override
        int run(Longshore longshore, Output out) {
            Table table = new Table("ID", "POOL", "BYTES", "ARRIVED", "DELETED");
            out.list(
                    longshore.quarantine().list(),
                    table,
                    message -> table.row(
                            message.id(),
                            message.pool(),
                            message.size(),
                            Text.relative(message.at(), out.now()),
                            Text.relative(message.expiresAt(), out.now())),
                    "No message is in quarantine");
            return Exit.DONE;
        }
    }

    @Command(name = "show", description = "Print the text of a message")
    static final class Show extends ApiCommand {
        @Parameters(index = "0", paramLabel = "<id>", description = "Id of the message")
        private String id = "";

        Show(Shell shell) {
            super(shell);
        }

        @Override
        int run(Longshore longshore, Output out) {
            QuarantinedMessage message = longshore.quarantine().get(id);
            if (out.json()) {
                out.json(message);
            } else {
                // a message may have anything, also what moves a terminal's cursor
                new String(message.bytes(), StandardCharsets.UTF_8).lines().forEach(line -> out.line(Text.clean(line)));
            }
            return Exit.DONE;
        }
    }

    @Command(name = "delete", description = "Delete messages")
    static final class Delete extends ApiCommand {
        @Parameters(arity = "1..*", paramLabel = "<id>", description = "Ids of messages")
        private List<String> ids = new ArrayList<>();

        Delete(Shell shell) {
            super(shell);
        }

        @Override
        int run(Longshore longshore, Output out) {
            for (String id : ids) {
                longshore.quarantine().delete(id);
                out.message("Deleted " + id);
            }
            return Exit.DONE;
        }
    }
}

package dev.longshore.cli;

import dev.longshore.client.Longshore;
import dev.longshore.client.Queue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(name = "queues", description = "Show how full each pool is, by SQS's approximate counts")
final class QueuesCommand extends ApiCommand {
    QueuesCommand(Shell shell) {
        super(shell);
    }

    @Override
    int run(Longshore longshore, Output out) {
        Table table = new Table("POOL", "WAITING", "IN FLIGHT", "DELAYED", "OLDEST", "DEAD LETTERS", "STATE");
        out.list(
                longshore.queues().list().stream(),
                table,
                queue -> table.row(
                        queue.pool(),
                        count(queue, queue.visible()),
                        count(queue, queue.inFlight()),
                        count(queue, queue.delayed()),
                        queue.oldestAgeSeconds() == null ? "-" : Text.millis(queue.oldestAgeSeconds() * 1_000),
                        count(queue, queue.deadLetters()),
                        TasksCommand.state(queue.paused(), queue.setAside(), out)),
                "There is no pool");
        return Exit.DONE;
    }

    private static String count(Queue queue, @Nullable Long count) {
        return queue.depthUnknown() ? "unknown" : Text.of(count);
    }
}

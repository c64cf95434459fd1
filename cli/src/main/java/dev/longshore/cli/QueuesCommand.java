package dev.longshore.cli;

import dev.longshore.client.Longshore;
import dev.longshore.client.Queue;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(name = "queues", description = "Show how full each pool is, by SQS's approximate counts")
final class QueuesCommand extends ApiCommand {
    QueuesCommand(Shell shell) {
        super(shell);
    }

    @Override
    int run(Longshore longshore, Output out) {
        List<Queue> queues = longshore.queues().list();
        if (out.json()) {
            out.jsonLines(queues.stream());
            return Exit.DONE;
        }
        Table table = new Table("POOL", "WAITING", "IN FLIGHT", "DELAYED", "OLDEST", "DEAD LETTERS", "STATE");
        for (Queue queue : queues) {
            table.row(
                    queue.pool(),
                    count(queue, queue.visible()),
                    count(queue, queue.inFlight()),
                    count(queue, queue.delayed()),
                    queue.oldestAgeSeconds() == null ? "-" : Text.millis(queue.oldestAgeSeconds() * 1_000),
                    count(queue, queue.deadLetters()),
                    TasksCommand.state(queue.paused(), queue.setAside(), out));
        }
        out.table(table, "There is no pool");
        return Exit.DONE;
    }

    private static String count(Queue queue, @Nullable Long count) {
        return queue.depthUnknown() ? "unknown" : Text.of(count);
    }
}

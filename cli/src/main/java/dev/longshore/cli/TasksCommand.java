package dev.longshore.cli;

import dev.longshore.client.Longshore;
import dev.longshore.client.Paused;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(name = "tasks", description = "List what jobs there can be")
final class TasksCommand extends ApiCommand {
    TasksCommand(Shell shell) {
        super(shell);
    }

    @Override
    int run(Longshore longshore, Output out) {
        Table table = new Table("TASK", "POOL", "TIMEOUT", "ATTEMPTS", "STATE", "LIMITS", "ALIASES", "EXAMPLE");
        out.list(
                longshore.tasks().list().stream(),
                table,
                task -> table.row(
                        task.name(),
                        task.pool(),
                        Text.duration(Duration.ofMillis((long) (task.timeoutSeconds() * 1_000))),
                        task.maxAttempts(),
                        state(task.paused(), task.setAside(), out),
                        task.limits().isEmpty() ? "-" : String.join(", ", task.limits()),
                        task.aliases().isEmpty() ? "-" : String.join(", ", task.aliases()),
                        task.example() == null ? "-" : Json.line(task.example())),
                "The worker has no task");
        return Exit.DONE;
    }

    /** Of a task or a pool. */
    static String state(@Nullable Paused paused, int held, Output out) {
        String holds = held == 0 ? "" : ", " + held + " held";
        return paused == null
                ? "active" + holds
                : "paused " + Text.relative(paused.since(), out.now()) + " by " + paused.by() + holds;
    }
}

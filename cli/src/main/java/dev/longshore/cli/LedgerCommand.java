package dev.longshore.cli;

import dev.longshore.client.Ledger;
import dev.longshore.client.Longshore;
import dev.longshore.client.Period;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "ledger", description = "Show whether every accepted job is accounted for; exit 1 when not")
final class LedgerCommand extends ApiCommand {
    @Option(names = "--from", paramLabel = "<time>", description = "From then, or so long ago; a day when not given")
    @Nullable
    private String from;

    @Option(names = "--to", paramLabel = "<time>", description = "Until then, or so long ago")
    @Nullable
    private String to;

    @Option(names = "--audit", description = "Request an audit of every open hour before")
    private boolean audit;

    LedgerCommand(Shell shell) {
        super(shell);
    }

    @Override
    int run(Longshore longshore, Output out) {
        if (audit) {
            longshore.ledger().audit();
            out.message("An audit is requested; the dispatcher's next tick does it");
        }
        Ledger ledger = longshore
                .ledger()
                .read(new Period(
                        TimeArgument.past("--from", from, out.now()), TimeArgument.past("--to", to, out.now())));
        if (out.json()) {
            out.json(ledger);
        } else {
            show(ledger, out);
        }
        return ledger.balanced() ? Exit.DONE : Exit.NO;
    }

    private static void show(Ledger ledger, Output out) {
        out.line(out.states((ledger.balanced() ? "ok" : "problem") + ": " + Text.clean(ledger.explanation())));
        out.line("audited " + Text.time(ledger.auditedAt(), out.now())
                + (ledger.auditRequestedAt() == null ? "" : ", another audit is requested"));
        Table table = new Table(
                "HOUR", "ACCEPTED", "SUCCEEDED", "DEAD", "CANCELLED", "WAITING", "RUNNING", "MISSING", "FIXED");
        for (Ledger.Hour hour : ledger.hours()) {
            row(table, hour.hour().toString(), hour.counts());
        }
        row(table, "total", ledger.totals());
        out.table(table, "");
    }

    private static void row(Table table, String name, Ledger.Counts counts) {
        table.row(
                name,
                counts.accepted(),
                counts.succeeded(),
                counts.dead(),
                counts.cancelled(),
                counts.waiting(),
                counts.running(),
                counts.missing(),
                counts.mended());
    }
}

package dev.longshore.cli;

import dev.longshore.client.Job;
import dev.longshore.client.Longshore;
import dev.longshore.client.Schedule;
import dev.longshore.client.ScheduleRequest;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Jobs by the clock. */
final class ScheduleCommands {
    private ScheduleCommands() {}

    static CommandLine group(Shell shell) {
        return new CommandLine(new Schedules())
                .addSubcommand(new ListAll(shell))
                .addSubcommand(new Show(shell))
                .addSubcommand(new Put(shell))
                .addSubcommand(new Delete(shell))
                .addSubcommand(new Run(shell))
                .addSubcommand(new Pause(shell))
                .addSubcommand(new Resume(shell));
    }

    @Command(name = "schedules", description = "Jobs by the clock")
    static final class Schedules extends Group {}

    /** A command for one schedule. */
    abstract static class OfSchedule extends ApiCommand {
        @Parameters(index = "0", paramLabel = "<name>", description = "Name of the schedule")
        private String name = "";

        OfSchedule(Shell shell) {
            super(shell);
        }

        String name() {
            return name;
        }

        static void print(Schedule schedule, Output out) {
            if (out.json()) {
                out.json(schedule);
                return;
            }
            field(out, "name", schedule.name());
            field(out, "task", schedule.task());
            field(out, "times", times(schedule));
            field(out, "state", state(schedule));
            field(out, "overlap", schedule.overlap());
            field(out, "catch up", schedule.catchUp() + " (" + schedule.catchUpLimit() + " at most)");
            field(out, "jitter", schedule.jitterSeconds() + " s");
            Schedule.Last last = schedule.last();
            if (last != null) {
                field(
                        out,
                        "last",
                        Text.time(last.at(), out.now()) + " " + last.outcome()
                                + (last.job() == null ? "" : ", job " + last.job()));
            }
            field(out, "skipped", String.valueOf(schedule.skipped()));
            if (schedule.payload() != null) {
                field(out, "payload", Json.line(schedule.payload()));
            }
            for (Instant next : schedule.next()) {
                field(out, "next", Text.time(next, out.now()));
            }
        }

        private static void field(Output out, String name, String value) {
            out.line(out.states(String.format("%-9s  %s", name, Text.clean(value))));
        }
    }

    private static String times(Schedule schedule) {
        return schedule.cron() == null ? "every " + schedule.every() : schedule.cron() + " " + schedule.zone();
    }

    private static String state(Schedule schedule) {
        return (schedule.paused() ? "paused" : "active") + (schedule.declared() ? ", declared in code" : "");
    }

    @Command(name = "list", description = "List the schedules")
    static final class ListAll extends ApiCommand {
        ListAll(Shell shell) {
            super(shell);
        }

        @Override
        int run(Longshore longshore, Output out) {
            Table table = new Table("NAME", "TASK", "TIMES", "STATE", "NEXT", "LAST", "SKIPPED");
            out.list(
                    longshore.schedules().list(),
                    table,
                    schedule -> row(table, schedule, out.now()),
                    "There is no schedule");
            return Exit.DONE;
        }

        private static void row(Table table, Schedule schedule, Instant now) {
            Schedule.Last last = schedule.last();
            table.row(
                    schedule.name(),
                    schedule.task(),
                    times(schedule),
                    state(schedule),
                    schedule.next().isEmpty()
                            ? "-"
                            : Text.relative(schedule.next().get(0), now),
                    last == null ? "-" : last.outcome() + " " + Text.relative(last.at(), now),
                    schedule.skipped());
        }
    }

    @Command(name = "show", description = "Show a schedule and its next times")
    static final class Show extends OfSchedule {
        Show(Shell shell) {
            super(shell);
        }

        @Override
        int run(Longshore longshore, Output out) {
            print(longshore.schedules().get(name()), out);
            return Exit.DONE;
        }
    }

    @Command(
            name = "put",
            description = "Make a schedule, or change the one of that name; what is not given is as by default")
    static final class Put extends OfSchedule {
        @Option(names = "--task", required = true, paramLabel = "<task>", description = "Task of its jobs")
        private String task = "";

        @Option(names = "--cron", paramLabel = "<expression>", description = "Five fields, or @daily and the like")
        @Nullable
        private String cron;

        @Option(
                names = "--zone",
                paramLabel = "<zone>",
                description = "Time zone of --cron, such as Europe/Berlin; else UTC")
        @Nullable
        private String zone;

        @Option(
                names = "--every",
                paramLabel = "<duration>",
                description = "In place of --cron: a distance such as 90m")
        @Nullable
        private String every;

        @Option(names = "--anchor", paramLabel = "<time>", description = "Instant from which --every is counted")
        @Nullable
        private String anchor;

        @Option(names = "--payload", paramLabel = "<payload>", description = "What each job gets: JSON, @file, or -")
        @Nullable
        private String payload;

        @Option(names = "--overlap", paramLabel = "<policy>", description = "allow, skip or cancel")
        @Nullable
        private String overlap;

        @Option(names = "--catch-up", paramLabel = "<policy>", description = "none, latest or all")
        @Nullable
        private String catchUp;

        @Option(
                names = "--catch-up-limit",
                paramLabel = "<number>",
                description = "The newest so many of --catch-up all")
        @Nullable
        private Integer catchUpLimit;

        @Option(names = "--jitter", paramLabel = "<duration>", description = "Each job is put off by a part of it")
        @Nullable
        private String jitter;

        @Option(names = "--max-attempts", paramLabel = "<number>", description = "Of its jobs, 1 to 100")
        @Nullable
        private Integer maxAttempts;

        @Option(names = "--tag", paramLabel = "<tag>", description = "Of its jobs; may be repeated")
        private List<String> tags = new ArrayList<>();

        Put(Shell shell) {
            super(shell);
        }

        @Override
        int run(Longshore longshore, Output out) throws IOException {
            print(longshore.schedules().put(name(), request()), out);
            return Exit.DONE;
        }

        private ScheduleRequest request() throws IOException {
            ScheduleRequest request = times();
            if (payload != null) {
                request = request.payload(Json.argument(payload, shell()));
            }
            if (overlap != null) {
                request = request.overlap(overlap);
            }
            if (catchUp != null) {
                request = request.catchUp(catchUp);
            }
            if (catchUpLimit != null) {
                request = request.catchUpLimit(catchUpLimit);
            }
            if (jitter != null) {
                request = request.jitter(TimeArgument.duration("--jitter", jitter));
            }
            if (maxAttempts != null) {
                request = request.maxAttempts(maxAttempts);
            }
            return tags.isEmpty() ? request : request.tags(tags.toArray(String[]::new));
        }

        private ScheduleRequest times() {
            if (cron != null && every == null && anchor == null) {
                ScheduleRequest request = ScheduleRequest.cron(task, cron);
                return zone == null ? request : request.zone(zone(zone));
            }
            if (every != null && cron == null && zone == null) {
                ScheduleRequest request = ScheduleRequest.every(task, TimeArgument.duration("--every", every));
                return anchor == null ? request : request.anchor(TimeArgument.instant("--anchor", anchor));
            }
            throw CommandFailure.usage(
                    "A schedule takes --cron, with --zone where it is not UTC, or --every, with --anchor");
        }

        private static ZoneId zone(String name) {
            try {
                return ZoneId.of(name);
            } catch (DateTimeException e) {
                throw CommandFailure.usage("--zone takes a name such as Europe/Berlin, not '" + name + "'");
            }
        }
    }

    @Command(
            name = "delete",
            description = "Delete a schedule; its jobs that were made ahead of their time are cancelled")
    static final class Delete extends OfSchedule {
        Delete(Shell shell) {
            super(shell);
        }

        @Override
        int run(Longshore longshore, Output out) {
            longshore.schedules().delete(name());
            out.message("Deleted " + name());
            return Exit.DONE;
        }
    }

    @Command(name = "run", description = "Make one job at once, also while the schedule is paused, and print its id")
    static final class Run extends OfSchedule {
        Run(Shell shell) {
            super(shell);
        }

        @Override
        int run(Longshore longshore, Output out) {
            Job job = longshore.schedules().run(name());
            out.line(out.json() ? Json.line(job) : job.id());
            return Exit.DONE;
        }
    }

    @Command(name = "pause", description = "Pause a schedule")
    static final class Pause extends OfSchedule {
        Pause(Shell shell) {
            super(shell);
        }

        @Override
        int run(Longshore longshore, Output out) {
            print(longshore.schedules().pause(name()), out);
            return Exit.DONE;
        }
    }

    @Command(name = "resume", description = "Resume a schedule with its next time")
    static final class Resume extends OfSchedule {
        Resume(Shell shell) {
            super(shell);
        }

        @Override
        int run(Longshore longshore, Output out) {
            print(longshore.schedules().resume(name()), out);
            return Exit.DONE;
        }
    }
}

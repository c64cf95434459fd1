package dev.longshore.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Look for what is wrong, and say what to do. Exit 1 when there is a problem")
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private final Options options = new Options();

    private final Shell shell;

    DoctorCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Output out = new Output(shell, options.json, options.noColor);
        List<Doctor.Finding> findings = new Doctor(shell, Target.of(options, shell)).examine();
        for (Doctor.Finding finding : findings) {
            if (out.json()) {
                out.json(finding);
            } else {
                print(finding, out);
            }
        }
        boolean problem = findings.stream().anyMatch(finding -> finding.result() == Doctor.Result.PROBLEM);
        return problem ? Exit.NO : Exit.DONE;
    }

    private static void print(Doctor.Finding finding, Output out) {
        out.line(out.states(
                Text.clean(String.format("%-8s  %-12s  %s", finding.result(), finding.about(), finding.detail()))));
        if (finding.advice() != null) {
            out.line(" ".repeat(24) + Text.clean(finding.advice()));
        }
    }
}

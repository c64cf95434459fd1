package dev.longshore.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "open",
        mixinStandardHelpOptions = true,
        description = "Print the dashboard's URL, and open it where there is a browser")
final class OpenCommand implements Callable<Integer> {
    @Mixin
    private final Options options = new Options();

    private final Shell shell;

    OpenCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
        String url = Target.of(options, shell).url();
        new Output(shell, false, true).line(url);
        if (shell.outputIsTerminal()) {
            Optional<Path> browser = shell.onPath("xdg-open", "open");
            if (browser.isPresent()) {
                shell.program(List.of(browser.get().toString(), url))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
            }
        }
        return Exit.DONE;
    }
}

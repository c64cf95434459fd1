package dev.longshore.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Print a completion script: source <(longshore completion bash)")
final class CompletionCommand implements Callable<Integer> {
    enum Kind {
        BASH,
        ZSH
    }

    /** The script is one for both; zsh runs it by its bashcompinit. */
    @Parameters(index = "0", paramLabel = "<shell>", description = "bash or zsh")
    private Kind kind = Kind.BASH;

    private final Shell shell;

    CompletionCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (kind == Kind.ZSH) {
            shell.out().println("autoload -U +X bashcompinit && bashcompinit");
        }
        shell.out().print(AutoComplete.bash("longshore", Main.commands(shell)));
        shell.out().flush();
        return Exit.DONE;
    }
}

package dev.longshore.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A noun with commands below it; by itself it does nothing. */
@Command(mixinStandardHelpOptions = true, synopsisSubcommandLabel = "<command>")
abstract class Group implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "'" + spec.qualifiedName() + "' takes one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}

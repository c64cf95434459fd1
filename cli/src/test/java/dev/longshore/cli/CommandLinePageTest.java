package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** docs/command-line.md has the commands and options of the program, and no others. */
class CommandLinePageTest {
    private static final Path PAGE = Path.of("../docs/command-line.md");

    private static void collect(CommandLine command, String before, Set<String> names, Set<String> options) {
        for (OptionSpec option : command.getCommandSpec().options()) {
            options.add(option.longestName());
        }
        command.getSubcommands().forEach((name, below) -> {
            if (!(below.getCommand() instanceof Group)) {
                names.add(before + name);
            }
            collect(below, before + name + " ", names, options);
        });
    }

    @Test
    void pageHasTheCommandsAndTheOptionsOfTheProgram(@TempDir Path home) throws IOException {
        String page = Files.readString(PAGE);
        Set<String> names = new TreeSet<>();
        Set<String> options = new TreeSet<>();
        collect(Main.commands(new CommandRun(home).shell()), "", names, options);

        Set<String> onPage = Pattern.compile("(?m)^\\| `([a-z-]+(?: [a-z-]+)?)[ `]")
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> optionsOnPage = Pattern.compile("--[a-z][a-z-]+")
                .matcher(page)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(onPage).isEqualTo(names);
        assertThat(options)
                .containsAll(optionsOnPage.stream()
                        .filter(option -> !option.equals("--key"))
                        .toList());
        assertThat(optionsOnPage).containsAll(options);
    }
}

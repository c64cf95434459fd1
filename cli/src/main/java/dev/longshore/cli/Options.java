package dev.longshore.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that calls the API. */
final class Options {
    @Option(
            names = "--url",
            paramLabel = "<url>",
            description = "URL of the API; else LONGSHORE_URL, else the profile's")
    @Nullable
    String url;

    @Option(names = "--profile", paramLabel = "<name>", description = "Profile of 'longshore config' to use")
    @Nullable
    String profile;

    @Option(names = "--json", description = "Print the API's JSON; lists have one object per line")
    boolean json;

    @Option(names = "--no-color", description = "Print no colors; NO_COLOR does the same")
    boolean noColor;

    @Option(names = "--debug", description = "Print where an error was thrown")
    boolean debug;
}

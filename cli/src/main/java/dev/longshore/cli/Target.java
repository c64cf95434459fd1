package dev.longshore.cli;

import dev.longshore.client.Longshore;
import dev.longshore.client.LongshoreBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which API is called, and where its key comes from.
 *
 * @param source where the URL is from, for messages
 * @param keyCommand prints the key; null when there is none for this URL
 * @param commandFirst whether it comes before LONGSHORE_KEY, which is of the environment and not of the chosen profile
 */
record Target(String url, String source, @Nullable String keyCommand, boolean commandFirst) {
    static final String LAPTOP = "http://127.0.0.1:8787";
    private static final long COMMAND_SECONDS = 60;

    /** In this order: {@code --url}, {@code --profile}, LONGSHORE_URL, the default profile, a laptop. */
    static Target of(Options options, Shell shell) throws IOException {
        Profiles profiles = Profiles.read(shell);
        Profiles.Profile chosen = options.profile == null ? null : profiles.require(options.profile);
        String variable = shell.variable("LONGSHORE_URL");
        Profiles.Profile standard = profiles.standard();
        if (options.url != null) {
            return new Target(options.url, "--url", commandOf(chosen, options.url), chosen != null);
        }
        if (chosen != null) {
            return new Target(chosen.url(), "profile " + chosen.name(), chosen.keyCommand(), true);
        }
        if (variable != null) {
            return new Target(variable, "LONGSHORE_URL", commandOf(standard, variable), false);
        }
        return standard == null
                ? new Target(LAPTOP, "the default", null, false)
                : new Target(standard.url(), "profile " + standard.name(), standard.keyCommand(), false);
    }

    /** A profile's key is sent to no other URL than the profile's. */
    private static @Nullable String commandOf(Profiles.@Nullable Profile profile, String url) {
        return profile != null && profile.url().equals(url) ? profile.keyCommand() : null;
    }

    /** With this URL and its key. */
    LongshoreBuilder client(Shell shell) throws IOException, InterruptedException {
        LongshoreBuilder builder = Longshore.builder();
        try {
            builder.url(url);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("The URL of " + source + ": " + e.getMessage());
        }
        String key = key(shell);
        try {
            return builder.key(key);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.key("The API key: " + e.getMessage());
        }
    }

    String key(Shell shell) throws IOException, InterruptedException {
        String variable = shell.variable("LONGSHORE_KEY");
        if (keyCommand != null && (commandFirst || variable == null)) {
            return byCommand(keyCommand, shell);
        }
        if (variable != null) {
            return variable.strip();
        }
        String typed = shell.inputIsTerminal() ? shell.prompt().read("API key for " + url + ": ", true) : null;
        if (typed == null || typed.isBlank()) {
            throw CommandFailure.key("No API key for " + url + ": set LONGSHORE_KEY, or a key-command by"
                    + " 'longshore config set <profile> --url " + url + " --key-command <command>'");
        }
        return typed.strip();
    }

    /** The first line that the command prints. It is the user's own, out of a file that no other user can write. */
    private static String byCommand(String command, Shell shell) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("/bin/sh", "-c", command).redirectError(ProcessBuilder.Redirect.INHERIT);
        if (shell.inputIsTerminal()) {
            builder.redirectInput(ProcessBuilder.Redirect.INHERIT); // for a passphrase
        }
        Process process = builder.start();
        String first = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("")
                .strip();
        if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw CommandFailure.key("The profile's key-command has not ended after " + COMMAND_SECONDS + " s");
        }
        if (process.exitValue() != 0 || first.isEmpty()) {
            throw CommandFailure.key("The profile's key-command ended with " + process.exitValue()
                    + (first.isEmpty() ? " and printed nothing" : "") + "; run it by itself to see why");
        }
        return first;
    }
}

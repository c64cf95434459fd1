package dev.longshore.cli;

import dev.longshore.client.LongshoreException;
import java.io.IOException;
import java.io.PrintStream;

/** What a failed command prints on standard error, and its exit code. */
final class Errors {
    private Errors() {}

    static int report(Exception e, PrintStream err, boolean debug) {
        if (debug) {
            e.printStackTrace(err);
        }
        if (e instanceof LongshoreException failed) {
            refusal(failed, err);
            return Exit.of(failed);
        }
        if (e instanceof CommandFailure failure) {
            if (!failure.text().isEmpty()) {
                print(err, failure.text());
            }
            return failure.exit();
        }
        if (e instanceof IOException) {
            print(err, "Reading or writing failed: " + e);
            return Exit.USAGE;
        }
        if (e instanceof IllegalArgumentException) { // the client's, of an argument
            print(err, String.valueOf(e.getMessage()));
            return Exit.USAGE;
        }
        print(err, "A mistake of this program: " + e + ". --debug prints where");
        return Exit.BUG;
    }

    private static void refusal(LongshoreException e, PrintStream err) {
        print(err, e.title() + ": " + e.detail());
        if (e.errors().size() > 1) {
            e.errors().forEach(error -> err.println("  " + Text.clean(error.detail())));
        } else {
            e.field().filter(field -> !e.detail().contains(field)).ifPresent(field -> err.println("  field " + field));
        }
        e.parameter().ifPresent(parameter -> err.println("  parameter " + Text.clean(parameter)));
        if (e.tries() > 1) {
            err.println("  after " + e.tries() + " requests");
        }
        e.requestId().ifPresent(id -> err.println("  request " + Text.clean(id) + " in Longshore's log"));
        if (Exit.of(e) == Exit.UNREACHABLE && e.status().isEmpty()) {
            err.println("  'longshore doctor' looks for the cause");
        }
    }

    private static void print(PrintStream err, String message) {
        err.println("longshore: " + Text.clean(message));
    }
}

package dev.longshore.cli;

/** A failure that the command line found by itself. Its message says what to do. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exit;

    private final String text;

    private CommandFailure(int exit, String text) {
        super(text);
        this.exit = exit;
        this.text = text;
    }

    static CommandFailure usage(String message) {
        return new CommandFailure(Exit.USAGE, message);
    }

    static CommandFailure key(String message) {
        return new CommandFailure(Exit.KEY, message);
    }

    /** The reader of standard output has ended, as {@code head} does: there is nothing left to do. */
    static CommandFailure outputClosed() {
        return new CommandFailure(Exit.DONE, "");
    }

    /** Empty when there is nothing to say. */
    String text() {
        return text;
    }

    int exit() {
        return exit;
    }
}

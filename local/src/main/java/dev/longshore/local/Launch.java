package dev.longshore.local;

import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/** What a main method around a local runtime needs: a start that is refused is one sentence, and Ctrl-C lets jobs end. */
public final class Launch {
    private Launch() {}

    /** A program that ends with a status. */
    @FunctionalInterface
    public interface Program {
        /** @return the process's exit status */
        int run() throws InterruptedException;
    }

    /** Runs it, and ends the process with its status; with 1 when it was refused or has failed. Does not return. */
    public static void run(Program program) {
        exitWithParent();
        System.exit(
                status(program)); // whatever happened: what was started may have threads that would keep the process
    }

    private static int status(Program program) {
        try {
            return program.run();
        } catch (IllegalArgumentException | IllegalStateException e) {
            System.err.println("Longshore did not start: " + e.getMessage());
            return 1;
        } catch (RuntimeException | Error e) {
            // made here: the program may set the log's level first
            LoggerFactory.getLogger(Launch.class).atError().setCause(e).log("Longshore failed");
            return 1;
        } catch (InterruptedException e) {
            return 1;
        }
    }

    /** Prints the welcome, and waits for SIGTERM or Ctrl-C; closes then what runs. */
    public static int untilStopped(String welcome, Runnable close) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.out.println(
                    "Stopping: no more requests, running jobs have " + Pollers.DRAIN.toSeconds() + " s to end.");
            close.run();
            System.out.println("Stopped.");
            stopped.countDown();
        }));
        System.out.println(welcome);
        stopped.await();
        return 0;
    }

    /** Maven ends on SIGTERM without stopping the process it has started. */
    private static void exitWithParent() {
        if (Boolean.getBoolean("longshore.exitWithParent")) {
            var _ = ProcessHandle.current()
                    .parent()
                    .map(parent -> parent.onExit().thenRun(() -> System.exit(0)));
        }
    }
}

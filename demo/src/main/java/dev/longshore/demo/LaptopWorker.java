package dev.longshore.demo;

import dev.longshore.examples.ExampleSettings;
import dev.longshore.examples.ExampleWorker;

/** The example tasks as they run on a laptop: {@code call-api} may call this machine, and no mail leaves it. */
public final class LaptopWorker extends ExampleWorker {
    /** With the settings of the environment, to which {@link Main} adds the mail server. */
    public LaptopWorker() {
        this(settings());
    }

    private LaptopWorker(ExampleSettings settings) {
        super(settings);
    }

    /** One that hands its mails to this mailbox, unless the environment names another server. */
    static LaptopWorker mailingThrough(Mailbox mailbox) {
        ExampleSettings settings = settings();
        return new LaptopWorker(
                settings.smtp() == null ? settings.mailingThrough("127.0.0.1", mailbox.port()) : settings);
    }

    private static ExampleSettings settings() {
        return ExampleSettings.fromEnvironment(System.getenv()).reaching(ExampleSettings.Reach.LOOPBACK);
    }
}

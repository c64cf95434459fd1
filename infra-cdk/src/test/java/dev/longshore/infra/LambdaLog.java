package dev.longshore.infra;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.slf4j.LoggerFactory;

/** What functions write to their logs, by the Logback configuration that they have in Lambda. */
final class LambdaLog implements AutoCloseable {
    private final PrintStream terminal = System.out;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    LambdaLog() {
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        configure("/longshore-lambda-logback.xml");
    }

    /** The same at a level that {@code FunctionSettings.logLevel} sets. */
    static LambdaLog ofLevel(String level) {
        System.setProperty(FunctionEnvironment.LOG_LEVEL, level);
        try {
            return new LambdaLog();
        } finally {
            System.clearProperty(FunctionEnvironment.LOG_LEVEL);
        }
    }

    /** The lines since this was last called. */
    List<String> lines() {
        List<String> lines = written.toString(StandardCharsets.UTF_8).lines().toList();
        written.reset();
        return lines;
    }

    @Override
    public void close() {
        System.setOut(terminal);
        configure("/logback-test.xml");
    }

    private static void configure(String resource) {
        URL configuration = Objects.requireNonNull(LambdaLog.class.getResource(resource), resource);
        LoggerContext logback = (LoggerContext) LoggerFactory.getILoggerFactory();
        logback.reset();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(logback);
        try {
            configurator.doConfigure(configuration);
        } catch (JoranException e) {
            throw new IllegalStateException(e);
        }
    }
}

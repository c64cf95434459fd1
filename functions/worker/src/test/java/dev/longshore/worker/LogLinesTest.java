package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.task.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The lines that Lambda's log gets, by the very configuration that is used there. */
class LogLinesTest {
    private static final String SECRET = "a secret of the payload";

    private record Line(
            String level,
            String formattedMessage,
            Map<String, String> mdc,
            @Nullable Boolean forged) {}

    private final LoggerContext logback = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final PrintStream terminal = System.out;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final WorkerStage stage = new WorkerStage();

    @BeforeEach
    void logAsInLambda() throws JoranException {
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        configure("/longshore-lambda-logback.xml");
    }

    @AfterEach
    void logAsBefore() throws JoranException {
        System.setOut(terminal);
        configure("/logback-test.xml");
    }

    @Test
    void everyLineOfARunIsJsonWithItsJobTaskAttemptAndFence() {
        stage.task("chatty", (payload, job) -> {
            job.logger().info("half done");
            return null;
        });
        JobId id = stage.enqueue("chatty");

        stage.workOnce();

        assertThat(lines()).hasSizeGreaterThanOrEqualTo(2).allSatisfy(line -> {
            assertThat(line.mdc()).isEqualTo(Map.of("job", id.text(), "task", "chatty", "attempt", "1", "fence", "1"));
            assertThat(line.level()).isEqualTo("INFO");
        });
        assertThat(lines().getFirst().formattedMessage()).isEqualTo("half done");
    }

    @Test
    void neitherPayloadsNorResultsNorErrorsMessagesAreLogged() {
        stage.task("fails", (payload, job) -> {
            throw new IllegalStateException("cannot work on " + payload.text());
        });
        stage.task("answers", (payload, job) -> payload);
        stage.task("numbers", Integer.class, (number, job) -> number);
        String payload = Json.of(SECRET).text();
        stage.enqueue("fails", payload);
        stage.enqueue("answers", payload);
        JobId undecodable = stage.enqueue("numbers", payload);
        stage.memory.queue().sendRaw(WorkerStage.POOL, SECRET);

        stage.workUntilQuiet();

        assertThat(stage.job(undecodable).state()).isEqualTo(JobState.DEAD);
        assertThat(lines()).isNotEmpty();
        assertThat(text()).doesNotContain(SECRET);
    }

    @Test
    void aLineBreakInAMessageDoesNotMakeASecondLine() {
        stage.task("chatty", (payload, job) -> {
            job.logger().info("one\n{\"level\":\"ERROR\",\"forged\":true}");
            return null;
        });
        stage.enqueue("chatty");

        stage.workOnce();

        assertThat(lines()).noneMatch(line -> line.forged() != null);
    }

    private List<Line> lines() {
        return text().lines().map(line -> Json.parse(line).as(Line.class)).toList();
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    private void configure(String resource) throws JoranException {
        URL configuration = Objects.requireNonNull(getClass().getResource(resource), resource);
        logback.reset();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(logback);
        configurator.doConfigure(configuration);
    }
}

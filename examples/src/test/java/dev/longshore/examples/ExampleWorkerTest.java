package dev.longshore.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.task.FolderFileStore;
import dev.longshore.task.Json;
import dev.longshore.task.PayloadException;
import dev.longshore.task.Task;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.TaskDescription;
import dev.longshore.task.TaskHandler;
import dev.longshore.testkit.HandlerRun;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleWorkerTest {
    @TempDir
    Path folder;

    private final TaskCatalog tasks = new ExampleWorker(ExampleSettings.none()).catalog();

    @Test
    void allAreThereInThreePools() {
        assertThat(tasks.all().stream().map(Task::name))
                .containsExactlyInAnyOrder(
                        "process-image",
                        "process-video",
                        "generate-report",
                        "rebuild-contact-sheet",
                        "send-emails",
                        "call-api",
                        "rehearse",
                        "rehearse-one-at-a-time",
                        "rehearse-long");
        assertThat(tasks.pools()).containsExactly("default", "heavy", "rehearsals");
        assertThat(tasks.find("process-video").orElseThrow().pool()).isEqualTo("heavy");
    }

    @Test
    void rehearseHasThreeAttemptsAndTenSeconds() {
        TaskDescription rehearse = tasks.find("rehearse").orElseThrow().description();

        assertThat(rehearse.maxAttempts()).isEqualTo(3);
        assertThat(rehearse.timeoutMillis()).isEqualTo(10_000);
    }

    @Test
    void everyExampleIsAPayloadOfItsTask() {
        for (Task<?, ?> task : tasks.all()) {
            TaskDescription description = task.description();
            description.payload().check(description.example());
            assertThat(task.decode(description.example())).as(task.name()).isNotNull();
        }
    }

    @Test
    void theExamplesThatWorkOnFilesDo() throws Exception {
        FolderFileStore files = new FolderFileStore(folder);
        Samples.copyInto(files);

        assertThat(run("process-image", ProcessImage.Request.class, new ProcessImage(files)))
                .isNotNull();
        assertThat(run("process-video", ProcessVideo.Request.class, new ProcessVideo(files)))
                .isNotNull();
        assertThat(run("rebuild-contact-sheet", ContactSheet.Request.class, new ContactSheet(files)))
                .isNotNull();
        assertThat(run("generate-report", GenerateReport.Request.class, new GenerateReport(files)))
                .isNotNull();
    }

    @Test
    void requiredAndUnknownFieldsAreReadFromTheShape() {
        assertRefused("process-image", "{}", "/width", "missing");
        assertRefused("process-video", "{\"file\":\"a\",\"format\":\"webm\",\"watermark\":\"x\"}", "/format", "mp4");
        assertRefused("generate-report", "{\"csv\":\"a\"}", "/title", "missing");
        assertRefused("send-emails", "{\"template\":{\"subject\":\"a\",\"text\":\"b\"}}", "/recipients", "missing");
        assertRefused("call-api", "{\"method\":\"get\",\"url\":\"http://a\"}", "/method", "GET");
        assertRefused("rehearse", "{\"failsWith\":\"hang\"}", "/failsWith", "failWith");
    }

    @Test
    void samplesAreNotWrittenOver() throws Exception {
        Samples.copyInto(new FolderFileStore(folder));
        Files.writeString(folder.resolve(Samples.SALES), "mine\n");

        Samples.copyInto(new FolderFileStore(folder));

        assertThat(folder.resolve(Samples.SALES))
                .content(StandardCharsets.UTF_8)
                .isEqualTo("mine\n");
    }

    @Test
    void settingsComeFromTheEnvironment() {
        ExampleSettings settings = ExampleSettings.fromEnvironment(
                Map.of("LONGSHORE_SMTP", "localhost:1025", "LONGSHORE_CALL_API_ALLOW_PRIVATE", "true"));

        assertThat(settings.smtp()).isEqualTo(new ExampleSettings.SmtpServer("localhost", 1025));
        assertThat(settings.reach()).isEqualTo(ExampleSettings.Reach.PRIVATE);
        assertThat(ExampleSettings.fromEnvironment(Map.of())).isEqualTo(ExampleSettings.none());
        assertThat(settings.reaching(ExampleSettings.Reach.LOOPBACK).reach()).isEqualTo(ExampleSettings.Reach.PRIVATE);
        assertThatThrownBy(() -> ExampleSettings.fromEnvironment(Map.of("LONGSHORE_SMTP", "localhost")))
                .hasMessageContaining("takes host:port");
        assertThatThrownBy(() -> ExampleSettings.fromEnvironment(Map.of("LONGSHORE_CALL_API_ALLOW_PRIVATE", "yes")))
                .hasMessageContaining("true or false");
    }

    private <I, O> O run(String task, Class<I> payload, TaskHandler<I, O> handler) {
        Json example = tasks.find(task).orElseThrow().description().example();
        return HandlerRun.of(handler, payload).runJson(example.text()).result();
    }

    private void assertRefused(String task, String payload, String pointer, String why) {
        assertThatThrownBy(() ->
                        tasks.find(task).orElseThrow().description().payload().check(Json.parse(payload)))
                .as(task)
                .isInstanceOfSatisfying(PayloadException.class, refusal -> {
                    assertThat(refusal.pointer()).isEqualTo(pointer);
                    assertThat(refusal).hasMessageContaining(why);
                });
    }
}

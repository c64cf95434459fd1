package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TaskCatalogTest {
    record Video(String file, int width) {}

    record OldVideo(String path) {}

    private final TaskCatalog tasks = new TaskCatalog();

    private Task<Video, String> add(String name) {
        return tasks.add(name, Video.class, (video, job) -> video.file());
    }

    @Test
    void aTaskWithoutSettingsHasTheDefaultsOfItsJavadoc() {
        Task<Video, String> task = add("process-video");

        assertThat(task.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(task.retry().maxAttempts()).isEqualTo(10);
        assertThat(task.pool()).isEqualTo("default");
        assertThat(task.retention()).isEqualTo(Duration.ofDays(7));
        assertThat(task.onDead()).isEmpty();
    }

    @Test
    void aTakenNameIsRefused() {
        add("a");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> add("a"))
                .withMessage("There is a task a already; names are unique in a catalogue");
    }

    @Test
    void taskIsFoundByItsNameAndByItsAliases() {
        Task<Video, String> task = add("render-video").alias("process-video").alias("video");

        assertThat(tasks.find("render-video")).contains(task);
        assertThat(tasks.find("process-video")).contains(task);
        assertThat(tasks.find("video")).contains(task);
        assertThat(tasks.all()).hasSize(1);
        assertThat(task.names())
                .isEqualTo(task.description().names())
                .containsExactly("render-video", "process-video", "video");
    }

    @Test
    void namesAndAliasesAreUniqueInACatalogue() {
        Task<Video, String> task = add("render-video").alias("process-video");
        add("echo");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> add("process-video"))
                .withMessageContaining("The task render-video has the alias process-video already");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> task.alias("echo"))
                .withMessageContaining("is a name of task echo already");
        assertThatIllegalArgumentException().isThrownBy(() -> task.alias("process-video"));
        assertThatIllegalArgumentException().isThrownBy(() -> task.alias("render-video"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> task.alias("longshore-video"))
                .withMessageContaining("begins with longshore-");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> task.alias("Video"))
                .withMessageContaining("cannot be an alias of task render-video");
        assertThat(task.names()).containsExactly("render-video", "process-video");
    }

    @Test
    void descriptionFromBeforeThereWereAliasesHasNone() {
        String written = Json.of(add("a").alias("b").description()).text();
        String before = written.replace(",\"aliases\":[\"b\"]", "");
        assertThat(before).isNotEqualTo(written);

        assertThat(Json.parse(written).as(TaskDescription.class).names()).containsExactly("a", "b");
        assertThat(Json.parse(before).as(TaskDescription.class).names()).containsExactly("a");
    }

    @Test
    void namesAreOneToSixtyFourOfLowerCaseLettersDigitsAndHyphens() {
        for (String good : List.of("a", "a1", "process-video", "a".repeat(64))) {
            assertThat(add(good).name()).isEqualTo(good);
        }
        for (String bad : List.of("", "A", "1a", "-a", "a-", "a_b", "a b", "\u00e9", "a".repeat(65), "a\n")) {
            assertThatIllegalArgumentException()
                    .as(bad)
                    .isThrownBy(() -> add(bad))
                    .withMessageContaining("as in process-video");
        }
    }

    @Test
    void aPoolMayNotBeNamedLikeAnothersDeadLetterQueue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> add("a").pool("heavy-dlq"))
                .withMessageContaining("heavy-dlq")
                .withMessageContaining("dead-letter queues");
    }

    @Test
    void settingsOutsideTheirLimitsAreRefusedWithTheTaskAndTheNumbers() {
        Task<Video, String> task = add("slow");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> task.timeout(Duration.ofHours(13)))
                .withMessage("The time-out of task slow takes a duration from PT1S to PT12H, and got PT13H");
        assertThatIllegalArgumentException().isThrownBy(() -> task.timeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> task.retention(Duration.ofDays(366)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> task.cancelGrace(Duration.ofMillis(-1)))
                .withMessageContaining("The cancel grace of task slow");
        assertThatIllegalArgumentException().isThrownBy(() -> task.retention(Duration.ofHours(23)));
    }

    @Test
    void anOlderPayloadIsReadAsItsTaskSays() {
        Task<Video, String> task = add("process-video").alsoReads(OldVideo.class, old -> new Video(old.path(), 640));

        assertThat(task.decode(Json.parse("{\"file\":\"a\",\"width\":1}"))).isEqualTo(new Video("a", 1));
        assertThat(task.decode(Json.parse("{\"path\":\"b\"}"))).isEqualTo(new Video("b", 640));
    }

    record Person(String name, Optional<String> city) {}

    record PersonOfTwo(String firstName, String lastName) {}

    record PersonOfOne(String firstName) {}

    @Test
    void aRenamedFieldIsReadByTheOlderFormThoughTheCurrentOneCouldDoWithoutIt() {
        Task<Person, String> task = tasks.add("greet", Person.class, (person, job) -> person.name())
                .alsoReads(
                        PersonOfTwo.class, old -> new Person(old.firstName() + " " + old.lastName(), Optional.empty()))
                .alsoReads(PersonOfOne.class, old -> new Person(old.firstName(), Optional.of("?")));

        assertThat(task.decode(Json.parse("{\"firstName\":\"Ann\",\"lastName\":\"Lee\"}")))
                .isEqualTo(new Person("Ann Lee", Optional.empty()));
        assertThat(task.decode(Json.parse("{\"firstName\":\"Ann\"}"))).isEqualTo(new Person("Ann", Optional.of("?")));
    }

    record Loose(Optional<String> name) {}

    @Test
    void anUnknownFieldHasTheOlderFormsTriedBeforeItIsPassedOver() {
        Task<Loose, String> task = tasks.add("greet", Loose.class, (loose, job) -> "")
                .alsoReads(PersonOfOne.class, old -> new Loose(Optional.of("older " + old.firstName())));

        assertThat(task.decode(Json.parse("{\"firstName\":\"Ann\"}"))).isEqualTo(new Loose(Optional.of("older Ann")));
        assertThat(task.decode(Json.parse("{\"name\":\"Ann\",\"newer\":1}"))).isEqualTo(new Loose(Optional.of("Ann")));
        assertThat(task.decode(Json.parse("{\"firstName\":\"Ann\",\"newer\":1}")))
                .as("the current form passes over both fields before an older one passes over any")
                .isEqualTo(new Loose(Optional.empty()));
    }

    @Test
    void anOlderFormPassesOverUnknownFieldsWhenTheCurrentOneLacksARequiredField() {
        Task<Video, String> task = add("process-video").alsoReads(OldVideo.class, old -> new Video(old.path(), 640));

        assertThat(task.decode(Json.parse("{\"path\":\"b\",\"newer\":1}"))).isEqualTo(new Video("b", 640));
    }

    @Test
    void anExampleThatTheTaskItselfWouldRefuseIsRefusedAtItsLine() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        add("process-video").example(Json.parse("{\"width\":1}").as(Video.class)))
                .withMessage(
                        "The example of task process-video is none that it takes: /file takes a string, and got null");
    }

    @Test
    void whatNoFormReadsIsRefusedForTheReasonOfTheCurrentOne() {
        Task<Video, String> task = add("process-video").alsoReads(OldVideo.class, old -> new Video(old.path(), 640));

        assertThatThrownBy(() -> task.decode(Json.parse("{\"file\":\"a\",\"width\":\"wide\"}")))
                .isInstanceOfSatisfying(
                        PayloadException.class,
                        refusal -> assertThat(refusal.pointer()).isEqualTo("/width"));
    }

    @Test
    void anOlderPayloadWhoseConversionFailsIsRefusedAndNoMistakeOfThePlatform() {
        Task<Video, String> task = add("process-video").alsoReads(OldVideo.class, old -> {
            throw new IllegalStateException("no " + old.path());
        });

        assertThatThrownBy(() -> task.decode(Json.parse("{\"path\":\"b\"}")))
                .isInstanceOf(PayloadException.class)
                .hasMessage("is missing");
    }

    @Test
    void aPayloadWithoutAComponentThatMustBeThereIsRefusedAndOneWithANewerFieldIsRead() {
        Task<Video, String> task = add("process-video");

        assertThatThrownBy(() -> task.decode(Json.parse("{\"width\":1}")))
                .isInstanceOf(PayloadException.class)
                .hasMessage("is missing");
        assertThat(task.decode(Json.parse("{\"file\":\"a\",\"width\":1,\"codec\":\"av1\"}")))
                .isEqualTo(new Video("a", 1));
    }

    @Test
    void aDescriptionTravelsAsJson() {
        add("process-video").pool("heavy").example(new Video("a.mp4", 320));

        List<TaskDescription> read = List.of(Json.of(tasks.descriptions()).as(TaskDescription[].class));

        assertThat(read).isEqualTo(tasks.descriptions());
    }

    @Test
    void aPoolsNumbersFollowFromItsTasks() {
        add("quick")
                .timeout(Duration.ofSeconds(10))
                .retry(RetryPolicy.exponential().maxAttempts(3));
        add("slow")
                .timeout(Duration.ofMinutes(2))
                .retry(RetryPolicy.exponential().maxAttempts(20));
        add("heavy").timeout(Task.LONGEST_TIMEOUT).pool("heavy");

        PoolPlan plan = PoolPlan.of("default", tasks.descriptions());

        assertThat(plan.functionTimeout()).isEqualTo(Duration.ofSeconds(135));
        assertThat(plan.visibilityTimeout()).isEqualTo(Duration.ofSeconds(810));
        assertThat(plan.maxReceiveCount()).isEqualTo(70);
        assertThat(plan.batchSize()).isEqualTo(10);
        assertThat(plan.memoryMiB()).isEqualTo(1_024);
        assertThat(PoolPlan.of("heavy", tasks.descriptions()).functionTimeout()).isEqualTo(Duration.ofMinutes(15));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PoolPlan.of("empty", tasks.descriptions()))
                .withMessageContaining("The pool empty has no task");
    }

    @Test
    void aHungryTaskMakesSmallerBatchesAndALargerFunction() {
        add("quick");
        add("scale").memoryMiB(900);
        add("encode").memoryMiB(6_000).pool("heavy");

        PoolPlan plan = PoolPlan.of("default", tasks.descriptions());
        PoolPlan heavy = PoolPlan.of("heavy", tasks.descriptions());

        assertThat(List.of(plan.batchSize(), plan.memoryMiB())).containsExactly(4, 384 + 4 * 900);
        assertThat(List.of(heavy.batchSize(), heavy.memoryMiB())).containsExactly(1, 384 + 6_000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> add("greedy").memoryMiB(122_497))
                .withMessageContaining("takes 1 to 122496 MiB, and got 122497");
    }

    @Test
    void namesOfLongshoresOwnTasksAreReserved() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TaskCatalog().add("longshore-redrive", Json.class, (payload, job) -> null))
                .withMessageContaining("begins with longshore-");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskCatalog.ofReservedNames().add("redrive", Json.class, (payload, job) -> null))
                .withMessageContaining("does not begin with longshore-");

        TaskCatalog ours = TaskCatalog.ofReservedNames();
        ours.add("longshore-redrive", Json.class, (payload, job) -> null);
        assertThat(ours.find("longshore-redrive")).isPresent();
    }

    // ---- schedules

    @Test
    void aTaskDeclaresItsSchedulesAndTheyAreInItsDescriptionAsData() {
        ScheduleSpec weekly = ScheduleSpec.cron("@weekly", ZoneId.of("UTC"))
                .payload(new Video("a.mp4", 2))
                .overlap(ScheduleSpec.Overlap.SKIP)
                .catchUpAll(7)
                .jitter(Duration.ofMinutes(2))
                .maxAttempts(4)
                .tags("blue");
        tasks.add("clean", Json.class, (payload, job) -> null).every("0 3 * * *", ZoneId.of("Europe/Berlin"));
        add("process-video").every("weekly", weekly);

        String written = Json.of(tasks.descriptions()).text();
        TaskDescription[] read = new Json(written).as(TaskDescription[].class);

        assertThat(read[0].schedules())
                .isEqualTo(Map.of("clean", ScheduleSpec.cron("0 3 * * *", ZoneId.of("Europe/Berlin"))));
        assertThat(read[1].schedules()).isEqualTo(Map.of("weekly", weekly));
        assertThat(Json.of(read).text()).isEqualTo(written);
    }

    @Test
    void aCatalogueThatWasWrittenBeforeThereWereSchedulesHasNone() {
        add("process-video");
        String written = Json.of(tasks.descriptions()).text().replace(",\"schedules\":{}", "");

        assertThat(new Json(written).as(TaskDescription[].class)[0].schedules()).isEmpty();
    }

    @Test
    void aScheduleWhosePayloadItsTaskCannotReadIsRefusedAtItsLine() {
        Task<Video, String> task = add("process-video");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> task.every("@daily", ZoneId.of("UTC")))
                .withMessageContaining(
                        "The schedule process-video has a payload that the task process-video cannot read")
                .withMessageContaining("/file is missing")
                .withMessageContaining("payload(");
    }

    @Test
    void aScheduleNameThatIsTakenInTheCatalogueIsRefused() {
        ScheduleSpec daily = ScheduleSpec.cron("@daily", ZoneId.of("UTC"));
        tasks.add("a", Json.class, (payload, job) -> null).every("nightly", daily);

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> tasks.add("b", Json.class, (payload, job) -> null).every("nightly", daily))
                .withMessageContaining("There is a schedule nightly already");
    }

    @Test
    void longestChainIsAThousandJobsWhenNotSetAndAMillionAtMost() {
        assertThat(add("usual").longestChain()).isEqualTo(1_000);
        assertThat(add("long").longestChain(1_000_000).longestChain()).isEqualTo(1_000_000);
        for (int outside : new int[] {0, 1_000_001}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> add("t" + outside).longestChain(outside))
                    .withMessageContainingAll("t" + outside, "1 to 1,000,000", "" + outside);
        }
    }

    @Test
    void impossibleSettingsOfAScheduleAreRefusedWithTheirNumbers() {
        ScheduleSpec daily = ScheduleSpec.cron("@daily", ZoneId.of("UTC"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScheduleSpec.cron("0 25 * * *", ZoneId.of("UTC")))
                .withMessageContaining("has the hour '25', and it takes 0 to 23");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScheduleSpec.cron("@daily", ZoneId.of("+02:00")))
                .withMessageContaining("'+02:00' is no time zone");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> daily.catchUpAll(1_001))
                .withMessageContaining("from 1 to 1000 missed instants, and got 1001");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> daily.jitter(Duration.ofDays(2)))
                .withMessageContaining("jitter");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> daily.payload("x".repeat(70_000)))
                .withMessageContaining("65536 bytes, and got 70002");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> daily.maxAttempts(101))
                .withMessageContaining("1 to 100");
    }
}

package dev.longshore.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The client against the API's contract. */
class ContractTest {
    private static final JsonNode CONTRACT = contract();
    private static final Set<String> PAGES_OF_THE_DASHBOARD =
            Set.of("GET /", "GET /dashboard.js", "GET /dashboard.css");

    private static final List<Consumer<Longshore>> CALLS = List.of(
            l -> l.enqueue("t", Map.of()),
            l -> l.enqueueAll(List.of(JobRequest.of("t"))),
            l -> l.upload(Map.of()),
            l -> l.get("i"),
            l -> l.payload("i"),
            l -> readAll(l.list(JobFilter.all())),
            l -> l.cancel("i"),
            l -> l.retry("i"),
            l -> l.runNow("i"),
            l -> l.rerun("i"),
            l -> l.deadJobs().retry(DeadFilter.all()),
            l -> l.deadJobs().purge(DeadFilter.all()),
            l -> l.deadJobs().groups(),
            l -> readAll(l.quarantine().list()),
            l -> l.quarantine().get("i"),
            l -> l.quarantine().delete("i"),
            l -> readAll(l.operatorLog(Period.recent())),
            l -> l.keys().create(KeyRequest.of("n", Scope.READ)),
            l -> readAll(l.keys().list()),
            l -> l.keys().get("i"),
            l -> l.keys().revoke("i"),
            l -> l.keys().rotate("i", Duration.ZERO),
            l -> readAll(l.schedules().list()),
            l -> l.schedules().get("i"),
            l -> l.schedules().put("i", ScheduleRequest.cron("t", "@daily")),
            l -> l.schedules().delete("i"),
            l -> l.schedules().run("i"),
            l -> l.schedules().pause("i"),
            l -> l.schedules().resume("i"),
            l -> l.tasks().list(),
            l -> l.tasks().pause("i"),
            l -> l.tasks().resume("i"),
            l -> l.queues().list(),
            l -> l.queues().pause("i"),
            l -> l.queues().resume("i"),
            l -> l.limits().list(),
            l -> l.limits().set("i", 5),
            l -> l.limits().reset("i"),
            l -> l.ledger().read(Period.recent()),
            l -> l.ledger().audit(),
            l -> l.stats(Period.recent()),
            Longshore::health,
            Longshore::contract);

    @Test
    void everyOperationOfTheContractHasAMethodAndNoMethodHasAnother() {
        Set<String> sent = new ConcurrentSkipListSet<>();
        try (Longshore longshore = Longshore.builder()
                .url("http://longshore.invalid")
                .key("ls_a_b")
                .exchange(request -> {
                    sent.add(request.method() + " "
                            + template(request.method(), request.uri().getPath()));
                    return new Exchange.Answer(400, Map.of(), new byte[0]);
                })
                .build()) {
            for (Consumer<Longshore> call : CALLS) {
                try {
                    call.accept(longshore);
                } catch (RefusedException answered) {
                    assertThat(answered.status()).hasValue(400);
                }
            }
        }

        Set<String> operations = new TreeSet<>();
        CONTRACT.get("paths")
                .properties()
                .forEach(path -> path.getValue().propertyNames().stream()
                        .filter(method -> !method.equals("parameters"))
                        .forEach(method ->
                                operations.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
        operations.removeAll(PAGES_OF_THE_DASHBOARD);
        assertThat(operations).hasSizeGreaterThan(35);
        assertThat(sent).containsExactlyElementsOf(operations);
    }

    private static void readAll(Stream<?> items) {
        items.forEach(item -> assertThat(item).isNotNull());
    }

    /** The path of the contract that this one is; itself when there is none. */
    private static String template(String method, String path) {
        String name = method.toLowerCase(java.util.Locale.ROOT);
        if (CONTRACT.get("paths").path(path).has(name)) {
            return path;
        }
        return CONTRACT.get("paths").properties().stream()
                .filter(one -> one.getValue().has(name))
                .map(Map.Entry::getKey)
                .filter(one -> Pattern.matches(one.replaceAll("\\{\\w+}", "[^/]+"), path))
                .findFirst()
                .orElse(path);
    }

    @Test
    void answersHaveTheFieldsOfTheContract() {
        assertThat(fields(Job.class)).isEqualTo(schema("Job"));
        assertThat(fields(Job.Step.class)).isEqualTo(schema("Step"));
        assertThat(fields(Job.Failed.class)).isEqualTo(schema("Error"));
        assertThat(fields(Schedule.class)).isEqualTo(schema("Schedule"));
        assertThat(fields(ApiKey.class)).isEqualTo(schema("Key"));
        assertThat(fields(TaskInfo.class)).isEqualTo(schema("Task"));
        assertThat(fields(Queue.class)).isEqualTo(schema("Queue"));
        assertThat(fields(Limit.class)).isEqualTo(schema("Limit"));
        assertThat(fields(Limit.Key.class)).isEqualTo(schema("LimitKey"));
        assertThat(fields(Paused.class)).isEqualTo(schema("Paused"));
        assertThat(fields(PauseState.class)).isEqualTo(schema("PauseState"));
        assertThat(fields(DeadGroups.class)).isEqualTo(schema("DeadLetters"));
        assertThat(fields(DeadGroups.Group.class)).isEqualTo(schema("DeadGroup"));
        assertThat(fields(DeadCount.class)).isEqualTo(schema("DryRun"));
        assertThat(fields(QuarantinedMessage.class)).isEqualTo(schema("Quarantined"));
        assertThat(fields(Ledger.class)).isEqualTo(schema("Ledger"));
        assertThat(fields(Stats.class)).isEqualTo(schema("Stats"));
        assertThat(fields(Stats.Percentiles.class)).isEqualTo(schema("Percentiles"));
        assertThat(fields(KeyRequest.class)).isEqualTo(schema("NewKey"));
        assertThat(Stream.of(JobState.values()).map(Enum::name).filter(name -> !name.equals("OTHER")))
                .containsExactlyElementsOf(CONTRACT.at("/components/schemas/State/enum")
                        .valueStream()
                        .map(JsonNode::asString)
                        .toList());
    }

    @Test
    void nestedAnswersAreRead() {
        Ledger ledger = Json.read(Json.MAPPER.readTree("""
                {"balanced": true, "explanation": "e", "from": "2026-11-24T13:00:00.000Z", "to": "2026-11-24T14:00:00.000Z",
                 "totals": {"accepted": 3, "succeeded": 2, "dead": 1, "cancelled": 0, "waiting": 0, "running": 0, "missing": 0, "mended": 0},
                 "hours": [{"hour": "2026-11-24T13:00:00.000Z", "accepted": 3, "succeeded": 2, "dead": 1, "countedAt": "2026-11-24T14:16:02.113Z",
                  "closed": true}]}"""), Ledger.class, "ledger");
        CreatedKey key = Json.read(Json.MAPPER.readTree("""
                {"id": "9f2c41d07a", "name": "shop", "scopes": ["enqueue", "later"], "createdAt": "2026-11-28T04:40:12.301Z", "key": "ls_a_b"}"""), CreatedKey.class, "key");

        assertThat(ledger.totals().accepted()).isEqualTo(3);
        assertThat(ledger.hours().get(0).counts().succeeded()).isEqualTo(2);
        assertThat(ledger.hours().get(0).closed()).isTrue();
        assertThat(key.about().id()).isEqualTo("9f2c41d07a");
        assertThat(key.about().scopes()).containsExactly(Scope.ENQUEUE, Scope.OTHER);
        assertThat(key.key()).isEqualTo("ls_a_b");
    }

    private static Set<String> fields(Class<?> record) {
        return Stream.of(record.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> schema(String name) {
        return new TreeSet<>(
                CONTRACT.at("/components/schemas/" + name + "/properties").propertyNames());
    }

    private static JsonNode contract() {
        try {
            return Json.MAPPER.readTree(Files.readString(Path.of("../functions/api/src/main/resources/openapi.json")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

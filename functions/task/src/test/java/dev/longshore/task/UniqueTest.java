package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** By which payloads the jobs of a task are one. */
class UniqueTest {
    record Line(String sku) {}

    record Order(String id, @Nullable Line first, Map<String, String> labels, Json free) {}

    private final TaskCatalog tasks = new TaskCatalog();

    @Test
    void namesDotsAndPointersNameTheSameFields() {
        assertThat(Unique.by("id", "first.sku", "/labels/a~1b", "a/b").fields())
                .containsExactly("/id", "/first/sku", "/labels/a~1b", "/a~1b");
    }

    @Test
    void payloadsOfTheSameMeaningHaveTheSameText() {
        Unique unique = Unique.by("a", "b.c");

        String text = unique.textOf(Json.parse("{\"a\":600,\"b\":{\"c\":[1,{\"x\":1,\"y\":2}]},\"d\":1}"));

        assertThat(unique.textOf(Json.parse("{\"b\":{\"c\":[1.0,{\"y\":2,\"z\":null,\"x\":1}]},\"a\":6e2}")))
                .isEqualTo(text);
        assertThat(unique.textOf(Json.parse("{\"a\":\"600\",\"b\":{\"c\":[1,{\"x\":1,\"y\":2}]}}")))
                .isNotEqualTo(text);
        assertThat(unique.textOf(Json.parse("{\"b\":{\"c\":null}}"))).isEqualTo(unique.textOf(Json.parse("{}")));
        assertThat(unique.textOf(Json.parse("{\"a\":1}"))).isNotEqualTo(unique.textOf(Json.parse("{\"b\":{\"c\":1}}")));
    }

    @Test
    void wholePayloadIsComparedWithoutItsNulls() {
        Unique unique = Unique.ofPayload();

        assertThat(unique.textOf(Json.parse("{\"a\":1,\"b\":null}")))
                .isEqualTo(unique.textOf(Json.parse("{\"a\":1.0}")));
        assertThat(unique.textOf(Json.parse("{\"a\":1}"))).isNotEqualTo(unique.textOf(Json.parse("{\"a\":2}")));
    }

    @Test
    void fieldsThatNoPayloadHasAreRefused() {
        Task<Order, Object> task = tasks.add("t", Order.class, (order, job) -> Optional.empty());

        task.unique(Unique.by("id", "first.sku", "labels.any", "free.any.thing"));

        for (String field : List.of("idd", "first.sk", "id.x")) {
            assertThatThrownBy(() -> task.unique(Unique.by(field)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("task t")
                    .hasMessageContaining("/" + field.replace('.', '/'));
        }
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        Unique replaced = Unique.by("a").onDuplicate(OnDuplicate.REPLACE).debounceMax(Duration.ofMinutes(1));

        assertThat(replaced.debounceMax()).isEqualTo(Duration.ofMinutes(1));
        assertThatThrownBy(() -> Unique.by("a").debounceMax(Duration.ofMinutes(1)))
                .hasMessageContaining("OnDuplicate.REPLACE");
        assertThatThrownBy(() -> replaced.onDuplicate(OnDuplicate.KEEP)).hasMessageContaining("debounceMax");
        assertThatThrownBy(() -> replaced.debounceMax(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(Unique::by).hasMessageContaining("ofPayload");
        for (String name : List.of("", ".a", "a.", "a..b")) {
            assertThatThrownBy(() -> Unique.by(name)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void descriptionIsDataAndOneFromBeforeThereWereUniqueTasksHasNone() {
        tasks.add("t", Order.class, (order, job) -> Optional.empty())
                .unique(Unique.by("id").onDuplicate(OnDuplicate.REPLACE).debounceMax(Duration.ofMinutes(1)));
        TaskDescription task = tasks.descriptions().getFirst();
        Json written = Json.of(task);

        assertThat(written.as(TaskDescription.class).unique()).isEqualTo(task.unique());
        String before = written.text().replaceAll(",?\"unique\":\\{[^}]*}", "");
        assertThat(Json.parse(before).as(TaskDescription.class).unique()).isNull();
    }
}

package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits as the code declares them. */
class LimitTest {
    private final TaskCatalog tasks = new TaskCatalog();

    @Test
    void aLimitTakesOneToAThousandJobs() {
        assertThat(Limit.concurrent(1).byKey()).isFalse();
        assertThat(Limit.concurrent(1_000).perKey()).isEqualTo(new Limit(1_000, true));
        for (int jobs : new int[] {0, -1, 1_001}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Limit.concurrent(jobs))
                    .withMessageContaining("takes 1 to 1000 jobs at once, and got " + jobs);
        }
    }

    @Test
    void aTaskWithoutLimitsHasNone() {
        assertThat(add("a").limits()).isEmpty();
    }

    @Test
    void aTasksOwnLimitHasItsName() {
        assertThat(add("a").limit(Limit.concurrent(2)).limits())
                .containsExactly(new NamedLimit("a", Limit.concurrent(2)));
    }

    @Test
    void limitsAreInTheOrderOfTheirNamesWhateverTheOrderOfTheCode() {
        tasks.limit("z-api", Limit.concurrent(3)).limit("b-api", Limit.concurrent(4));

        assertThat(add("m").uses("z-api")
                        .limit(Limit.concurrent(2))
                        .uses("b-api")
                        .limits())
                .extracting(NamedLimit::name)
                .containsExactly("b-api", "m", "z-api");
    }

    @Test
    void aLimitThatTheCatalogueDoesNotHaveIsRefusedWithTheNearestName() {
        tasks.limit("crm-api", Limit.concurrent(3));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> add("a").uses("crm-ap"))
                .withMessageContaining("did you mean 'crm-api'?");
    }

    @Test
    void aNameIsOneLimitsAlone() {
        tasks.limit("crm-api", Limit.concurrent(3));
        add("a");

        assertThatIllegalArgumentException().isThrownBy(() -> tasks.limit("crm-api", Limit.concurrent(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> tasks.limit("a", Limit.concurrent(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> tasks.limit("No", Limit.concurrent(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> add("crm-api").limit(Limit.concurrent(1)))
                .withMessageContaining("give the shared one another name");
    }

    @Test
    void limitsAreDataOfTheDescriptionAndAnOlderOneHasNone() {
        Task<Json, Object> task = add("a").limit(Limit.concurrent(2).perKey());

        Json written = Json.of(task.description());
        TaskDescription read = written.as(TaskDescription.class);
        assertThat(read.limits())
                .containsExactly(new NamedLimit("a", Limit.concurrent(2).perKey()));

        String older = written.text().replaceFirst(",\"limits\":\\[.*?]", "");
        assertThat(older).doesNotContain("limits");
        assertThat(Json.parse(older).as(TaskDescription.class).limits()).isEqualTo(List.of());
    }

    private Task<Json, Object> add(String name) {
        return tasks.add(name, Json.class, (payload, job) -> "done");
    }
}

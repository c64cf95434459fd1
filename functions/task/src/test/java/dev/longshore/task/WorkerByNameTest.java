package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerByNameTest {
    /** A worker as the dead-letter function sees it. */
    public static final class Mourner implements CatalogSource {
        private final TaskCatalog tasks = new TaskCatalog();

        public Mourner() {
            tasks.add("t", Json.class, (payload, job) -> null).onDead(dead -> {});
        }

        @Override
        public TaskCatalog catalog() {
            return tasks;
        }
    }

    /** A worker that needs a variable which the function does not have. */
    public static final class Failing implements CatalogSource {
        public Failing() {
            throw new IllegalArgumentException("PAGER_URL is not set");
        }

        @Override
        public TaskCatalog catalog() {
            throw new AssertionError("it was never constructed");
        }
    }

    static final class Hidden implements CatalogSource {
        @Override
        public TaskCatalog catalog() {
            return new TaskCatalog();
        }
    }

    @Test
    void workerThatTheEnvironmentNamesBringsItsHooks() {
        TaskCatalog tasks = named(Mourner.class.getName()).catalog();

        assertThat(tasks.find("t").orElseThrow().onDead()).isPresent();
    }

    @Test
    void withoutANameThereIsNoWorker() {
        assertThat(WorkerByName.of(Map.of(), CatalogSource.class)).isEmpty();
    }

    @Test
    void classThatIsNoUsableWorkerIsRefusedWithTheReason() {
        assertRefused("com.example.Gone", "is not in the worker's jar");
        assertRefused(
                Failing.class.getName(),
                "failed in its constructor: java.lang.IllegalArgumentException: PAGER_URL is not set");
        assertRefused(Hidden.class.getName(), "has to be a public class with a public constructor without arguments");
        assertRefused(String.class.getName(), "has no task catalogue; name the class that extends WorkerFunction");
    }

    private static void assertRefused(String worker, String why) {
        assertThatIllegalStateException()
                .isThrownBy(() -> named(worker))
                .withMessage("The class " + worker + " that LONGSHORE_WORKER names " + why);
    }

    private static CatalogSource named(String worker) {
        return WorkerByName.of(Map.of("LONGSHORE_WORKER", worker), CatalogSource.class)
                .orElseThrow();
    }
}

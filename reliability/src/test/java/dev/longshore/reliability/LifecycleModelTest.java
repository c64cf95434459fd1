package dev.longshore.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every state that a job can come to, and the page that says so. */
class LifecycleModelTest {
    private static final LifecyclePage PAGE = LifecyclePage.read(Path.of("..", "docs", "lifecycle.md"));

    @Test
    @Timeout(3_600)
    void whatCanHappenIsWhatThePageSaysAndNothingIsLostInAnyState() {
        boolean all = Boolean.getBoolean("reliability.long");
        LifecycleModel model = new LifecycleModel(all ? LifecycleModel.LONG : LifecycleModel.USUAL);
        long start = System.nanoTime();

        assertThat(model.compare(PAGE)).isEmpty();

        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "Model, %d steps reachable, in %.1f s: %s%n",
                model.steps().size(), seconds, String.join("; ", model.figures()));
    }

    @Test
    void aPageThatSaysOtherwiseIsFound() {
        LifecycleModel small = new LifecycleModel(List.of(new ModelBounds(1, 1, false, false, false)));

        assertThat(small.compare(PAGE))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("on the page, and not reachable"))
                .anyMatch(line -> line.endsWith("DEAD -redrive-> QUEUED"));
    }
}

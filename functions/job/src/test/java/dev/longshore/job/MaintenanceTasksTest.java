package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MaintenanceTasksTest {
    @Test
    void theyRunInTheUsualPoolIfThereIsOneElseInTheFirst() {
        assertThat(MaintenanceTasks.pool(new TreeSet<>(List.of("bulk", "default", "video"))))
                .isEqualTo("default");
        assertThat(MaintenanceTasks.pool(new TreeSet<>(List.of("video", "bulk"))))
                .isEqualTo("bulk");
    }
}

package dev.longshore.job.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.RunsAs;
import dev.longshore.task.Json;
import dev.longshore.task.PayloadType;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MaintenanceTasksTest {
    @Test
    void theyRunInTheUsualPoolIfThereIsOneElseInTheFirst() {
        assertThat(RunsAs.maintenancePool(new TreeSet<>(List.of("bulk", "default", "video"))))
                .isEqualTo("default");
        assertThat(RunsAs.maintenancePool(new TreeSet<>(List.of("video", "bulk"))))
                .isEqualTo("bulk");
    }

    /** An order may wait in the queue while the deployment that gave tasks aliases runs. */
    @Test
    void ordersFromBeforeThereWereAliasesAreStillRead() {
        MaintenanceTasks.Redrive redrive = PayloadType.of(MaintenanceTasks.Redrive.class)
                .read(new Json(
                        "{\"filter\":{\"task\":\"echo\",\"from\":null},\"limit\":5,\"canary\":false,\"by\":\"ops\"}"));
        MaintenanceTasks.Purge purge =
                PayloadType.of(MaintenanceTasks.Purge.class).read(new Json("{\"filter\":{\"tag\":\"a\"},\"limit\":5}"));

        assertThat(redrive.filter()).isEqualTo(new DeadFilter("echo", null, null, null, null, null, List.of()));
        assertThat(purge.filter()).isEqualTo(new DeadFilter(null, null, null, null, null, "a", List.of()));
    }
}

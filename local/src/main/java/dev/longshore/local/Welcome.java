package dev.longshore.local;

import dev.longshore.task.Json;
import dev.longshore.task.TaskDescription;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a runtime says when it is up: a first job, ready to paste. */
final class Welcome {
    private Welcome() {}

    /** @param tasks at least one; the first that has an example is taken */
    static String text(URI url, String key, Path files, List<TaskDescription> tasks) {
        TaskDescription task =
                tasks.stream().filter(one -> one.example() != null).findFirst().orElse(tasks.getFirst());
        Object payload = task.example() == null ? Map.of() : task.example();
        return """

                Longshore is up: %1$s   (dashboard: the same address in a browser)
                Files:  %3$s
                Key:    %2$s

                A first job, ready to paste:

                  curl -s %1$s/v1/jobs -H 'Authorization: Bearer %2$s' -H 'Content-Type: application/json' \\
                    -d '{"task": "%4$s", "payload": %5$s}'

                and its result:

                  curl -s %1$s/v1/jobs/<id> -H 'Authorization: Bearer %2$s'

                Ctrl-C stops it; jobs that wait are there again at the next start.
                """.formatted(
                        url,
                        key,
                        files,
                        task.name(),
                        Json.of(payload).text().replace("'", "'\\''")); // within the shell's quotes
    }
}

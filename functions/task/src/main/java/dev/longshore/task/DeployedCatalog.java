package dev.longshore.task;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The tasks of a deployed function: a resource of its jar, made from the worker's catalogue when the stack is synthesized.
 * An array of {@link TaskDescription}s.
 */
public final class DeployedCatalog {
    /** The resource's name. */
    public static final String RESOURCE = "longshore-catalog.json";

    private DeployedCatalog() {}

    /** @throws IllegalStateException when the jar has no such resource */
    public static List<TaskDescription> read() {
        try (InputStream in = DeployedCatalog.class.getResourceAsStream("/" + RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(
                        "The resource " + RESOURCE + " is not in the function's jar; the CDK construct puts it there");
            }
            return List.of(Json.mapper().readValue(in, TaskDescription[].class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

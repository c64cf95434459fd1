package dev.longshore.task;

/**
 * What has a task catalogue: a team's worker class, as a rule. The dead-letter function gets the {@code onDead} hooks of a
 * worker by it, and so does not depend on workers.
 */
@FunctionalInterface
public interface CatalogSource {
    /** The tasks; the same catalogue at each call. */
    TaskCatalog catalog();
}

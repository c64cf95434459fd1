package dev.longshore.task;

/**
 * A limit under its name: the one of {@link TaskCatalog#limit}, or the task's for a limit of one task alone.
 *
 * @param name what {@code GET /v1/limits} lists it as
 */
public record NamedLimit(String name, Limit limit) {}

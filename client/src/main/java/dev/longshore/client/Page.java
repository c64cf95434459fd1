package dev.longshore.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param items may be fewer than the page's size, or none, while there are more
 * @param cursor for the next page; null after the last one
 */
public record Page<T>(List<T> items, @Nullable String cursor) {}

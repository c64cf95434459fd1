package dev.longshore.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list. A call reads a bounded number of rows, so a page may have few items, or none, before the end of the list.
 *
 * @param <P> a place in the list
 * @param next where the next page begins; null at the end of the list
 */
public record Page<T, P>(List<T> items, @Nullable P next) {}

package dev.longshore.job.aws;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a query found.
 *
 * @param last the key after which the next page starts; null at the end
 */
record Found(List<Item> items, @Nullable Item last) {

    /** What of these items can be read; see {@link Item#readable}. */
    <T> List<T> readable(Function<Item, T> read) {
        return items.stream().flatMap(item -> item.readable(read).stream()).toList();
    }

    /** Where the next page starts, made of its key; null at the end. */
    <T> @Nullable T next(Function<Item, T> cursor) {
        return last == null ? null : cursor.apply(last);
    }
}

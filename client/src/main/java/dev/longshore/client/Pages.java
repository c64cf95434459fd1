package dev.longshore.client;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** All items of a list, one page after the other, each read when its first item is needed. */
final class Pages<T> implements Iterator<T> {
    private final Function<@Nullable String, Page<T>> read;
    private Iterator<T> items = Collections.emptyIterator();
    private @Nullable String cursor;
    private boolean last;

    private Pages(Function<@Nullable String, Page<T>> read) {
        this.read = read;
    }

    static <T> Stream<T> stream(Function<@Nullable String, Page<T>> read) {
        int order = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(new Pages<>(read), order), false);
    }

    @Override
    public boolean hasNext() {
        while (!items.hasNext() && !last) {
            Page<T> page = read.apply(cursor);
            items = page.items().iterator();
            cursor = page.cursor();
            last = cursor == null;
        }
        return items.hasNext();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The list has no more items");
        }
        return items.next();
    }
}

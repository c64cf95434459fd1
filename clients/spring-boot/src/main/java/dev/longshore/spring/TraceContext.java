package dev.longshore.spring;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The W3C trace context of the calling thread, which travels with the jobs that it enqueues; null where there is none. */
@FunctionalInterface
public interface TraceContext extends Supplier<@Nullable String> {}

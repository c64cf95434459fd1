package dev.longshore.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The write by which a job takes a unique key, made in one transaction with the write of its row. It is refused when the key was
 * taken since it was read, by another job or by the same one again.
 *
 * @param asRead who had the key when it was found to be free; null when it was there for none
 * @param version of the key from then on
 * @param at when it is taken
 * @param ends when the store may delete the item: no job that waits has its key for that long without it being renewed
 */
public record KeyTake(UniqueKey key, UniqueKey.@Nullable Holder asRead, String version, Instant at, Instant ends) {}

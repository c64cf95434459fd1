package dev.longshore.client;

/**
 * How many dead jobs a call would take.
 *
 * @param count the filter's limit at most
 * @param complete false when more than 10,000 would have to be looked at: {@code count} is a lower bound then
 */
public record DeadCount(long count, boolean complete) {}

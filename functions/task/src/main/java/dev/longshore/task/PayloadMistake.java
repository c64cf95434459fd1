package dev.longshore.task;

/**
 * One thing that is wrong with a payload.
 *
 * @param pointer the place in the payload, as a JSON pointer (RFC 6901); empty for the whole
 * @param message the end of a sentence about that place; it quotes names of fields and types, never values
 */
public record PayloadMistake(String pointer, String message) {}

package dev.longshore.reliability;

/**
 * What takes part in a model.
 *
 * @param workers one or two
 * @param carriers how many messages and letters there can be at once; an actor that would send one more waits
 * @param pauses whether jobs are held by a pause and released
 * @param operator whether an operator cancels, and redrives a dead job
 * @param expiry whether jobs expire, and tasks are unknown
 */
record ModelBounds(int workers, int carriers, boolean pauses, boolean operator, boolean expiry) {}

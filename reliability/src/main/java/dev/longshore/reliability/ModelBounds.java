package dev.longshore.reliability;

/**
 * What takes part in a model.
 *
 * @param workers one or two
 * @param carriers how many messages and letters there can be at once; whoever would send one more waits
 * @param pauses whether jobs are set aside and taken up
 * @param operator whether somebody cancels, and sends a dead job back
 * @param expiry whether jobs expire, and tasks are unknown
 */
record ModelBounds(int workers, int carriers, boolean pauses, boolean operator, boolean expiry) {}

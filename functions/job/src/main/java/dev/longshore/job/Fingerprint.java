package dev.longshore.job;

import java.util.regex.Pattern;

/**
 * Gives errors of one cause the same text: 12 hexadecimal digits of a hash over task, type and message, without what differs
 * from job to job in a message (numbers, ids).
 */
public final class Fingerprint {
    private static final Pattern DIFFERS = Pattern.compile("[0-9a-fA-F]{8,}(-[0-9a-fA-F]{4,})*|\\d+");
    private static final int LENGTH = 12;

    private Fingerprint() {}

    public static String of(String task, JobError error) {
        String alike = task + "\n" + error.type() + "\n"
                + DIFFERS.matcher(error.message()).replaceAll("#");
        return Sha256.hex(alike).substring(0, LENGTH);
    }
}

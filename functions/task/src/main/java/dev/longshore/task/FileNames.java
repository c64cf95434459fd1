package dev.longshore.task;

import java.util.Arrays;
import java.util.regex.Pattern;

/** What the names in a {@link FileStore} may look like, so that none leads out of it. */
public final class FileNames {
    private static final int LONGEST = 512;
    private static final Pattern STEP = Pattern.compile("[A-Za-z0-9_.-]+");

    private FileNames() {}

    /** @throws IllegalArgumentException when the name is too long, absolute, has an empty, . or .. step, or other characters */
    public static String require(String name) {
        if (name.length() > LONGEST || !Arrays.stream(name.split("/", -1)).allMatch(FileNames::isStep)) {
            throw new IllegalArgumentException("A file's name is a relative path of at most " + LONGEST
                    + " characters out of A-Z a-z 0-9 . _ - and /, without empty, . or .. steps");
        }
        return name;
    }

    private static boolean isStep(String step) {
        return STEP.matcher(step).matches() && !step.equals(".") && !step.equals("..");
    }
}

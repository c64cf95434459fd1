package dev.longshore.task;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody meant. */
public final class Spelling {
    private static final int LONGEST_COMPARED = 80;

    private Spelling() {}

    /** The known name nearest to {@code given}, if any is near: at most a third of its letters differ. */
    public static Optional<String> nearest(String given, Collection<String> known) {
        if (given.length() > LONGEST_COMPARED) {
            return Optional.empty();
        }
        String lower = given.toLowerCase(Locale.ROOT);
        return known.stream()
                .min(Comparator.comparingInt(name -> distance(lower, name.toLowerCase(Locale.ROOT))))
                .filter(name -> distance(lower, name.toLowerCase(Locale.ROOT)) <= Math.max(1, name.length() / 3));
    }

    /** ", did you mean 'x'?" or nothing; to end a sentence with. */
    public static String hint(String given, Collection<String> known) {
        return nearest(given, known)
                .map(name -> "; did you mean '" + name + "'?")
                .orElse("");
    }

    /** Levenshtein's distance: insertions, deletions and replacements between the two. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}

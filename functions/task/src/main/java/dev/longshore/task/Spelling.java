package dev.longshore.task;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that a misspelt one is nearest to. */
public final class Spelling {
    private static final int LONGEST_COMPARED = 80;

    private Spelling() {}

    /** The name nearest to {@code given}, if any is near: at most a third of its letters differ. */
    public static Optional<String> nearest(String given, Collection<String> names) {
        if (given.length() > LONGEST_COMPARED) {
            return Optional.empty();
        }
        String lower = given.toLowerCase(Locale.ROOT);
        return names.stream()
                .min(Comparator.comparingInt(name -> distance(lower, name.toLowerCase(Locale.ROOT))))
                .filter(name -> distance(lower, name.toLowerCase(Locale.ROOT)) <= Math.max(1, name.length() / 3));
    }

    /** Ends a sentence about an unknown name: with {@code ; did you mean 'x'?}, or with a full stop. */
    public static String end(String given, Collection<String> names) {
        return nearest(given, names)
                .map(name -> "; did you mean '" + name + "'?")
                .orElse(".");
    }

    /** Insertions, deletions, replacements and swaps of neighbours between the two: "optimal string alignment". */
    private static int distance(String a, String b) {
        int[][] to = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    to[i][j] = i + j;
                    continue;
                }
                int replaced = to[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                to[i][j] = Math.min(replaced, Math.min(to[i - 1][j], to[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    to[i][j] = Math.min(to[i][j], to[i - 2][j - 2] + 1);
                }
            }
        }
        return to[a.length()][b.length()];
    }
}

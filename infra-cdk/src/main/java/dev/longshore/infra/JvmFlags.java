package dev.longshore.infra;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of {@code JAVA_TOOL_OPTIONS}: Longshore's own flags, and a team's behind them. The JVM takes the last of two flags
 * that set the same, so a team's flag that sets what Longshore sets is a contradiction.
 */
final class JvmFlags {
    private static final Pattern PROPERTY = Pattern.compile("(-D[^=]+)(=.*)?");
    private static final Pattern SWITCH = Pattern.compile("-XX:[+-]?([^=]+)(=.*)?");
    private static final Pattern SIZE = Pattern.compile("(-X(?:mx|ms|mn|ss))\\S+");

    private JvmFlags() {}

    /** Both lists in one variable; flags are separated by blanks. */
    static String joined(String ours, List<String> theirs) {
        List<String> all = new ArrayList<>(List.of(ours));
        all.addAll(theirs);
        return String.join(" ", all);
    }

    /** Why these flags contradict Longshore's, as the end of a sentence. */
    static Optional<String> contradiction(String ours, List<String> theirs) {
        Map<String, String> set = new HashMap<>();
        for (String flag : ours.split(" ", -1)) {
            set.put(subject(flag), flag);
        }
        for (String flag : theirs) {
            if (!flag.startsWith("-") || flag.chars().anyMatch(Character::isWhitespace)) {
                return Optional.of("the JVM flag '" + flag
                        + "' is no single flag: it starts with a hyphen and has no blanks; give each flag by itself");
            }
            String before = set.putIfAbsent(subject(flag), flag);
            if (before != null) {
                return Optional.of("the JVM flags " + before + " and " + flag + " set the same" + origin(ours, before)
                        + "; leave " + flag + " out");
            }
        }
        return Optional.empty();
    }

    private static String origin(String ours, String flag) {
        return List.of(ours.split(" ", -1)).contains(flag) ? ", and the former is Longshore's" : "";
    }

    /** What a flag sets: {@code -XX:+UseSerialGC} and {@code -XX:-UseSerialGC} set the same. */
    private static String subject(String flag) {
        for (Pattern kind : List.of(SWITCH, PROPERTY, SIZE)) {
            Matcher matcher = kind.matcher(flag);
            if (matcher.matches()) {
                return matcher.group(1);
            }
        }
        return flag;
    }
}

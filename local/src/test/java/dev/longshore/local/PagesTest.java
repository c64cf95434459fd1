package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pages name the test that shows what they say; a name that is gone would say it of nothing. */
class PagesTest {
    private static final Path PROJECT = Path.of("..");
    private static final Pattern NAMED =
            Pattern.compile("`([A-Z]\\w*(?:Test|IT|Suite|Scenarios|Contract))(?:\\.(\\w+))?(…)?`");

    private static final Pattern MAVEN = Pattern.compile("\\bmvn (?:[^`\\n\\\\]|\\\\\\n)+");

    @Test
    void everyTestThatAPageNamesIsThere() throws IOException {
        Map<String, String> sources = sources();
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (Path page : files("md")) {
            Matcher names = NAMED.matcher(Files.readString(page));
            while (names.find()) {
                named++;
                if (!isThere(sources.getOrDefault(names.group(1), ""), names.group(2), names.group(3) != null)) {
                    missing.add(page + " names " + names.group());
                }
            }
        }

        assertThat(missing).isEmpty();
        assertThat(named).isGreaterThan(100);
    }

    /** Those that take minutes are run by no test; each module, profile and test that they name is there. */
    @Test
    void commandsOfMavenNameWhatIsThere() throws IOException {
        Map<String, String> sources = sources();
        String poms = Files.readString(PROJECT.resolve("pom.xml"))
                + files("xml").stream()
                        .filter(file -> file.endsWith("pom.xml"))
                        .map(PagesTest::read)
                        .collect(Collectors.joining());
        List<String> missing = new ArrayList<>();
        int commands = 0;
        for (Path page : files("md")) {
            for (MatchResult command :
                    MAVEN.matcher(Files.readString(page)).results().toList()) {
                commands++;
                for (String module : named("-pl ([\\w/,-]+)", command.group())) {
                    if (!Files.exists(PROJECT.resolve(module).resolve("pom.xml"))) {
                        missing.add(page + " names the module " + module);
                    }
                }
                for (String profile : named(" -P([\\w,]+)", command.group())) {
                    if (!poms.contains("<id>" + profile + "</id>")) {
                        missing.add(page + " names the profile " + profile);
                    }
                }
                for (String test : named("-Dtest='?([\\w,]+)", command.group())) {
                    if (!sources.containsKey(test) && !test.equals("NONE")) {
                        missing.add(page + " names the test " + test);
                    }
                }
            }
        }

        assertThat(missing).isEmpty();
        assertThat(commands).isGreaterThan(20);
    }

    /** What the pattern's group has, parted at commas. */
    private static List<String> named(String pattern, String command) {
        return Pattern.compile(pattern)
                .matcher(command)
                .results()
                .flatMap(found -> Stream.of(found.group(1).split(",", -1)))
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of a long name a page may give the beginning. */
    private static boolean isThere(String source, @Nullable String method, boolean begins) {
        if (method == null) {
            return !source.isEmpty();
        }
        return Pattern.compile("\\b" + method + (begins ? "" : "\\("))
                .matcher(source)
                .find();
    }

    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (Path source : files("java")) {
            sources.merge(
                    source.getFileName().toString().replace(".java", ""), Files.readString(source), String::concat);
        }
        return sources;
    }

    private static List<Path> files(String extension) {
        try (Stream<Path> all = Files.walk(PROJECT)) {
            return all.filter(file -> file.toString().endsWith("." + extension))
                    .filter(file -> Stream.of("target", "node_modules", ".git").noneMatch(left -> isIn(file, left)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isIn(Path file, String folder) {
        return Stream.iterate(file, path -> path.getParent() != null, Path::getParent)
                .anyMatch(path -> path.endsWith(folder));
    }
}

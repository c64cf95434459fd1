package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/construct.md} has a row for each public method of the settings' classes, and no row of another. */
class ConstructPageTest {
    private static final Path PAGE = Path.of("..", "docs", "construct.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\|");

    @Test
    void eachSettingHasARowAndEachRowASetting() throws IOException {
        String page = Files.readString(PAGE);

        for (Class<?> settings : List.of(
                LongshoreProps.class,
                FunctionSettings.class,
                WorkerPool.class,
                StorageSettings.class,
                AlarmSettings.class,
                Access.class)) {
            assertThat(rows(page, settings.getSimpleName()))
                    .as(settings.getSimpleName())
                    .isEqualTo(publicMethods(settings));
        }
    }

    @Test
    void whatSettingsTakeIsOnThePageToo() throws IOException {
        String page = Files.readString(PAGE);

        for (Class<?> taken : List.of(Network.class, WorkerCode.class)) {
            assertThat(publicMethods(taken))
                    .as(taken.getSimpleName())
                    .isNotEmpty()
                    .allSatisfy(method -> assertThat(page).contains("." + method + "("));
        }
    }

    /** The first cells of the table below the heading. */
    private static Set<String> rows(String page, String heading) {
        String section = page.split("\n## " + heading + "\n", 2)[1].split("\n## ", 2)[0];
        return new TreeSet<>(
                ROW.matcher(section).results().map(row -> row.group(1)).toList());
    }

    private static Set<String> publicMethods(Class<?> settings) {
        return new TreeSet<>(Stream.of(settings.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .map(Method::getName)
                .toList());
    }
}

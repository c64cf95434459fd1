package dev.longshore.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Each guard of the production code is taken out once, and something must notice. */
class PlantedBugsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<PlantedBugs.Bug> BUGS = PlantedBugs.read(Path.of("planted-bugs.txt"));

    /** A few by {@code -Pproof}, all of them by {@code -Pproof -Dreliability.planted=true}. */
    private static final int EACH = Boolean.getBoolean("reliability.planted") ? 1 : 25;

    /** Of these, those whose names contain this text; a comma stands between several texts. */
    private static final List<String> NAMED =
            List.of(System.getProperty("reliability.named", "").split(",", -1));

    private static final int HISTORIES = 1_500;
    private static final List<String> CAUGHT = new ArrayList<>();

    @TempDir
    static Path work;

    @Test
    void everyGuardOnTheListStandsWhereTheListSays() {
        PlantedBugs planted = new PlantedBugs(ROOT, work);

        assertThat(BUGS)
                .hasSizeGreaterThan(30)
                .allSatisfy(bug -> assertThat(planted.planted(bug)).isNotEmpty());
    }

    @Tag("proof")
    @TestFactory
    List<DynamicTest> aMissingGuardIsNoticed() {
        PlantedBugs planted = new PlantedBugs(ROOT, work);
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < BUGS.size(); i += EACH) {
            PlantedBugs.Bug bug = BUGS.get(i);
            if (NAMED.stream().noneMatch(bug.name()::contains)) {
                continue;
            }
            tests.add(DynamicTest.dynamicTest(bug.name(), () -> {
                PlantedBugs.Caught caught = planted.hunt(bug, HISTORIES);
                CAUGHT.add("| %s | %s | %s | %s |"
                        .formatted(
                                bug.name(),
                                bug.file().getFileName(),
                                caught == null ? "**nothing**" : caught.check(),
                                caught == null ? "" : caught.by().replace("|", "/")));
                assertThat(caught)
                        .as("what notices that there is " + bug.name())
                        .isNotNull();
            }));
        }
        return tests;
    }

    @AfterAll
    static void tell() {
        CAUGHT.forEach(System.out::println);
    }
}

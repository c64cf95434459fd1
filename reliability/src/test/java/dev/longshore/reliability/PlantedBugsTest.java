package dev.longshore.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Each guard of the production code is removed once, and a check must notice. {@code docs/reliability.md} lists which one. */
class PlantedBugsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<PlantedBugs.Bug> BUGS = PlantedBugs.read(Path.of("planted-bugs.txt"));

    /** A few by {@code -Pproof}, all of them by {@code -Pproof -Dreliability.planted=true}. */
    private static final int EACH = Boolean.getBoolean("reliability.planted") ? 1 : 50;

    /** Of these, those whose names contain one of these texts, separated by commas. */
    private static final List<String> NAMED =
            List.of(System.getProperty("reliability.named", "").split(",", -1));

    private static final int HISTORIES = 1_500;

    /** Writes the table of the page instead of comparing it: {@code -Dtable.write=true}, for the bugs that this run plants. */
    private static final boolean WRITE = Boolean.getBoolean("table.write");

    private static final PlantedBugsTable TABLE = new PlantedBugsTable(ROOT.resolve("docs/reliability.md"));
    private static final Map<String, String> CAUGHT = new LinkedHashMap<>();

    @TempDir
    static Path work;

    @Test
    void everyGuardOnTheListIsWhereTheListSays() {
        PlantedBugs planted = new PlantedBugs(ROOT, work);

        assertThat(BUGS)
                .hasSizeGreaterThan(30)
                .allSatisfy(bug -> assertThat(planted.planted(bug)).isNotEmpty());
    }

    @Test
    void thePageListsEveryGuardInTheOrderOfTheList() {
        assumeThat(WRITE).as("this run writes the table").isFalse();

        assertThat(TABLE.rows().keySet())
                .as("the table of docs/reliability.md; -Dtable.write=true writes it")
                .containsExactlyElementsOf(
                        BUGS.stream().map(PlantedBugsTable::key).toList());
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
                String key = PlantedBugsTable.key(bug);
                assertThat(caught)
                        .as("what notices that there is " + bug.name())
                        .isNotNull();
                System.out.println(key + " | " + caught.check() + " | " + caught.by());
                CAUGHT.put(key, PlantedBugsTable.cell(caught));
                if (!WRITE) {
                    assertThat(TABLE.rows().get(key))
                            .as("docs/reliability.md on '%s'; -Dtable.write=true writes it", bug.name())
                            .startsWith(caught.check());
                }
            }));
        }
        return tests;
    }

    @AfterAll
    static void writeTheTable() {
        if (WRITE) {
            TABLE.write(BUGS, CAUGHT);
        }
    }
}

package dev.longshore.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each flow with a crash before and after each of its calls. */
class CrashPointsTest {
    private static final List<CrashPoints.Result> RESULTS = new ArrayList<>();

    @TestFactory
    List<DynamicTest> everyFlowRecoversFromACrashAtEachOfItsCalls() {
        CrashPoints crashPoints = new CrashPoints(SimulationTest.CHECKER);
        return Flows.all().stream()
                .map(flow -> DynamicTest.dynamicTest(flow.name(), () -> {
                    CrashPoints.Result result = crashPoints.attack(flow);
                    RESULTS.add(result);
                    assertThat(result.broken()).isEmpty();
                    assertThat(result.points()).as("calls that the flow makes").isPositive();
                }))
                .toList();
    }

    @AfterAll
    static void printHowMany() {
        System.out.printf(
                "Crash points: %d in %d flows, all recovered: %s%n",
                RESULTS.stream().mapToInt(CrashPoints.Result::points).sum(),
                RESULTS.size(),
                RESULTS.stream()
                        .map(result -> result.flow().name() + " " + result.points())
                        .toList());
    }
}

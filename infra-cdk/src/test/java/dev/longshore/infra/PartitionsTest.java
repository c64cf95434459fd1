package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A template that names the partition {@code aws} deploys nowhere else: not in China, GovCloud or the European Sovereign Cloud. */
class PartitionsTest {
    private static final Pattern HOST = Pattern.compile("[a-z0-9.-]*amazonaws\\.[a-z.]+");

    /** Service principals have one name in every partition ("AWS service principals", IAM User Guide). */
    private static final Set<String> PRINCIPALS = Set.of(
            "lambda.amazonaws.com",
            "events.amazonaws.com",
            "apigateway.amazonaws.com",
            "codedeploy.amazonaws.com",
            "logs.amazonaws.com");

    @Test
    void templateNamesNoPartitionAndNoHostOfOne() {
        for (FrontDoor door : FrontDoor.values()) {
            String template = StackTemplate.of(
                            StackTemplate.props().frontDoor(door).canary())
                    .json()
                    .toString();

            assertThat(template).as(door.name()).doesNotContain("arn:aws:");
            assertThat(new TreeSet<>(HOST.matcher(template)
                            .results()
                            .map(MatchResult::group)
                            .toList()))
                    .as(door.name())
                    .isSubsetOf(PRINCIPALS);
        }
    }
}

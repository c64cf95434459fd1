package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Walks over every statement that a function's role has. */
class PermissionsTest {
    private static final StackTemplate TEMPLATE = StackTemplate.of(StackTemplate.props());

    /** The only wildcards, each with its reason. */
    private static final Map<String, String> ALLOWED = Map.of(
            "xray:PutTraceSegments on *",
                    "X-Ray's actions know no resource (Service Authorization Reference, AWS X-Ray)",
            "xray:PutTelemetryRecords on *", "as above",
            "s3:GetObject on Files/*", "jobs name their files",
            "s3:PutObject on Files/*", "as above",
            "s3:DeleteObject on Files/*", "as above");

    private record Permission(String action, String resource) {
        @Override
        public String toString() {
            return action + " on " + resource;
        }
    }

    @Test
    void noStatementHasAWildcardButThoseWithAReason() {
        Set<String> wildcards = new TreeSet<>();
        everyPolicy()
                .values()
                .forEach(permissions -> permissions.stream()
                        .map(Permission::toString)
                        .filter(permission -> permission.contains("*"))
                        .forEach(wildcards::add));

        assertThat(wildcards).isEqualTo(new TreeSet<>(ALLOWED.keySet()));
    }

    @Test
    void noRoleHasAPolicyThatSomebodyElseWrote() {
        assertThat(TEMPLATE.propertiesOfAll("AWS::IAM::Role")).noneMatch(role -> role.has("ManagedPolicyArns"));
    }

    @Test
    void aRoleCanBeTakenByLambdaAlone() {
        assertThat(TEMPLATE.propertiesOfAll("AWS::IAM::Role"))
                .allSatisfy(role -> assertThat(role.get("AssumeRolePolicyDocument")
                                .get("Statement")
                                .toString())
                        .contains("\"Service\":\"lambda.amazonaws.com\"")
                        .contains("\"Action\":\"sts:AssumeRole\""));
    }

    @Test
    void theApiMayWriteJobsAndSendThemAndReadTheFirstKey() {
        assertThat(of("Api"))
                .contains("dynamodb:Query on table", "dynamodb:Query on table/index/attention")
                .contains("sqs:SendMessage on Queue-default", "sqs:SendMessage on Queue-heavy")
                .contains("secretsmanager:GetSecretValue on FirstKey")
                .doesNotContain("sqs:ReceiveMessage on Queue-default", "sqs:SendMessage on DeadLetters-default");
    }

    @Test
    void aWorkerTakesFromItsOwnQueueAloneAndNobodyButTheApiReadsTheFirstKey() {
        assertThat(of("Worker-heavy"))
                .contains(
                        "sqs:ReceiveMessage on Queue-heavy",
                        "sqs:ChangeMessageVisibility on Queue-heavy",
                        "sqs:SendMessage on DeadLetters-heavy",
                        "sqs:SendMessage on Queue-default",
                        "dynamodb:Query on table/index/attention")
                .doesNotContain(
                        "sqs:ReceiveMessage on Queue-default",
                        "sqs:SendMessage on DeadLetters-default",
                        "secretsmanager:GetSecretValue on FirstKey");
    }

    @Test
    void theDeadLetterFunctionTakesFromDeadLetterQueuesAlone() {
        assertThat(of("DeadLetters"))
                .contains("sqs:ReceiveMessage on DeadLetters-default", "sqs:ReceiveMessage on DeadLetters-heavy")
                .contains("sqs:SendMessage on Queue-heavy")
                .doesNotContain(
                        "sqs:ReceiveMessage on Queue-heavy",
                        "dynamodb:DeleteItem on table",
                        "secretsmanager:GetSecretValue on FirstKey");
    }

    @Test
    void theDispatcherSendsAndCountsAndNeverReceives() {
        assertThat(of("Dispatcher"))
                .contains("dynamodb:Query on table/index/attention", "dynamodb:PutItem on table")
                .contains("sqs:SendMessage on Queue-default", "sqs:SendMessage on DeadLetters-heavy")
                .contains("sqs:GetQueueAttributes on Queue-heavy", "sqs:GetQueueAttributes on DeadLetters-heavy")
                .noneMatch(permission -> permission.startsWith("sqs:Receive") || permission.startsWith("secrets"));
    }

    @Test
    void nobodyMayChangeTheTableOrAQueueOrReadEverything() {
        everyPolicy()
                .values()
                .forEach(permissions -> assertThat(permissions)
                        .extracting(Permission::action)
                        .doesNotContain("dynamodb:Scan", "dynamodb:DeleteTable", "sqs:PurgeQueue", "sqs:DeleteQueue"));
    }

    private static List<String> of(String function) {
        return everyPolicy().get(TEMPLATE.id(function + "Role")).stream()
                .map(Permission::toString)
                .toList();
    }

    private static Map<String, List<Permission>> everyPolicy() {
        Map<String, List<Permission>> byRole = new TreeMap<>();
        for (JsonNode policy : TEMPLATE.propertiesOfAll("AWS::IAM::Policy")) {
            String role = policy.get("Roles").get(0).get("Ref").asString();
            for (JsonNode statement : policy.get("PolicyDocument").get("Statement")) {
                assertThat(statement.get("Effect").asString()).isEqualTo("Allow");
                assertThat(statement.has("NotAction") || statement.has("NotResource"))
                        .isFalse();
                for (String action : each(statement.get("Action"))) {
                    for (String resource : each(statement.get("Resource"))) {
                        byRole.computeIfAbsent(role, no -> new ArrayList<>())
                                .add(new Permission(action, named(resource)));
                    }
                }
            }
        }
        assertThat(byRole).hasSize(5);
        return byRole;
    }

    private static Set<String> each(JsonNode oneOrMany) {
        Set<String> all = new LinkedHashSet<>();
        if (oneOrMany.isArray()) {
            oneOrMany.forEach(one -> all.add(one.isString() ? one.asString() : one.toString()));
        } else {
            all.add(oneOrMany.isString() ? oneOrMany.asString() : oneOrMany.toString());
        }
        return all;
    }

    /** A resource as the construct calls it, in place of its logical id. */
    private static String named(String resource) {
        if (resource.equals("*")) {
            return resource;
        }
        for (String name : List.of(
                "Queue-default", "Queue-heavy", "DeadLetters-default", "DeadLetters-heavy", "Files", "FirstKey")) {
            if (resource.contains(TEMPLATE.id(name))) {
                return name + (resource.contains("/*") ? "/*" : "");
            }
        }
        if (resource.contains(TEMPLATE.id(""))) {
            return "table" + (resource.contains("/index/attention") ? "/index/attention" : "");
        }
        return resource.contains("Logs") ? "log" : resource;
    }
}

package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.task.TaskCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.services.dynamodb.TableEncryption;
import tools.jackson.databind.JsonNode;

/** Walks over every statement that a function's role has. */
class PermissionsTest {
    private static final StackTemplate TEMPLATE = StackTemplate.of(StackTemplate.props());

    /** The only wildcards, each with its reason. */
    private static final Map<String, String> ALLOWED = Map.of(
            "s3:GetObject on Files/*", "jobs name their files",
            "s3:PutObject on Files/*", "as above",
            "s3:DeleteObject on Files/*", "as above");

    private static final Set<String> EVERY_FUNCTIONS =
            Set.of("logs:CreateLogStream on log", "logs:PutLogEvents on log");

    /** X-Ray's actions know no resource (Service Authorization Reference, AWS X-Ray). */
    private static final Set<String> TRACES = Set.of("xray:PutTraceSegments on *", "xray:PutTelemetryRecords on *");

    private static final String WITH_HOOKS = "DeadLetters with hooks";
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

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
    void tracesAddTheTwoActionsThatThePageNamesToEveryRole() throws IOException {
        StackTemplate traced = StackTemplate.of(StackTemplate.props().tracing());

        for (String function : List.of("Api", "Worker-default", "Worker-heavy", "DeadLetters", "Dispatcher")) {
            Set<String> added = new TreeSet<>(of(traced, function));
            added.removeAll(of(TEMPLATE, function));
            assertThat(added).as(function).isEqualTo(TRACES);
        }
        String page = Files.readString(Path.of("..", "docs", "permissions.md"));
        assertThat(page).contains("`.tracing()`", "`xray:PutTraceSegments`", "`xray:PutTelemetryRecords`");
    }

    @Test
    void noRoleHasAManagedPolicy() {
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

    /** What is granted and not on the page, or on the page and not granted, fails here; what is called and not on it, in {@code local}. */
    @Test
    void theRolesAllowWhatThePermissionsPageSaysAndNothingElse() throws IOException {
        Map<String, Set<String>> page = page();

        assertThat(granted("Api", "")).isEqualTo(page.get("Api"));
        assertThat(granted("Worker-default", "default")).isEqualTo(page.get("Worker"));
        assertThat(granted("Worker-heavy", "heavy")).isEqualTo(page.get("Worker"));
        assertThat(granted("DeadLetters", "")).isEqualTo(page.get("DeadLetters"));
        assertThat(granted("Dispatcher", "")).isEqualTo(page.get("Dispatcher"));
    }

    /** Handlers may write files on a laptop and in Lambda, and so may hooks. */
    @Test
    void theDeadLetterFunctionThatRunsHooksMayBesidesWhatThePageSaysOfHooks() throws IOException {
        TaskCatalog tasks = StackTemplate.tasks();
        tasks.find("greet").orElseThrow().onDead(dead -> {});
        StackTemplate template = StackTemplate.of(StackTemplate.props(tasks).deadLetterHandler("com.example.Deaths"));
        Set<String> both = new TreeSet<>(page().get("DeadLetters"));
        both.addAll(page().get(WITH_HOOKS));

        assertThat(granted(template, "DeadLetters", "")).isEqualTo(both);
    }

    /** The permissions of each function as the page writes them; what all functions have is in a sentence of it. */
    private static Map<String, Set<String>> page() throws IOException {
        Map<String, Set<String>> page = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("..", "docs", "permissions.md"))) {
            String[] cells = line.split("\\|", -1);
            if (cells.length == 6 && cells[2].contains("`")) {
                for (String action : quoted(cells[2])) {
                    for (String resource : quoted(cells[3])) {
                        page.computeIfAbsent(cells[1].strip(), no -> new TreeSet<>())
                                .add(action + " on " + resource);
                    }
                }
            }
        }
        assertThat(page.keySet()).containsExactly("Api", "DeadLetters", WITH_HOOKS, "Dispatcher", "Worker");
        return page;
    }

    private static List<String> quoted(String cell) {
        return QUOTED.matcher(cell).results().map(quoted -> quoted.group(1)).toList();
    }

    /** The permissions of a role as the page writes them: for every pool, or only for its own. */
    private static Set<String> granted(String function, String ownPool) {
        return granted(TEMPLATE, function, ownPool);
    }

    private static Set<String> granted(StackTemplate template, String function, String ownPool) {
        Set<String> exact = new TreeSet<>(of(template, function));
        exact.removeAll(EVERY_FUNCTIONS);
        Set<String> granted = new TreeSet<>();
        for (String permission : exact) {
            String anyPool = permission.replaceFirst("-(default|heavy)$", "");
            boolean every = exact.contains(anyPool + "-default") && exact.contains(anyPool + "-heavy");
            String whose = every ? "every " : permission.endsWith("-" + ownPool) ? "own " : "another's ";
            granted.add(anyPool.replace("on Queue", "on " + whose + "queue")
                    .replace("on DeadLetters", "on " + whose + "dead letters")
                    .replace("on Files/*", "on files")
                    .replace("on Files", "on bucket")
                    .replace("on table/index/attention", "on index")
                    .replace("on FirstKey", "on first key"));
        }
        return granted;
    }

    /** DynamoDB uses a key of the account on behalf of its caller ("Using customer managed keys", DynamoDB). */
    @Test
    void everyFunctionMayUseTheTablesKeyWhereItIsTheAccountsOwn() {
        StackTemplate template = StackTemplate.of(StackTemplate.props().encryption(TableEncryption.CUSTOMER_MANAGED));
        String key = template.ofType("AWS::KMS::Key").keySet().iterator().next();

        for (String function : List.of("Api", "Worker-default", "Worker-heavy", "DeadLetters", "Dispatcher")) {
            assertThat(template.properties(function + "RoleDefaultPolicy")
                            .get("PolicyDocument")
                            .get("Statement"))
                    .as(function)
                    .anySatisfy(statement -> {
                        assertThat(statement.get("Action").toString())
                                .isEqualTo(
                                        "[\"kms:Decrypt\",\"kms:DescribeKey\",\"kms:Encrypt\",\"kms:GenerateDataKey\","
                                                + "\"kms:ReEncryptFrom\",\"kms:ReEncryptTo\"]");
                        assertThat(statement
                                        .get("Resource")
                                        .get("Fn::GetAtt")
                                        .get(0)
                                        .asString())
                                .isEqualTo(key);
                    });
        }
        assertThat(TEMPLATE.json().toString()).doesNotContain("kms:");
    }

    /** A handler's code has the worker's role: with a key of its own making it would be an administrator. */
    @Test
    void noFunctionButTheApisMayTouchTheItemsOfApiKeysAndSharedSecrets() {
        Set<String> denied = new TreeSet<>();
        for (JsonNode policy : TEMPLATE.propertiesOfAll("AWS::IAM::Policy")) {
            for (JsonNode statement : policy.get("PolicyDocument").get("Statement")) {
                if (statement.get("Effect").asString().equals("Deny")) {
                    assertThat(statement.get("Condition").toString())
                            .isEqualTo(
                                    "{\"ForAnyValue:StringLike\":{\"dynamodb:LeadingKeys\":[\"apikey*\",\"secret#*\"]}}");
                    assertThat(named(each(statement.get("Resource")).iterator().next()))
                            .isEqualTo("table");
                    assertThat(each(statement.get("Action"))).containsAll(tableActions());
                    denied.add(policy.get("Roles").get(0).get("Ref").asString());
                }
            }
        }

        Set<String> others = new TreeSet<>(everyPolicy().keySet());
        others.remove(TEMPLATE.id("ApiRole"));
        assertThat(denied).hasSize(4).isEqualTo(others);
    }

    /** Every action on the table that any function may take. */
    private static Set<String> tableActions() {
        Set<String> actions = new TreeSet<>();
        everyPolicy()
                .values()
                .forEach(permissions -> permissions.stream()
                        .filter(permission -> permission.resource().equals("table"))
                        .forEach(permission -> actions.add(permission.action())));
        return actions;
    }

    @Test
    void noRoleMayChangeTheTableOrAQueueOrReadEverything() {
        everyPolicy()
                .values()
                .forEach(permissions -> assertThat(permissions)
                        .extracting(Permission::action)
                        .doesNotContain("dynamodb:Scan", "dynamodb:DeleteTable", "sqs:PurgeQueue", "sqs:DeleteQueue"));
    }

    private static List<String> of(StackTemplate template, String function) {
        return everyPolicy(template).get(template.id(function + "Role")).stream()
                .map(Permission::toString)
                .toList();
    }

    private static Map<String, List<Permission>> everyPolicy() {
        return everyPolicy(TEMPLATE);
    }

    private static Map<String, List<Permission>> everyPolicy(StackTemplate template) {
        Map<String, List<Permission>> byRole = new TreeMap<>();
        for (JsonNode policy : template.propertiesOfAll("AWS::IAM::Policy")) {
            String role = policy.get("Roles").get(0).get("Ref").asString();
            for (JsonNode statement : policy.get("PolicyDocument").get("Statement")) {
                if (statement.get("Effect").asString().equals("Deny")) {
                    continue; // takes away, and is tested by itself
                }
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

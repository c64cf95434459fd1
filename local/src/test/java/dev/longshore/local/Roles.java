package dev.longshore.local;

import dev.longshore.api.ApiFunction;
import dev.longshore.job.aws.DynamoDbKeyStore;
import dev.longshore.job.aws.JobTable;
import dev.longshore.job.engines.Engines;
import dev.longshore.keeper.DeadLetterFunction;
import dev.longshore.keeper.DispatcherFunction;
import dev.longshore.task.FileStore;
import dev.longshore.worker.WorkerFunction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The roles of {@code docs/permissions.md}, held against every call that a function makes: what its role does not allow is
 * refused, as AWS would, and noted. {@code PermissionsTest} holds the same table against the stack's template.
 */
final class Roles {
    private static final Path PAGE = Path.of("..", "docs", "permissions.md");
    private static final Pattern CELL = Pattern.compile("`([^`]+)`");
    private static final Map<Class<?>, String> NAMES = Map.of(
            ApiFunction.class, "Api",
            WorkerFunction.class, "Worker",
            DeadLetterFunction.class, "DeadLetters",
            DispatcherFunction.class, "Dispatcher");

    /** {@code <function> <action> on <resource>}, as the page has them, and without whose a queue is. */
    private final Set<String> allowed = new LinkedHashSet<>();

    private final Set<String> refused = new ConcurrentSkipListSet<>();

    private Roles(List<String> rows) {
        for (String row : rows) {
            String[] cells = row.split("\\|", -1);
            for (String action : quoted(cells[2])) {
                for (String resource : quoted(cells[3])) {
                    allowed.add(cells[1].strip() + " " + action + " on " + resource.replaceFirst("^(own|every) ", ""));
                }
            }
        }
    }

    static Roles ofThePage() {
        try {
            return new Roles(Files.readAllLines(PAGE).stream()
                    .filter(line -> NAMES.values().stream().anyMatch(name -> line.startsWith("| " + name + " |")))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> quoted(String cell) {
        Matcher matcher = CELL.matcher(cell);
        return matcher.results().map((MatchResult result) -> result.group(1)).toList();
    }

    /** What was called and is not on the page. */
    Set<String> refused() {
        return refused;
    }

    /** Engines whose every call has this function's role. */
    Engines engines(Class<?> function, LocalEngines engines) {
        Role role = new Role(NAMES.get(function));
        DynamoDbClient dynamoDb = engines.dynamoDb(
                client -> client.overrideConfiguration(settings -> settings.addExecutionInterceptor(role)));
        SqsClient sqs =
                engines.sqs(client -> client.overrideConfiguration(settings -> settings.addExecutionInterceptor(role)));
        return engines.engines(dynamoDb, sqs, role.files(engines.files()));
    }

    private final class Role implements ExecutionInterceptor {
        private final String function;

        Role(String function) {
            this.function = function;
        }

        @Override
        public void beforeExecution(Context.BeforeExecution call, ExecutionAttributes attributes) {
            needed(call.request()).forEach(this::require);
            if (!function.equals("Api")) {
                partitions(call.request()).forEach(this::requireNoKeys);
            }
        }

        /** As the roles of all functions but the API's: items of API keys and shared secrets are denied. */
        private void requireNoKeys(String partition) {
            if (DynamoDbKeyStore.PARTITIONS.stream().anyMatch(partition::startsWith)) {
                refused.add(function + " on the partition " + partition);
                throw SdkClientException.create("AccessDenied: " + function + " may not touch API keys");
            }
        }

        /** The partitions that a call of DynamoDB names: of an item, or among the values of a query's condition. */
        private static List<String> partitions(SdkRequest request) {
            List<String> partitions = new ArrayList<>();
            for (String place : List.of("Key", "Item", "ExpressionAttributeValues")) {
                request.getValueForField(place, Map.class).ifPresent(values -> {
                    for (Object value :
                            place.startsWith("Expr") ? values.values() : List.of(values.get(JobTable.PARTITION_KEY))) {
                        if (value instanceof AttributeValue text && text.s() != null) {
                            partitions.add(text.s());
                        }
                    }
                });
            }
            return partitions;
        }

        private void require(String permission) {
            String needed = function + " " + permission;
            if (!allowed.contains(needed)) {
                refused.add(needed);
                throw SdkClientException.create("AccessDenied: docs/permissions.md has no " + needed);
            }
        }

        private List<String> needed(SdkRequest request) {
            if (request instanceof TransactWriteItemsRequest transaction) {
                return transaction.transactItems().stream().map(this::needed).toList();
            }
            String action = request.getClass().getSimpleName().replaceAll("(Batch)?Request$", "");
            return request.getValueForField("QueueUrl", String.class)
                    .map(url -> List.of("sqs:" + action + " on " + (url.endsWith("-dlq") ? "dead letters" : "queue")))
                    .orElseGet(() -> List.of("dynamodb:" + action + " on "
                            + (request.getValueForField("IndexName", String.class)
                                            .isPresent()
                                    ? "index"
                                    : "table")));
        }

        /** A transaction needs what its parts need ("Using IAM with DynamoDB transactions", DynamoDB Developer Guide). */
        private String needed(TransactWriteItem part) {
            List<String> actions = new ArrayList<>();
            if (part.put() != null) {
                actions.add("PutItem");
            }
            if (part.update() != null) {
                actions.add("UpdateItem");
            }
            if (part.delete() != null) {
                actions.add("DeleteItem");
            }
            if (part.conditionCheck() != null) {
                actions.add("ConditionCheckItem");
            }
            return "dynamodb:" + actions.getFirst() + " on table";
        }

        /** The bodies of jobs; what handlers keep is their own. */
        FileStore files(FileStore files) {
            return new FileStore() {
                @Override
                public InputStream read(String name) throws IOException {
                    require("s3:GetObject on files");
                    return files.read(name);
                }

                @Override
                public void write(String name, byte[] content) throws IOException {
                    require("s3:PutObject on files");
                    files.write(name, content);
                }

                @Override
                public void write(String name, Path content) throws IOException {
                    require("s3:PutObject on files");
                    files.write(name, content);
                }

                @Override
                public void delete(String name) throws IOException {
                    require("s3:DeleteObject on files");
                    files.delete(name);
                }
            };
        }
    }
}

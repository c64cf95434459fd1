package dev.longshore.benchmarks;

import dev.longshore.job.Parallel;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.SdkHttpService;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * One HTTP client of the SDK in a JVM of its own: the first call of a DynamoDB client, then calls side by side. {@link
 * HttpClientComparison} starts it.
 */
final class HttpClientProbe {
    /** What one run has measured; CPU time is the process's. */
    record Result(double firstCallClasses, double firstCallCpuMillis, double firstCallMillis, double loadCpuMillis) {}

    private HttpClientProbe() {}

    /**
     * Runs in a fresh JVM.
     *
     * @param service the class that the SDK finds the client by
     * @param flags of the JVM
     */
    static Result run(String service, List<String> flags, URI endpoint, int batch, int batches) {
        List<Double> measured = ChildJvm.run(
                HttpClientProbe.class,
                flags,
                Map.of(),
                List.of(service, endpoint.toString(), Integer.toString(batch), Integer.toString(batches)));
        return new Result(measured.get(0), measured.get(1), measured.get(2), measured.get(3));
    }

    /** Arguments as {@link #run} passes them. */
    public static void main(String[] arguments) throws Exception {
        int batch = Integer.parseInt(arguments[2]);
        int batches = Integer.parseInt(arguments[3]);
        double cpuBefore = ChildJvm.cpuMillis(); // first, so that its own classes are not counted
        int classesBefore = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
        long start = System.nanoTime();
        try (DynamoDbClient client = client(arguments[0], URI.create(arguments[1]), batch)) {
            call(client);
            double firstMillis = (System.nanoTime() - start) / 1e6;
            double cpuAfterFirst = ChildJvm.cpuMillis();
            int classes = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount() - classesBefore;
            callInBatches(client, batch, batches);
            ChildJvm.print(classes, cpuAfterFirst - cpuBefore, firstMillis, ChildJvm.cpuMillis() - cpuAfterFirst);
        }
    }

    private static DynamoDbClient client(String service, URI endpoint, int connections)
            throws ReflectiveOperationException {
        SdkHttpClient http = Class.forName(service)
                .asSubclass(SdkHttpService.class)
                .getDeclaredConstructor()
                .newInstance()
                .createHttpClientBuilder()
                .buildWithDefaults(AttributeMap.builder()
                        .put(SdkHttpConfigurationOption.MAX_CONNECTIONS, connections)
                        .put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true)
                        .build());
        return DynamoDbClient.builder()
                .httpClient(http)
                .endpointOverride(endpoint)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .build();
    }

    /** One batch after another, as a function gets its messages: between two of them all connections are idle. */
    private static void callInBatches(DynamoDbClient client, int batch, int batches) {
        List<Integer> callers = IntStream.range(0, batch).boxed().toList();
        for (int i = 0; i < batches; i++) {
            Parallel.each(callers, caller -> call(client));
        }
    }

    private static GetItemResponse call(DynamoDbClient client) {
        return client.getItem(get -> get.tableName("jobs").key(Map.of("pk", AttributeValue.fromS("2026-11-28#0"))));
    }
}

package dev.longshore.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.longshore.job.SideBySide;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
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
    record Result(double firstCallClasses, double firstCallCpuMillis, double firstCallMillis, double loadCpuMillis) {
        private static Result parse(String line) {
            List<Double> numbers =
                    List.of(line.split(" ", -1)).stream().map(Double::valueOf).toList();
            return new Result(numbers.get(0), numbers.get(1), numbers.get(2), numbers.get(3));
        }

        private String line() {
            return firstCallClasses + " " + firstCallCpuMillis + " " + firstCallMillis + " " + loadCpuMillis;
        }
    }

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private HttpClientProbe() {}

    /**
     * Runs in a fresh JVM.
     *
     * @param service the class that the SDK finds the client by
     * @param flags of the JVM
     */
    static Result run(String service, List<String> flags, URI endpoint, int batch, int batches) {
        return Result.parse(ChildJvm.run(
                HttpClientProbe.class,
                flags,
                Map.of(),
                List.of(service, endpoint.toString(), Integer.toString(batch), Integer.toString(batches))));
    }

    /** Arguments as {@link #run} passes them. */
    public static void main(String[] arguments) throws Exception {
        int batch = Integer.parseInt(arguments[2]);
        int batches = Integer.parseInt(arguments[3]);
        int classesBefore = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
        long cpuBefore = PROCESS.getProcessCpuTime();
        long start = System.nanoTime();
        try (DynamoDbClient client = client(arguments[0], URI.create(arguments[1]), batch)) {
            call(client);
            long firstMillis = millis(System.nanoTime() - start);
            long cpuAfterFirst = PROCESS.getProcessCpuTime();
            int classes = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount() - classesBefore;
            callInBatches(client, batch, batches);
            System.out.println(new Result(
                            classes,
                            millis(cpuAfterFirst - cpuBefore),
                            firstMillis,
                            millis(PROCESS.getProcessCpuTime() - cpuAfterFirst))
                    .line());
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
            SideBySide.each(callers, caller -> call(client));
        }
    }

    private static GetItemResponse call(DynamoDbClient client) {
        return client.getItem(get -> get.tableName("jobs").key(Map.of("pk", AttributeValue.fromS("2026-11-28#0"))));
    }

    private static long millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
    }
}

package dev.longshore.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints the table of ADR 19: what each HTTP client of the SDK costs at the first call of a function and with calls side by side.
 *
 * <pre>
 * mvn -B -q -Pbenchmark -pl benchmarks -am process-classes -Dbenchmark=HttpClientComparison
 * </pre>
 */
public final class HttpClientComparison {
    private static final int RUNS = 3;
    private static final String URL_CONNECTION =
            "software.amazon.awssdk.http.urlconnection.UrlConnectionSdkHttpService";

    private static final List<Candidate> CANDIDATES = List.of(
            new Candidate("url-connection", URL_CONNECTION, List.of()),
            new Candidate(
                    "url-connection, `http.maxConnections=256`", URL_CONNECTION, List.of("-Dhttp.maxConnections=256")),
            new Candidate("apache5", "software.amazon.awssdk.http.apache5.Apache5SdkHttpService", List.of()),
            new Candidate(
                    "aws-crt",
                    "software.amazon.awssdk.http.crt.AwsCrtSdkHttpService",
                    List.of("--enable-native-access=ALL-UNNAMED")));

    private static final List<Load> LOADS = List.of(new Load(8, 72), new Load(64, 9), new Load(400, 9));

    private record Candidate(String name, String service, List<String> flags) {}

    /** Batches of calls that are made side by side. */
    private record Load(int batch, int batches) {
        int calls() {
            return batch * batches;
        }
    }

    private record Run(HttpClientProbe.Result result, int connections) {}

    private HttpClientComparison() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws Exception {
        System.out.print("""
                | client | calls at once | calls | connections opened | CPU ms per 1,000 calls | first call: classes | CPU ms | wall ms |
                |---|---|---|---|---|---|---|---|
                """);
        try (CountingServer server = CountingServer.start()) {
            for (Candidate candidate : CANDIDATES) {
                for (Load load : LOADS) {
                    print(candidate, load, runs(server, candidate, load));
                }
            }
        }
    }

    private static List<Run> runs(CountingServer server, Candidate candidate, Load load) {
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            HttpClientProbe.Result result = HttpClientProbe.run(
                    candidate.service(), candidate.flags(), server.endpoint(), load.batch(), load.batches());
            runs.add(new Run(result, server.takeConnections()));
        }
        return runs;
    }

    private static void print(Candidate candidate, Load load, List<Run> runs) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %,d | %,.0f | %,.0f | %,.0f | %,.0f | %,.0f |%n",
                candidate.name(),
                load.batch(),
                load.calls(),
                Median.of(runs, Run::connections),
                Median.of(runs, run -> run.result().loadCpuMillis() * 1_000 / load.calls()),
                Median.of(runs, run -> run.result().firstCallClasses()),
                Median.of(runs, run -> run.result().firstCallCpuMillis()),
                Median.of(runs, run -> run.result().firstCallMillis()));
    }
}

package dev.longshore.local;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * A connection of which some calls fail, each as calls to AWS do. The failures are drawn
 * from a seed; in which order threads meet them is up to the machine.
 */
final class FaultyHttpClient implements SdkHttpClient {
    /** How a call fails. */
    enum Fault {
        REFUSED,
        RESET,
        THROTTLED,
        /** A role that has lost a permission for a moment; the SDK does not try again. */
        DENIED,
        /** Another transaction on the same item; the SDK does not try again. */
        CONFLICT,
        SERVER_ERROR,
        TIME_OUT_BEFORE,
        /** The call takes effect, and its caller gets no response. */
        TIME_OUT_AFTER
    }

    private static final Fault[] FAULTS = Fault.values();

    private final SdkHttpClient real;
    private final double rate;
    private final Random random;
    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    private long calls;
    private final Deque<Plan> plans = new ArrayDeque<>();

    /** What happens to one call: a fault, or none, and what another does meanwhile. */
    private record Plan(Fault fault, Runnable meanwhile) {}

    /** @param rate of the calls that fail, 0 to 1 */
    FaultyHttpClient(SdkHttpClient real, double rate, long seed) {
        this.real = real;
        this.rate = rate;
        this.random = new Random(seed);
    }

    /** One that fails only when a test requests it. */
    static FaultyHttpClient onDemand(SdkHttpClient real) {
        return new FaultyHttpClient(real, 0, 0);
    }

    /** The next call takes effect and its answer is lost. */
    void loseNextAnswer() {
        loseNextAnswer(() -> {});
    }

    /** The same, and another writer acts before the caller tries again. Plans are for one call each, in order. */
    synchronized void loseNextAnswer(Runnable meanwhile) {
        plans.add(new Plan(Fault.TIME_OUT_AFTER, meanwhile));
    }

    /** The next call takes effect, and another writer acts before its caller continues. */
    synchronized void afterNextCall(Runnable meanwhile) {
        plans.add(new Plan(null, meanwhile));
    }

    synchronized long calls() {
        return calls;
    }

    synchronized Map<Fault, Integer> faults() {
        return new EnumMap<>(faults);
    }

    private synchronized Plan draw() {
        calls++;
        Plan planned = plans.poll();
        Fault fault = planned != null ? planned.fault() : drawn();
        if (fault != null) {
            faults.merge(fault, 1, Integer::sum);
        }
        return planned != null ? planned : new Plan(fault, () -> {});
    }

    private Fault drawn() {
        return random.nextDouble() < rate ? FAULTS[random.nextInt(FAULTS.length)] : null;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = real.prepareRequest(request);
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                return FaultyHttpClient.this.call(prepared);
            }

            @Override
            public void abort() {
                prepared.abort();
            }
        };
    }

    private HttpExecuteResponse call(ExecutableHttpRequest request) throws IOException {
        Plan plan = draw();
        return switch (plan.fault()) {
            case null -> {
                HttpExecuteResponse response = request.call();
                plan.meanwhile().run();
                yield response;
            }
            case REFUSED -> throw new ConnectException("Connection refused, as the test wants it");
            case RESET -> throw new SocketException("Connection reset, as the test wants it");
            case TIME_OUT_BEFORE -> throw new SocketTimeoutException("No answer, and no effect, as the test wants it");
            case THROTTLED -> answer(400, "ThrottlingException");
            case DENIED -> answer(400, "AccessDeniedException");
            case CONFLICT -> answer(400, "TransactionConflictException");
            case SERVER_ERROR -> answer(503, "ServiceUnavailable");
            case TIME_OUT_AFTER -> {
                request.call();
                plan.meanwhile().run();
                throw new SocketTimeoutException("Carried out, and the answer lost, as the test wants it");
            }
        };
    }

    private static HttpExecuteResponse answer(int status, String type) {
        byte[] body = ("{\"__type\":\"" + type + "\"}").getBytes(StandardCharsets.UTF_8);
        return HttpExecuteResponse.builder()
                .response(SdkHttpResponse.builder()
                        .statusCode(status)
                        .putHeader("Content-Type", "application/x-amz-json-1.0")
                        .putHeader("Content-Length", Integer.toString(body.length))
                        .build())
                .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
                .build();
    }

    @Override
    public void close() {
        real.close();
    }

    @Override
    public String toString() {
        return calls() + " calls, of which failed "
                + Arrays.toString(faults().entrySet().toArray());
    }
}

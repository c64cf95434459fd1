package dev.longshore.job.aws;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import software.amazon.awssdk.core.client.builder.SdkClientBuilder;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/**
 * How long a call of AWS may take, and the HTTP client that makes it (ADR 19). The SDK tries again as often as the service's
 * defaults say, four times for SQS and nine for DynamoDB, and never beyond {@code call}.
 *
 * @param attempt one try: to its answer's last byte, or for S3 between two parts of it
 * @param call all tries and the waits between them
 */
public record CallTimeouts(Duration attempt, Duration call) {
    /**
     * Services answer in milliseconds. A try has four seconds because the first call of a cold function computes for up to a second
     * (ADR 19), and a function of 384 MB has a fifth of a vCPU. A call ends before what depends on it: a lease, the 15 s that a worker
     * has besides its handlers, and the API's 28 s.
     */
    public static final CallTimeouts USUAL = new CallTimeouts(Duration.ofSeconds(4), Duration.ofSeconds(10));

    /** The longest wait of a receive ("Amazon SQS short and long polling"). */
    static final Duration LONGEST_POLL = Duration.ofSeconds(20);

    /** Of receives that wait for a message. */
    static final CallTimeouts LONG_POLL =
            new CallTimeouts(LONGEST_POLL.plus(USUAL.attempt()), LONGEST_POLL.plus(USUAL.call()));

    private static final String IDLE_CONNECTIONS = "http.maxConnections";
    private static final int CONNECTIONS_OF_A_HOST = 256;

    /**
     * The flag with which a JVM keeps 256 idle connections to each host instead of five ("Networking Properties", Java SE).
     * Lambda gives a function 1,024 file descriptors: of DynamoDB, SQS and S3, one may have 400 calls in flight and the
     * others 256 connections each.
     */
    public static final String CONNECTIONS_FLAG = "-D" + IDLE_CONNECTIONS + "=" + CONNECTIONS_OF_A_HOST;

    /** A route that drops packets, such as a VPC's without an endpoint, is noticed after this time. */
    private static final Duration CONNECT = Duration.ofSeconds(2);

    /** Threads for the time-outs of all clients; the SDK would start as many for each. More than one, since closing a connection may block. */
    private static final ScheduledExecutorService TIMER = timer();

    private static ScheduledExecutorService timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
                5, Thread.ofPlatform().daemon().name("aws-call-timeouts").factory());
        timer.setRemoveOnCancelPolicy(true); // calls end before their time-out; one that has ended is not kept
        return timer;
    }

    /** Does what {@link #CONNECTIONS_FLAG} does, for a process whose flags are not ours; without effect after its first HTTP call. */
    public static void keepConnections() {
        if (System.getProperty(IDLE_CONNECTIONS) == null) {
            System.setProperty(IDLE_CONNECTIONS, Integer.toString(CONNECTIONS_OF_A_HOST));
        }
    }

    /** The builder, with these time-outs and their HTTP client. */
    public <B extends SdkClientBuilder<B, ?> & SdkSyncClientBuilder<B, ?>> B applyTo(B client) {
        return client.httpClientBuilder(http())
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .apiCallAttemptTimeout(attempt)
                        .apiCallTimeout(call)
                        .scheduledExecutorService(TIMER)
                        .build());
    }

    /** On HttpURLConnection, which is in the JDK; ADR 19 compares it with the SDK's other clients. */
    SdkHttpClient.Builder<?> http() {
        Duration connect = attempt.compareTo(CONNECT) < 0 ? attempt : CONNECT;
        return UrlConnectionHttpClient.builder().connectionTimeout(connect).socketTimeout(attempt);
    }
}

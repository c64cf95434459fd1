package dev.longshore.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Answers each request over TLS with an empty item after 5 ms, and counts the connections that its clients open. */
final class CountingServer implements AutoCloseable {
    private static final long ANSWER_NANOS = 5_000_000;
    private static final char[] PASSWORD = "loopback".toCharArray();

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();

    private CountingServer(SSLContext tls) throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    static CountingServer start() throws IOException, GeneralSecurityException, InterruptedException {
        // its own limits are 200 idle connections, and less than that behind them
        System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
        System.setProperty("jdk.httpserver.maxConnections", "10000");
        return new CountingServer(tls());
    }

    private void answer(HttpExchange exchange) throws IOException {
        clients.add(exchange.getRemoteAddress());
        exchange.getRequestBody().readAllBytes();
        LockSupport.parkNanos(ANSWER_NANOS);
        byte[] answer = "{}".getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    URI endpoint() {
        return URI.create("https://localhost:" + server.getAddress().getPort());
    }

    /** Connections since the last call. */
    int takeConnections() {
        int connections = clients.size();
        clients.clear();
        return connections;
    }

    private static SSLContext tls() throws IOException, GeneralSecurityException, InterruptedException {
        Path file = Files.createTempDirectory("loopback").resolve("keys");
        int status = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "loopback",
                        "-dname",
                        "CN=localhost",
                        "-keyalg",
                        "EC",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException("keytool ended with status " + status + "; the benchmark needs a JDK");
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        return tls;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}

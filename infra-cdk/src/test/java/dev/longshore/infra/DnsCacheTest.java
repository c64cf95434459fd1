package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the JVM of a function has addresses in a snapshot, tried in a JVM that is started as Lambda starts one. */
class DnsCacheTest {
    @TempDir
    private Path services;

    @Test
    void aFunctionsJvmLooksANameUpEachTime() throws Exception {
        assertThat(lookupsOfTwoCalls(FunctionEnvironment.OUR_JVM_FLAGS)).isEqualTo("2");
    }

    @Test
    void withoutLongshoresFlagsTheJvmCachesAnAddress() throws Exception {
        assertThat(lookupsOfTwoCalls("")).isEqualTo("1");
    }

    private String lookupsOfTwoCalls(String flags) throws IOException, InterruptedException, URISyntaxException {
        Path provider = services.resolve("META-INF/services/" + InetAddressResolverProvider.class.getName());
        Files.createDirectories(provider.getParent());
        Files.writeString(provider, CountingResolvers.class.getName());
        Path classes = Path.of(DnsCacheTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classes + System.getProperty("path.separator") + services,
                        TwoCalls.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        java.environment().put(FunctionEnvironment.JVM_OPTIONS, flags);

        Process process = java.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        return printed.strip();
    }

    /** Looks one name up twice, and prints how often the resolver was called. */
    static final class TwoCalls {
        private TwoCalls() {}

        public static void main(String[] args) throws UnknownHostException {
            InetAddress.getAllByName("dynamodb.example");
            InetAddress.getAllByName("dynamodb.example");
            System.out.println(CountingResolvers.LOOKUPS);
        }
    }

    /** Plays DNS, below the JVM's cache. */
    public static final class CountingResolvers extends InetAddressResolverProvider implements InetAddressResolver {
        static final AtomicInteger LOOKUPS = new AtomicInteger();

        @Override
        public InetAddressResolver get(Configuration configuration) {
            return this;
        }

        @Override
        public String name() {
            return "counting";
        }

        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
            LOOKUPS.incrementAndGet();
            return Stream.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}));
        }

        @Override
        public String lookupByAddress(byte[] address) throws UnknownHostException {
            throw new UnknownHostException("Only names are looked up here");
        }
    }
}

package dev.longshore.job.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

class AwsEnginesTest {
    @Test
    void thePoolsAreReadFromOneVariable() {
        assertThat(AwsEngines.pools(" default=https://q/1/a,https://q/1/a-dlq\nheavy=https://q/1/h,https://q/1/h-dlq "))
                .isEqualTo(Map.of(
                        "default", new PoolQueues("https://q/1/a", "https://q/1/a-dlq"),
                        "heavy", new PoolQueues("https://q/1/h", "https://q/1/h-dlq")));
    }

    @Test
    void aMalformedEntryIsNamed() {
        for (String setting : List.of("default", "default=https://q/1/a", "a=b,c,d", "=b,c", "a=,c", "a=b,")) {
            assertThatIllegalStateException()
                    .as(setting)
                    .isThrownBy(() -> AwsEngines.pools(setting))
                    .withMessageContaining("LONGSHORE_QUEUES")
                    .withMessageContaining("'" + setting + "'");
        }
    }

    @Test
    @Timeout(10)
    void callThatIsNotAnsweredFails() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SdkHttpClient http = AwsEngines.http(Duration.ofMillis(50)).build()) {
            SdkHttpRequest request = SdkHttpRequest.builder()
                    .method(SdkHttpMethod.GET)
                    .uri(URI.create("http://127.0.0.1:" + silent.getLocalPort()))
                    .build();

            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> http.prepareRequest(HttpExecuteRequest.builder()
                                    .request(request)
                                    .build())
                            .call());
        }
    }

    @Test
    void aMissingVariableIsNamed() {
        assertThatIllegalStateException()
                .isThrownBy(() -> AwsEngines.fileStore(Map.of()))
                .withMessage("The environment variable LONGSHORE_BUCKET is not set; the CDK construct sets it");
        assertThatIllegalStateException()
                .isThrownBy(() -> AwsEngines.fileStore(Map.of("LONGSHORE_BUCKET", " ")))
                .withMessageContaining("LONGSHORE_BUCKET");
    }
}

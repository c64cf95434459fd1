package dev.longshore.job.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.crac.Core;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InternalServiceErrorException;

class StackSecretsTest {
    private static final String ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:db-AbCdEf";

    private @Nullable String stored = "first";
    private boolean isDown;
    private int reads;
    private Instant now = Instant.parse("2026-03-10T12:00:00Z");
    private final StackSecrets secrets = new StackSecrets(new Manager(), Map.of("database", ARN), () -> now);

    @Test
    void valueIsReadOnceInFiveMinutes() {
        assertThat(reads).as("nothing is read before a handler asks").isZero();
        for (int job = 0; job < 100; job++) {
            assertThat(secrets.value("database")).isEqualTo("first");
        }
        assertThat(reads).isEqualTo(1);

        stored = "rotated";
        now = now.plus(StackSecrets.REMEMBERED).minusMillis(1);
        assertThat(secrets.value("database")).isEqualTo("first");
        now = now.plusMillis(1);
        assertThat(secrets.value("database")).isEqualTo("rotated");
    }

    @Test
    void latestIsReadAtOnceForALoginThatWasRefused() {
        secrets.value("database");
        stored = "rotated";

        assertThat(secrets.latest("database")).isEqualTo("rotated");
        assertThat(secrets.value("database")).isEqualTo("rotated");
        assertThat(reads).isEqualTo(2);
    }

    /** The snapshot of SnapStart may be weeks old when a function is restored from it. */
    @Test
    void restoredFunctionReadsTheValueAnew() {
        secrets.value("database");
        stored = "rotated";

        secrets.afterRestore(Core.getGlobalContext());

        assertThat(secrets.value("database")).isEqualTo("rotated");
    }

    @Test
    void failedReadKeepsThePreviousValueAndIsRetriedAfterAMinute() {
        secrets.value("database");
        isDown = true;
        now = now.plus(StackSecrets.REMEMBERED);

        assertThat(secrets.value("database")).isEqualTo("first");
        assertThat(secrets.value("database")).isEqualTo("first");
        assertThat(reads).as("not a call for each job").isEqualTo(2);

        isDown = false;
        stored = "rotated";
        now = now.plus(Duration.ofMinutes(1));
        assertThat(secrets.value("database")).isEqualTo("rotated");
    }

    @Test
    void firstReadThatFailsNamesTheSecretAndLatestNeverAnswersAnOldValue() {
        isDown = true;
        assertThatIllegalStateException()
                .isThrownBy(() -> secrets.value("database"))
                .withMessage("Secrets Manager call failed for the secret database (" + ARN + ")");

        isDown = false;
        secrets.value("database");
        isDown = true;
        assertThatIllegalStateException().isThrownBy(() -> secrets.latest("database"));
    }

    @Test
    void secretOfBytesAndUnknownNamesSayWhatToDo() {
        stored = null;
        assertThatIllegalStateException()
                .isThrownBy(() -> secrets.value("database"))
                .withMessageContaining("holds bytes and no text");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> secrets.value("databse"))
                .withMessageContaining("no secret databse; it has database")
                .withMessageContaining("FunctionSettings.secret(\"databse\"");
    }

    @Test
    void settingOfTheConstructIsRead() {
        assertThat(StackSecrets.arns("database=" + ARN + " token=arn:x"))
                .containsExactly(Map.entry("database", ARN), Map.entry("token", "arn:x"));
        assertThatThrownBy(() -> StackSecrets.arns("database="))
                .hasMessageContaining("LONGSHORE_SECRETS takes")
                .hasMessageContaining("'database='");
    }

    private final class Manager implements SecretsManagerClient {
        @Override
        public GetSecretValueResponse getSecretValue(GetSecretValueRequest request) {
            reads++;
            assertThat(request.secretId()).isEqualTo(ARN);
            if (isDown) {
                throw InternalServiceErrorException.builder().build();
            }
            return GetSecretValueResponse.builder().secretString(stored).build();
        }

        @Override
        public String serviceName() {
            return "secretsmanager";
        }

        @Override
        public void close() {}
    }
}

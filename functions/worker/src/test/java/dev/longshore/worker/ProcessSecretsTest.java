package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.longshore.task.Json;
import dev.longshore.task.Secrets;
import dev.longshore.task.TaskCatalog;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProcessSecretsTest {
    private static final String PROPERTY = "longshore.secret.process-secrets-test";

    @AfterEach
    void clear() {
        System.clearProperty(PROPERTY);
    }

    @Test
    void propertyComesBeforeTheVariable() {
        Secrets secrets = new ProcessSecrets(
                Map.of("longshore.secret.crm.token", "of the property")::get,
                Map.of("LONGSHORE_SECRET_CRM_TOKEN", "of the environment", "LONGSHORE_SECRET_DB", "jdbc"));

        assertThat(secrets.value("crm.token")).isEqualTo("of the property");
        assertThat(secrets.latest("db")).isEqualTo("jdbc");
    }

    @Test
    void missingSecretIsNamedWithBothPlaces() {
        Secrets secrets = new ProcessSecrets(name -> null, Map.of());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> secrets.value("crm-token"))
                .withMessageContaining("longshore.secret.crm-token")
                .withMessageContaining("LONGSHORE_SECRET_CRM_TOKEN");
    }

    @Test
    void workerOutsideOfLambdaReadsThoseOfItsProcess() {
        System.setProperty(PROPERTY, "s3cr3t");

        assertThat(new SecretWorker().secret()).isEqualTo("s3cr3t");
    }

    private static final class SecretWorker extends WorkerFunction {
        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("greet", Json.class, (payload, job) -> payload);
        }

        String secret() {
            return secrets().value("process-secrets-test");
        }
    }
}

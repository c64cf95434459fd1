package dev.longshore.cli;

import static dev.longshore.cli.Answers.problem;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimitCommandsTest extends CommandTest {
    private static final String SET =
            "{\"name\":\"crm-api\",\"concurrent\":3,\"perKey\":true,\"tasks\":[\"sync\"],\"code\":5,"
                    + "\"setAt\":\"2026-11-28T11:00:00.000Z\",\"setBy\":\"me\",\"used\":3,\"waiting\":12,"
                    + "\"oldestWaiting\":\"2026-11-28T11:58:45.000Z\",\"keys\":[{\"key\":\"acme\",\"used\":3,\"waiting\":12,"
                    + "\"oldestWaiting\":\"2026-11-28T11:58:45.000Z\"}]}";
    private static final String OF_CODE =
            "{\"name\":\"report\",\"concurrent\":5,\"perKey\":false,\"tasks\":[\"report\"],\"used\":0,\"waiting\":0}";

    @Test
    void limitsAreATableWithTheCodesNumberWhereAnotherIsSet() {
        api.answers("GET /v1/limits", 200, "{\"limits\":[" + SET + "," + OF_CODE + "]}");

        assertThat(run.run("limits")).isZero();

        assertThat(run.out()).isEqualTo("""
                        LIMIT    CONCURRENT  PER KEY  USED  WAITING  OLDEST
                        crm-api  3 (code 5)  yes         3       12  1 min 15 s ago
                        report   5           no          0        0  -
                        """);
    }

    @Test
    void limitsAsJsonAreTheApisOwnWithTheirKeys() {
        api.answers("GET /v1/limits", 200, "{\"limits\":[" + SET + "," + OF_CODE + "]}");

        assertThat(run.run("limits", "--json")).isZero();

        assertThat(run.out().lines()).hasSize(2);
        assertThat(run.out()).contains("\"keys\":[{\"key\":\"acme\",\"used\":3").doesNotContain("null");
    }

    @Test
    void withoutLimitsAMessageSaysSo() {
        api.answers("GET /v1/limits", 200, "{\"limits\":[]}");

        assertThat(run.run("limits")).isZero();

        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("No task has a limit\n");
    }

    @Test
    void setAndResetPrintTheLimitAsItIsAfter() {
        api.answers("PUT /v1/limits/crm-api", 200, SET).answers("DELETE /v1/limits/report", 200, OF_CODE);

        assertThat(run.run("limits", "set", "crm-api", "3")).isZero();
        assertThat(run.out()).isEqualTo("limit crm-api lets 3 (code 5) run at once per key, 3 used, 12 waiting\n");
        assertThat(run.run("limits", "reset", "report")).isZero();
        assertThat(run.out()).isEqualTo("limit report lets 5 run at once, 0 used, 0 waiting\n");

        assertThat(api.requests().get(0).body()).isEqualTo("{\"concurrent\":3}");
        assertThat(run.run("limits", "reset", "report", "--json")).isZero();
        assertThat(run.out()).startsWith("{\"name\":\"report\",\"concurrent\":5");
    }

    @Test
    void wrongNumbersAndUnknownLimitsAreRefused() {
        api.answers("PUT /v1/limits/crm-ap", 404, problem(404, "not-found", "There is no limit 'crm-ap'"));

        assertThat(run.run("limits", "set", "crm-api", "many")).isEqualTo(2);
        assertThat(run.run("limits", "set", "crm-api")).isEqualTo(2);
        assertThat(api.requests()).isEmpty();
        assertThat(run.run("limits", "set", "crm-ap", "3")).isEqualTo(3);
        assertThat(run.err()).contains("There is no limit 'crm-ap'");
    }

    @Test
    void optionsBeforeSetAreRefusedSoThatNoOtherApiIsChanged() {
        assertThat(run.run("limits", "--url", "http://127.0.0.1:1", "set", "crm-api", "3"))
                .isEqualTo(2);

        assertThat(run.err()).contains("takes its options behind 'set', not before it");
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void tasksNameTheirLimits() {
        api.answers(
                "GET /v1/tasks",
                200,
                "{\"tasks\":[{\"name\":\"sync\",\"pool\":\"default\",\"timeoutSeconds\":30,\"maxAttempts\":3,"
                        + "\"retentionSeconds\":604800,\"payload\":{},\"limits\":[\"crm-api\",\"sync\"]}]}");

        assertThat(run.run("tasks")).isZero();

        assertThat(run.out()).isEqualTo("""
                        TASK  POOL     TIMEOUT  ATTEMPTS  STATE   LIMITS         ALIASES  EXAMPLE
                        sync  default  30 s            3  active  crm-api, sync        -        -
                        """);
    }
}

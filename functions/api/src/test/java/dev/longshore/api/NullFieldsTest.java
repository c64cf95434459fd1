package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.longshore.api.ApiStage.Answer;
import dev.longshore.task.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A null where the contract admits one is read as a field that is not there, and is refused where it does not. */
class NullFieldsTest {
    private final ApiStage stage = new ApiStage();
    private final JsonNode contract =
            stage.send("GET", "/openapi.json", Map.of(), new byte[0]).json();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    POST | /v1/jobs               | NewJob      | {"task":"echo"}
                    POST | /v1/uploads            | NewUpload   | {"bytes":1000000}
                    POST | /v1/jobs/{id}/retry    | Retry       | {}
                    POST | /v1/jobs/{id}/rerun    | Rerun       | {}
                    POST | /v1/jobs/retry         | Redrive     | {"task":"echo"}
                    POST | /v1/jobs/purge         | Purge       | {"task":"echo"}
                    POST | /v1/keys               | NewKey      | {"name":"k","scopes":["read"]}
                    POST | /v1/keys/{key}/rotate  | Rotation    | {}
                    PUT  | /v1/schedules/s        | NewSchedule | {"task":"echo","cron":"@daily"}
                    PUT  | /v1/schedules/s        | NewSchedule | {"task":"echo","every":"PT90M"}
                    """)
    void everyFieldOfARequestTakesNullAsTheContractSays(String method, String path, String name, String body) {
        ObjectNode schema = (ObjectNode) contract.at("/components/schemas/" + name);
        Schema compiled = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema.deepCopy().set("components", contract.get("components")));

        schema.get("properties").propertyNames().forEach(field -> {
            ObjectNode request = ((ObjectNode) Json.parse(body).tree()).putNull(field);
            boolean admitted = compiled.validate(request).isEmpty();

            Answer answer = send(method, path, request);

            assertThat(answer.status())
                    .as("%s with a %s of null: %s", path, field, answer.body())
                    .isIn(admitted ? new Object[] {200, 201, 202} : new Object[] {422});
        });
    }

    private Answer send(String method, String path, JsonNode request) {
        String place =
                path.replace("{id}", stage.dead("echo", "no route").text()).replace("{key}", "all");
        Map<String, String> headers =
                Map.of("authorization", "Bearer " + ApiStage.KEY, "content-type", "application/json");
        return stage.send(method, place, headers, request.toString().getBytes(StandardCharsets.UTF_8));
    }
}

package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.cxapi.SynthesisMessageLevel;

/** The app that {@code cdk} calls, with what {@code -c} gives it. */
class ExampleAppTest {
    private static final Path WORKER = Path.of("target", "example", "longshore-examples.jar");

    @Test
    void everyFrontDoorIsSynthesizedWithoutAnError() {
        for (String door : List.of("http-api", "rest-api", "function-url")) {
            assertThat(errors(Map.of("frontDoor", door))).as(door).isEmpty();
        }
    }

    @Test
    void aContradictionIsTheOneErrorThatCdkPrints() {
        assertThat(errors(Map.of("visibility", "20")))
                .singleElement()
                .asString()
                .startsWith("The pool rehearsals cannot be deployed: its visibility time-out of PT20S")
                .contains("its function's time-out of PT25S");
    }

    @Test
    void aDoorThatIsNotThereIsRefusedWithTheListOfDoors() {
        assertThat(errors(Map.of("frontDoor", "front-gate")))
                .containsExactly("frontDoor takes http-api, rest-api or function-url, and got 'front-gate'");
    }

    @SuppressWarnings("deprecation") // the CDK has no other method yet that reads annotations
    private static List<String> errors(Map<String, String> given) {
        Map<String, Object> context = new HashMap<>(StackTemplate.appProps().getContext());
        context.putAll(given);
        App app = new App(AppProps.builder().context(context).build());
        ExampleApp.stack(app, WORKER);
        return app.synth().getStackByName("Longshore").getMessages().stream()
                .filter(message -> message.getLevel() == SynthesisMessageLevel.ERROR)
                .map(message -> message.getEntry().getData().toString())
                .toList();
    }
}

package dev.longshore.infra;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.RuleTargetInput;
import software.amazon.awscdk.services.events.Schedule;
import software.amazon.awscdk.services.events.targets.LambdaFunction;
import software.amazon.awscdk.services.lambda.EventInvokeConfigOptions;
import software.constructs.Construct;

/**
 * What EventBridge invokes by the clock: the dispatcher every minute, and every other function once a day, with an event that
 * changes nothing. A version that is not invoked for 14 days becomes inactive and its next invocation fails
 * ({@code docs/adr/0017-daily-invocations-and-kept-versions.md}).
 *
 * <p>These invocations are asynchronous: by default Lambda repeats a failed one twice, and keeps a throttled one for six hours
 * ("How Lambda handles errors and retries with asynchronous invocation"). The next one does the same, so none is repeated, and
 * none is kept for more than a minute, the least that Lambda takes.
 */
final class ScheduledInvocations {
    private static final Duration MINUTE = Duration.minutes(1);
    private static final Duration DAY = Duration.days(1);

    private static final Map<String, Object> EMPTY_BATCH = Map.of("Records", List.of());

    /** In payload format 2.0, which ApiFunction reads behind every door: a GET, since it names no method, without a key. */
    private static final Map<String, Object> HEALTH_CHECK =
            new TreeMap<>(Map.of("rawPath", "/v1/health", "requestContext", Map.of("requestId", "daily")));

    private final Construct scope;

    ScheduledInvocations(Construct scope, Functions functions) {
        this.scope = scope;
        rule("EveryMinute", "the dispatcher's tick", MINUTE, target(functions.dispatcher));
        keepActive(functions.api, HEALTH_CHECK);
        functions.workers.values().forEach(worker -> keepActive(worker, EMPTY_BATCH));
        keepActive(functions.deadLetters, EMPTY_BATCH);
    }

    private void keepActive(Functions.Deployed one, Map<String, Object> event) {
        rule(
                "EveryDay-" + one.name(),
                "keeps the version of " + one.name() + " active",
                DAY,
                target(one).event(RuleTargetInput.fromObject(event)));
    }

    private static LambdaFunction.Builder target(Functions.Deployed one) {
        one.alias()
                .configureAsyncInvoke(EventInvokeConfigOptions.builder()
                        .retryAttempts(0)
                        .maxEventAge(MINUTE)
                        .build());
        return LambdaFunction.Builder.create(one.alias()).retryAttempts(0);
    }

    private void rule(String id, String description, Duration rate, LambdaFunction.Builder target) {
        Rule.Builder.create(scope, id)
                .description("Longshore: " + description)
                .schedule(Schedule.rate(rate))
                .targets(List.of(target.build()))
                .build();
    }
}

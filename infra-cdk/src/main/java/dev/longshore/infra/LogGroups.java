package dev.longshore.infra;

import software.amazon.awscdk.services.logs.FilterPattern;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.SubscriptionFilter;
import software.constructs.Construct;

/** The log groups that the construct makes: of functions, containers and front doors. */
final class LogGroups {
    private LogGroups() {}

    /** The group that the settings name, or one of the worker's own; every line goes to their destination too. */
    static ILogGroup of(Construct scope, String worker, FunctionSettings settings, LongshoreProps props) {
        ILogGroup group = settings.logGroup().orElseGet(() -> of(scope, worker + "Logs", props));
        settings.logDestination()
                .ifPresent(destination -> SubscriptionFilter.Builder.create(scope, worker + "LogDestination")
                        .logGroup(group)
                        .destination(destination)
                        .filterPattern(FilterPattern.allEvents())
                        .build());
        return group;
    }

    static LogGroup of(Construct scope, String id, LongshoreProps props) {
        return LogGroup.Builder.create(scope, id)
                .retention(props.logRetention())
                .encryptionKey(props.storage().key().orElse(null))
                .removalPolicy(props.removalPolicy())
                .build();
    }
}

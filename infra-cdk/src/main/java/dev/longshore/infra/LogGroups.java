package dev.longshore.infra;

import software.amazon.awscdk.services.logs.LogGroup;
import software.constructs.Construct;

/** The log groups that the construct makes: of functions, containers and front doors. */
final class LogGroups {
    private LogGroups() {}

    static LogGroup of(Construct scope, String id, LongshoreProps props) {
        return LogGroup.Builder.create(scope, id)
                .retention(props.logRetention())
                .encryptionKey(props.storage().key().orElse(null))
                .removalPolicy(props.removalPolicy())
                .build();
    }
}

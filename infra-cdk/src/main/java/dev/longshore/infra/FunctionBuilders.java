package dev.longshore.infra;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.FileSystem;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.SnapStartConf;
import software.amazon.awscdk.services.lambda.Tracing;
import software.amazon.awscdk.services.lambda.VersionOptions;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.constructs.Construct;

/** Builders of the functions, each with its role, its log, and its {@link FunctionSettings}. */
final class FunctionBuilders {
    /** Lambda holds a function's network interfaces in its name, and these actions know no resource before there is one. */
    private static final List<String> NETWORK_INTERFACES = List.of(
            "ec2:AssignPrivateIpAddresses",
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:UnassignPrivateIpAddresses");

    /** The size of {@code /tmp} that costs nothing, and the most that SnapStart takes ("Lambda SnapStart"). */
    private static final int TMP_MIB = 512;

    /** A version that has left the template is the target of a roll-back ({@code docs/deploying.md#roll-back}). */
    private static final VersionOptions KEPT_UNLESS_ITS_DEPLOYMENT_FAILS = VersionOptions.builder()
            .removalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
            .build();

    private final Construct scope;
    private final LongshoreProps props;

    FunctionBuilders(Construct scope, LongshoreProps props) {
        this.scope = scope;
        this.props = props;
    }

    Function.Builder of(String id, FunctionSettings settings, boolean hasSnapStart) {
        ILogGroup logs = LogGroups.of(scope, id, settings, props);
        Role role = Role.Builder.create(scope, id + "Role")
                .description("Longshore: what " + id + " may do")
                .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
                .build();
        logs.grantWrite(role);
        settings.secrets().values().forEach(secret -> secret.grantRead(role));
        Function.Builder function = Function.Builder.create(scope, id)
                .architecture(settings.isX86() ? Architecture.X86_64 : Architecture.ARM_64)
                .role(role)
                .logGroup(logs)
                .tracing(props.hasTracing() ? Tracing.ACTIVE : Tracing.DISABLED)
                .currentVersionOptions(KEPT_UNLESS_ITS_DEPLOYMENT_FAILS)
                .snapStart(hasSnapStart && allowsSnapStart(settings) ? SnapStartConf.ON_PUBLISHED_VERSIONS : null);
        settings.network().ifPresent(network -> {
            network.applyTo(function);
            role.addToPolicy(PolicyStatement.Builder.create()
                    .actions(NETWORK_INTERFACES)
                    .resources(List.of("*"))
                    .build());
        });
        settings.tmpSize().ifPresent(size -> function.ephemeralStorageSize(Size.mebibytes(size)));
        settings.files()
                .ifPresent(files ->
                        function.filesystem(FileSystem.fromEfsAccessPoint(files.accessPoint(), files.folder())));
        if (!settings.layers().isEmpty()) {
            function.layers(settings.layers());
        }
        return function;
    }

    /** What SnapStart does not go with is in "Lambda SnapStart", AWS Lambda Developer Guide. */
    private static boolean allowsSnapStart(FunctionSettings settings) {
        return settings.files().isEmpty() && settings.tmpSize().orElse(TMP_MIB) <= TMP_MIB;
    }

    /** The variables that settings make: the team's own, and what Longshore reads of the settings. */
    static Map<String, String> environment(FunctionSettings settings) {
        Map<String, String> environment = new LinkedHashMap<>(settings.environment());
        environment.put(
                FunctionEnvironment.JVM_OPTIONS,
                JvmFlags.joined(FunctionEnvironment.OUR_JVM_FLAGS, settings.jvmFlags()));
        settings.logLevel().ifPresent(level -> environment.put(FunctionEnvironment.LOG_LEVEL, level.name()));
        if (!settings.secrets().isEmpty()) {
            environment.put(
                    FunctionEnvironment.SECRETS,
                    settings.secrets().entrySet().stream()
                            .map(secret ->
                                    secret.getKey() + "=" + secret.getValue().getSecretArn())
                            .collect(Collectors.joining(" ")));
        }
        return environment;
    }
}

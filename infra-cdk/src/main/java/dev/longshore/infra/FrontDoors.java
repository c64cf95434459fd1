package dev.longshore.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.aws_apigatewayv2_authorizers.HttpIamAuthorizer;
import software.amazon.awscdk.aws_apigatewayv2_authorizers.HttpJwtAuthorizer;
import software.amazon.awscdk.aws_apigatewayv2_integrations.HttpLambdaIntegration;
import software.amazon.awscdk.services.apigateway.AccessLogFormat;
import software.amazon.awscdk.services.apigateway.AuthorizationType;
import software.amazon.awscdk.services.apigateway.EndpointConfiguration;
import software.amazon.awscdk.services.apigateway.EndpointType;
import software.amazon.awscdk.services.apigateway.LambdaRestApi;
import software.amazon.awscdk.services.apigateway.LogGroupLogDestination;
import software.amazon.awscdk.services.apigateway.MethodOptions;
import software.amazon.awscdk.services.apigateway.StageOptions;
import software.amazon.awscdk.services.apigatewayv2.ApiMapping;
import software.amazon.awscdk.services.apigatewayv2.CfnStage;
import software.amazon.awscdk.services.apigatewayv2.CorsHttpMethod;
import software.amazon.awscdk.services.apigatewayv2.CorsPreflightOptions;
import software.amazon.awscdk.services.apigatewayv2.DomainName;
import software.amazon.awscdk.services.apigatewayv2.HttpApi;
import software.amazon.awscdk.services.apigatewayv2.HttpStage;
import software.amazon.awscdk.services.apigatewayv2.ThrottleSettings;
import software.amazon.awscdk.services.certificatemanager.Certificate;
import software.amazon.awscdk.services.ec2.IVpcEndpoint;
import software.amazon.awscdk.services.iam.AnyPrincipal;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.FunctionUrl;
import software.amazon.awscdk.services.lambda.FunctionUrlAuthType;
import software.amazon.awscdk.services.lambda.FunctionUrlCorsOptions;
import software.amazon.awscdk.services.lambda.FunctionUrlOptions;
import software.amazon.awscdk.services.lambda.HttpMethod;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.wafv2.CfnWebACLAssociation;
import software.constructs.Construct;

/** Builds the front door. Behind each of them ApiFunction checks the keys. */
final class FrontDoors {
    private static final List<String> HEADERS =
            List.of("authorization", "content-type", "idempotency-key", "traceparent", "x-longshore-key");

    private final Construct scope;
    private final LongshoreProps props;
    private final Alias api;

    FrontDoors(Construct scope, LongshoreProps props, Alias api) {
        this.scope = scope;
        this.props = props;
        this.api = api;
    }

    /** @return the URL, without a slash at its end */
    String open() {
        return switch (props.frontDoor()) {
            case HTTP_API -> httpApi();
            case REST_API -> restApi();
            case FUNCTION_URL -> functionUrl();
        };
    }

    private String httpApi() {
        HttpApi.Builder builder = HttpApi.Builder.create(scope, "HttpApi")
                .description("Longshore")
                .createDefaultStage(false)
                .defaultIntegration(new HttpLambdaIntegration("ApiFunction", api));
        if (!props.corsOrigins().isEmpty()) {
            builder.corsPreflight(CorsPreflightOptions.builder()
                    .allowOrigins(props.corsOrigins())
                    .allowMethods(
                            List.of(CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.PUT, CorsHttpMethod.DELETE))
                    .allowHeaders(HEADERS)
                    .build());
        }
        props.access().authorizer().ifPresent(authorizer -> {
            switch (authorizer) {
                case Access.Iam _ -> builder.defaultAuthorizer(new HttpIamAuthorizer());
                case Access.Jwt jwt ->
                    builder.defaultAuthorizer(HttpJwtAuthorizer.Builder.create("Issuer", jwt.issuer())
                            .jwtAudience(jwt.audiences())
                            .build());
            }
        });
        HttpApi door = builder.build();
        HttpStage stage = HttpStage.Builder.create(scope, "Stage")
                .httpApi(door)
                .stageName("$default")
                .autoDeploy(true)
                .throttle(ThrottleSettings.builder()
                        .rateLimit(props.throttle().requestsPerSecond())
                        .burstLimit(props.throttle().burst())
                        .build())
                .build();
        LogGroup log = accessLog();
        if (stage.getNode().getDefaultChild() instanceof CfnStage raw) {
            raw.setAccessLogSettings(CfnStage.AccessLogSettingsProperty.builder()
                    .destinationArn(log.getLogGroupArn())
                    .format(
                            "{\"requestId\":\"$context.requestId\",\"ip\":\"$context.identity.sourceIp\",\"time\":\"$context.requestTime\","
                                    + "\"method\":\"$context.httpMethod\",\"path\":\"$context.path\",\"status\":\"$context.status\","
                                    + "\"bytes\":\"$context.responseLength\",\"millis\":\"$context.responseLatency\"}")
                    .build());
        }
        props.domain().ifPresent(domain -> {
            DomainName name = DomainName.Builder.create(scope, "Domain")
                    .domainName(domain.name())
                    .certificate(Certificate.fromCertificateArn(scope, "Certificate", domain.certificateArn()))
                    .build();
            ApiMapping.Builder.create(scope, "DomainMapping")
                    .api(door)
                    .domainName(name)
                    .stage(stage)
                    .build();
            CfnOutput.Builder.create(scope, "DomainTarget")
                    .description("Where the DNS record of " + domain.name() + " is to lead")
                    .value(name.getRegionalDomainName())
                    .build();
        });
        return door.getApiEndpoint();
    }

    private String restApi() {
        Stack stack = Stack.of(scope);
        LambdaRestApi.Builder builder = LambdaRestApi.Builder.create(scope, "RestApi")
                .handler(api)
                .description("Longshore")
                .proxy(true)
                .binaryMediaTypes(List.of("*/*")) // compressed answers come in Base64
                .endpointConfiguration(endpoints())
                .cloudWatchRole(true) // without one in the account API Gateway refuses a stage that has an access log
                .deployOptions(StageOptions.builder()
                        .stageName("prod")
                        .tracingEnabled(props.hasTracing())
                        .throttlingRateLimit(props.throttle().requestsPerSecond())
                        .throttlingBurstLimit(props.throttle().burst())
                        .accessLogDestination(new LogGroupLogDestination(accessLog()))
                        .accessLogFormat(AccessLogFormat.jsonWithStandardFields())
                        .build());
        if (props.access().authorizer().isPresent()) {
            builder.defaultMethodOptions(MethodOptions.builder()
                    .authorizationType(AuthorizationType.IAM)
                    .build());
        }
        if (isPrivate()) {
            builder.policy(onlyFromItsEndpoints());
        }
        LambdaRestApi door = builder.build();
        props.access()
                .webAcl()
                .ifPresent(acl -> CfnWebACLAssociation.Builder.create(scope, "WebAcl")
                        .webAclArn(acl)
                        .resourceArn(door.getDeploymentStage().getStageArn())
                        .build());
        door.getNode().tryRemoveChild("Endpoint"); // an output with the URL a second time
        return "https://" + door.getRestApiId() + ".execute-api." + stack.getRegion() + "." + stack.getUrlSuffix() + "/"
                + door.getDeploymentStage().getStageName();
    }

    private boolean isPrivate() {
        return !props.access().endpoints().isEmpty();
    }

    private EndpointConfiguration endpoints() {
        EndpointConfiguration.Builder endpoints = EndpointConfiguration.builder()
                .types(List.of(isPrivate() ? EndpointType.PRIVATE : EndpointType.REGIONAL));
        if (isPrivate()) {
            endpoints.vpcEndpoints(props.access().endpoints());
        }
        return endpoints.build();
    }

    /** A private API refuses everything until its policy allows it ("Create a private API"). */
    private PolicyDocument onlyFromItsEndpoints() {
        List<String> ids = props.access().endpoints().stream()
                .map(IVpcEndpoint::getVpcEndpointId)
                .toList();
        PolicyStatement.Builder anyPrincipal = PolicyStatement.Builder.create()
                .principals(List.of(new AnyPrincipal()))
                .actions(List.of("execute-api:Invoke"))
                .resources(List.of("execute-api:/*"));
        return PolicyDocument.Builder.create()
                .statements(List.of(
                        anyPrincipal.effect(Effect.ALLOW).build(),
                        anyPrincipal
                                .effect(Effect.DENY)
                                .conditions(Map.of("StringNotEquals", Map.of("aws:SourceVpce", ids)))
                                .build()))
                .build();
    }

    private String functionUrl() {
        FunctionUrlOptions.Builder options = FunctionUrlOptions.builder()
                .authType(
                        props.access().authorizer().isPresent()
                                ? FunctionUrlAuthType.AWS_IAM
                                : FunctionUrlAuthType.NONE);
        if (!props.corsOrigins().isEmpty()) {
            options.cors(FunctionUrlCorsOptions.builder()
                    .allowedOrigins(props.corsOrigins())
                    .allowedMethods(List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE))
                    .allowedHeaders(HEADERS)
                    .build());
        }
        FunctionUrl url = api.addFunctionUrl(options.build());
        return "https://" + Fn.select(2, Fn.split("/", url.getUrl()));
    }

    private LogGroup accessLog() {
        return LogGroups.of(scope, "AccessLogs", props);
    }
}

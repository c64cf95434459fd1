package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FrontDoorTest {
    private static final StackTemplate HTTP_API = StackTemplate.of(StackTemplate.props());
    private static final StackTemplate REST_API =
            StackTemplate.of(StackTemplate.props().frontDoor(FrontDoor.REST_API).throttle(7, 9));
    private static final StackTemplate FUNCTION_URL =
            StackTemplate.of(StackTemplate.props().frontDoor(FrontDoor.FUNCTION_URL));

    @Test
    void thereIsOneDoor() {
        assertThat(doors(HTTP_API)).isEqualTo("1 0 0");
        assertThat(doors(REST_API)).isEqualTo("0 1 0");
        assertThat(doors(FUNCTION_URL)).isEqualTo("0 0 1");
    }

    private static String doors(StackTemplate template) {
        return template.ofType("AWS::ApiGatewayV2::Api").size() + " "
                + template.ofType("AWS::ApiGateway::RestApi").size() + " "
                + template.ofType("AWS::Lambda::Url").size();
    }

    @Test
    void anHttpApiIsThrottledLogsItsRequestsAndSendsFormatTwo() {
        JsonNode stage = HTTP_API.properties("Stage");

        assertThat(stage.get("StageName").asString()).isEqualTo("$default");
        assertThat(stage.get("DefaultRouteSettings").get("ThrottlingRateLimit").asInt())
                .isEqualTo(100);
        assertThat(stage.get("DefaultRouteSettings").get("ThrottlingBurstLimit").asInt())
                .isEqualTo(200);
        assertThat(stage.get("AccessLogSettings").get("DestinationArn").toString())
                .contains(HTTP_API.id("AccessLogs"));
        assertThat(HTTP_API.propertiesOfAll("AWS::ApiGatewayV2::Integration"))
                .singleElement()
                .satisfies(integration -> assertThat(
                                integration.get("PayloadFormatVersion").asString())
                        .isEqualTo("2.0"));
    }

    @Test
    void aRestApiIsThrottledLogsItsRequestsAndSendsEverythingToTheFunction() {
        JsonNode stage = REST_API.properties("RestApiDeploymentStageprod");

        assertThat(stage.get("MethodSettings").get(0).get("ThrottlingRateLimit").asInt())
                .isEqualTo(7);
        assertThat(stage.get("MethodSettings")
                        .get(0)
                        .get("ThrottlingBurstLimit")
                        .asInt())
                .isEqualTo(9);
        assertThat(stage.get("MethodSettings").get(0).get("DataTraceEnabled").asBoolean())
                .as("bodies stay out of logs")
                .isFalse();
        assertThat(stage.get("AccessLogSetting").get("DestinationArn").toString())
                .contains(REST_API.id("AccessLogs"));
        assertThat(REST_API.ofType("AWS::ApiGateway::Account"))
                .as("without its role API Gateway refuses a stage with an access log")
                .hasSize(1);
        assertThat(REST_API.properties("RestApi").get("BinaryMediaTypes").toString())
                .isEqualTo("[\"*/*\"]");
        assertThat(REST_API.properties("RestApiproxy").get("PathPart").asString())
                .isEqualTo("{proxy+}");
    }

    @Test
    void noAccessLogHoldsAKeyOrABody() {
        String formats = HTTP_API.properties("Stage")
                        .get("AccessLogSettings")
                        .get("Format")
                        .asString()
                + REST_API.properties("RestApiDeploymentStageprod")
                        .get("AccessLogSetting")
                        .get("Format")
                        .asString();

        assertThat(formats).contains("$context.requestId").doesNotContainIgnoringCase("authorization");
        assertThat(formats).doesNotContain("body", "header", "querystring");
    }

    @Test
    void aFunctionUrlIsOnTheAliasAndKeysAreTheFunctionsOwnMatter() {
        JsonNode url = FUNCTION_URL.propertiesOfAll("AWS::Lambda::Url").getFirst();

        assertThat(url.get("AuthType").asString()).isEqualTo("NONE");
        assertThat(url.get("TargetFunctionArn").toString()).contains(FUNCTION_URL.id("Api"));
        assertThat(url.get("Qualifier").asString()).isEqualTo("live");
    }

    @Test
    void noWebPageOfAnotherOriginMayCallTheApiUnlessItIsNamed() {
        assertThat(HTTP_API.properties("HttpApi").has("CorsConfiguration")).isFalse();
        assertThat(FUNCTION_URL.propertiesOfAll("AWS::Lambda::Url").getFirst().has("Cors"))
                .isFalse();

        JsonNode http = StackTemplate.of(StackTemplate.props().corsOrigins("https://example.com"))
                .properties("HttpApi")
                .get("CorsConfiguration");
        JsonNode url = StackTemplate.of(
                        StackTemplate.props().frontDoor(FrontDoor.FUNCTION_URL).corsOrigins("https://example.com"))
                .propertiesOfAll("AWS::Lambda::Url")
                .getFirst()
                .get("Cors");
        for (JsonNode cors : new JsonNode[] {http, url}) {
            assertThat(cors.get("AllowOrigins").toString()).isEqualTo("[\"https://example.com\"]");
            assertThat(cors.get("AllowMethods").toString()).isEqualTo("[\"GET\",\"POST\",\"PUT\",\"DELETE\"]");
            assertThat(cors.get("AllowHeaders").toString()).contains("authorization", "idempotency-key");
        }
    }

    @Test
    void aDomainOfOnesOwnLeadsToTheHttpApi() {
        StackTemplate template = StackTemplate.of(StackTemplate.props()
                .domain("jobs.example.com", "arn:aws:acm:eu-central-1:111122223333:certificate/1"));

        JsonNode domain = template.properties("Domain");
        assertThat(domain.get("DomainName").asString()).isEqualTo("jobs.example.com");
        assertThat(domain.get("DomainNameConfigurations")
                        .get(0)
                        .get("CertificateArn")
                        .asString())
                .isEqualTo("arn:aws:acm:eu-central-1:111122223333:certificate/1");
        assertThat(template.properties("DomainMapping").get("ApiId").get("Ref").asString())
                .isEqualTo(template.id("HttpApi"));
        assertThat(template.outputs()).containsKey("DomainTarget");
    }

    @Test
    void theOutputsSayWhereTheApiIsAndHowToMakeTheFirstKey() {
        for (StackTemplate template : new StackTemplate[] {HTTP_API, REST_API, FUNCTION_URL}) {
            assertThat(template.outputs()).containsOnlyKeys("Url", "FirstKeySecret");
            assertThat(template.outputs().get("Url").get("Value").toString())
                    .as("a path is put behind it")
                    .doesNotEndWith("/\"]]}");
            assertThat(template.outputs()
                            .get("FirstKeySecret")
                            .get("Description")
                            .asString())
                    .contains("ls_<id>_<secret>", "aws secretsmanager get-secret-value");
        }
    }
}

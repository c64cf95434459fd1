package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpoint;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpointAttributes;
import tools.jackson.databind.JsonNode;

/** What protects the API beside its keys. */
class AccessTest {
    private static final String ACL = "arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/jobs/1";

    @Test
    void webAclIsBeforeTheStageOfARestApi() {
        StackTemplate template = template(FrontDoor.REST_API, Access.byKey().webAcl(ACL));

        JsonNode association = template.properties("WebAcl");
        assertThat(association.get("WebACLArn").asString()).isEqualTo(ACL);
        assertThat(association.get("ResourceArn").toString())
                .contains("/restapis/", template.id("RestApi"), "/stages/", template.id("RestApiDeploymentStageprod"));
    }

    @Test
    void privateRestApiAnswersItsVpcEndpointsAlone() {
        StackTemplate template = StackTemplate.of(stack -> new Longshore(
                stack,
                "Jobs",
                StackTemplate.props()
                        .frontDoor(FrontDoor.REST_API)
                        .access(Access.byKey()
                                .privateTo(InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(
                                        stack,
                                        "Endpoint",
                                        InterfaceVpcEndpointAttributes.builder()
                                                .vpcEndpointId("vpce-1")
                                                .port(443)
                                                .build())))));

        JsonNode api = template.properties("RestApi");
        assertThat(api.get("EndpointConfiguration").toString())
                .isEqualTo("{\"Types\":[\"PRIVATE\"],\"VpcEndpointIds\":[\"vpce-1\"]}");
        JsonNode statements = api.get("Policy").get("Statement");
        assertThat(statements.get(0).get("Effect").asString()).isEqualTo("Allow");
        assertThat(statements.get(1).get("Effect").asString()).isEqualTo("Deny");
        assertThat(statements.get(1).get("Condition").toString())
                .contains("StringNotEquals", "aws:SourceVpce", "vpce-1");
        assertThat(template(FrontDoor.REST_API, Access.byKey())
                        .properties("RestApi")
                        .has("Policy"))
                .isFalse();
    }

    @Test
    void iamAuthorizesEachCallOnEveryDoor() {
        Access iam = Access.byKey().iam();

        assertThat(template(FrontDoor.HTTP_API, iam).propertiesOfAll("AWS::ApiGatewayV2::Route"))
                .isNotEmpty()
                .allSatisfy(route ->
                        assertThat(route.get("AuthorizationType").asString()).isEqualTo("AWS_IAM"));
        assertThat(template(FrontDoor.REST_API, iam).propertiesOfAll("AWS::ApiGateway::Method"))
                .hasSize(2)
                .allSatisfy(method ->
                        assertThat(method.get("AuthorizationType").asString()).isEqualTo("AWS_IAM"));
        assertThat(template(FrontDoor.FUNCTION_URL, iam)
                        .propertiesOfAll("AWS::Lambda::Url")
                        .getFirst()
                        .get("AuthType")
                        .asString())
                .isEqualTo("AWS_IAM");
    }

    @Test
    void issuerOfTokensAuthorizesEachCallOfAnHttpApi() {
        StackTemplate template =
                template(FrontDoor.HTTP_API, Access.byKey().jwt("https://login.example.com", "jobs", "reports"));

        assertThat(template.propertiesOfAll("AWS::ApiGatewayV2::Route"))
                .isNotEmpty()
                .allSatisfy(route ->
                        assertThat(route.get("AuthorizationType").asString()).isEqualTo("JWT"));
        JsonNode jwt = template.propertiesOfAll("AWS::ApiGatewayV2::Authorizer")
                .getFirst()
                .get("JwtConfiguration");
        assertThat(jwt.get("Issuer").asString()).isEqualTo("https://login.example.com");
        assertThat(jwt.get("Audience").toString()).isEqualTo("[\"jobs\",\"reports\"]");
    }

    @Test
    void doorThatCannotHaveItStopsTheSynthesis() {
        for (FrontDoor door : List.of(FrontDoor.HTTP_API, FrontDoor.FUNCTION_URL)) {
            refused(door, Access.byKey().webAcl(ACL), "which AWS WAF does not protect", "CloudFront", door.name());
        }
        refused(
                FrontDoor.REST_API,
                Access.byKey().jwt("https://login.example.com", "jobs"),
                "The issuer https://login.example.com goes with FrontDoor.HTTP_API");
        refused(FrontDoor.HTTP_API, Access.byKey().jwt("login.example.com", "jobs"), "starts with https://");
        refused(FrontDoor.HTTP_API, Access.byKey().jwt("https://login.example.com"), "one audience or more");
        StackTemplate.of(stack -> refused(
                FrontDoor.HTTP_API,
                Access.byKey()
                        .privateTo(InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(
                                stack,
                                "Endpoint",
                                InterfaceVpcEndpointAttributes.builder()
                                        .vpcEndpointId("vpce-1")
                                        .port(443)
                                        .build())),
                "privateTo goes with FrontDoor.REST_API"));
    }

    private static StackTemplate template(FrontDoor door, Access access) {
        return StackTemplate.of(StackTemplate.props().frontDoor(door).access(access));
    }

    private static void refused(FrontDoor door, Access access, String... says) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> template(door, access))
                .extracting(Throwable::getMessage, org.assertj.core.api.InstanceOfAssertFactories.STRING)
                .contains(says);
    }
}

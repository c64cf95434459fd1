package dev.longshore.infra;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.services.ec2.IVpcEndpoint;

/**
 * What protects the API beside Longshore's keys, for {@link LongshoreProps#access}: a web ACL, a VPC, an authorizer of API
 * Gateway or Lambda. Immutable; each method returns a changed copy.
 *
 * <p>An authorizer takes the header {@code Authorization}, so clients then send Longshore's key as {@code X-Longshore-Key}.
 * Every call has to pass both.
 */
public final class Access {
    static final Access BY_KEY = new Access(null, List.of(), null);

    private final @Nullable String webAcl;
    private final List<IVpcEndpoint> endpoints;
    private final @Nullable Authorizer authorizer;

    /** Who else checks a call. */
    sealed interface Authorizer {}

    /** A signature of IAM. */
    record Iam() implements Authorizer {}

    /** A token of OpenID Connect. */
    record Jwt(String issuer, List<String> audiences) implements Authorizer {}

    private Access(@Nullable String webAcl, List<IVpcEndpoint> endpoints, @Nullable Authorizer authorizer) {
        this.webAcl = webAcl;
        this.endpoints = endpoints;
        this.authorizer = authorizer;
    }

    /** Longshore's keys alone, on the internet. */
    public static Access byKey() {
        return BY_KEY;
    }

    /**
     * A regional web ACL of AWS WAF before a {@link FrontDoor#REST_API}. WAF protects no HTTP API and no Function URL by itself
     * ("Resources that you can protect with AWS WAF"); for those, the team puts its own CloudFront distribution before the API.
     *
     * @param arn of the web ACL, in the stack's region
     */
    public Access webAcl(String arn) {
        return new Access(arn, endpoints, authorizer);
    }

    /**
     * A {@link FrontDoor#REST_API} that has no address on the internet and answers these VPC endpoints of {@code execute-api}
     * alone ("Private REST APIs in API Gateway"). The output {@code Url} resolves where an endpoint has private DNS.
     */
    public Access privateTo(IVpcEndpoint... endpoints) {
        return new Access(webAcl, List.of(endpoints), authorizer);
    }

    /**
     * Calls are signed by IAM ("Signature Version 4"), and the caller's policy allows {@code execute-api:Invoke}, or {@code
     * lambda:InvokeFunctionUrl} of a Function URL. The dashboard, which a browser opens without a signature, is closed then.
     */
    public Access iam() {
        return new Access(webAcl, endpoints, new Iam());
    }

    /**
     * Calls bear a token that an issuer of OpenID Connect signed, before a {@link FrontDoor#HTTP_API} ("JWT authorizers"). The
     * dashboard, which a browser opens without a token, is closed then.
     *
     * @param issuer such as {@code https://login.example.com}
     * @param audiences of which the token has one
     */
    public Access jwt(String issuer, String... audiences) {
        return new Access(webAcl, endpoints, new Jwt(issuer, List.of(audiences)));
    }

    Optional<String> webAcl() {
        return Optional.ofNullable(webAcl);
    }

    List<IVpcEndpoint> endpoints() {
        return endpoints;
    }

    Optional<Authorizer> authorizer() {
        return Optional.ofNullable(authorizer);
    }

    /** Why this front door cannot have it, as a sentence. */
    Optional<String> contradiction(FrontDoor door) {
        if (webAcl != null && door != FrontDoor.REST_API) {
            return Optional.of("The web ACL " + webAcl + " goes with FrontDoor.REST_API, and the front door is " + door
                    + ", which AWS WAF does not protect; take REST_API, or put a CloudFront distribution with the web ACL"
                    + " before it");
        }
        if (!endpoints.isEmpty() && door != FrontDoor.REST_API) {
            return Optional.of("privateTo goes with FrontDoor.REST_API, and the front door is " + door
                    + ", which AWS has on the internet alone; take REST_API");
        }
        if (!(authorizer instanceof Jwt jwt)) {
            return Optional.empty();
        }
        if (door != FrontDoor.HTTP_API) {
            return Optional.of("The issuer " + jwt.issuer() + " goes with FrontDoor.HTTP_API, and the front door is "
                    + door + ", which has no JWT authorizer; take HTTP_API or iam()");
        }
        return jwt.audiences().isEmpty() || !jwt.issuer().startsWith("https://")
                ? Optional.of(
                        "The JWT authorizer takes an issuer that starts with https:// and one audience or more, and got "
                                + jwt.issuer() + " and " + jwt.audiences())
                : Optional.empty();
    }
}

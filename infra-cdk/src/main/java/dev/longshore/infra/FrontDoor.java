package dev.longshore.infra;

/** What receives the requests for ApiFunction; the function is the same behind each. */
public enum FrontDoor {
    /** API Gateway's HTTP API, payload format 2.0: the usual one. */
    HTTP_API,
    /** API Gateway's REST API, payload format 1.0: for WAF, private endpoints and usage plans. */
    REST_API,
    /** A Lambda Function URL, payload format 2.0: the cheapest; no throttling, no access log, no domain of one's own. */
    FUNCTION_URL
}

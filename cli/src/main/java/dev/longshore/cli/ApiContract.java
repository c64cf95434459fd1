package dev.longshore.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The contract that a deployment's API keeps: {@code /openapi.json}, which needs no key. */
final class ApiContract {
    /** The version that this command calls. */
    static final String CALLED = "1";

    private ApiContract() {}

    /**
     * The version of the contract.
     *
     * @throws IOException when the API does not answer, or with something else
     */
    static String versionAt(String url, Duration timeout) throws IOException, InterruptedException {
        URI uri = URI.create(url.replaceAll("/+$", "") + "/openapi.json");
        HttpResponse<String> answer = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .build()
                .send(HttpRequest.newBuilder(uri).timeout(timeout).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("GET /openapi.json is answered with " + answer.statusCode());
        }
        return Json.read(answer.body(), "The answer of GET /openapi.json")
                .path("info")
                .path("version")
                .asString("none");
    }
}

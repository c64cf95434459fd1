package dev.longshore.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The files that the API serves as they are: its contract and its dashboard. */
final class Resources {
    // The dashboard is one page with one script and one style sheet, and speaks to its own origin alone. Trusted types
    // ("Trusted Types", W3C) without a policy: a browser refuses to make markup of a string, whatever the script does.
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none';"
                    + " form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private Resources() {}

    static Router.PublicAnswerer json(String name) {
        return serve(name, Map.of("Content-Type", "application/json"));
    }

    static Router.PublicAnswerer page(String name, String type) {
        return serve(
                name,
                Map.of("Content-Type", type + "; charset=utf-8", "Content-Security-Policy", CONTENT_SECURITY_POLICY));
    }

    private static Router.PublicAnswerer serve(String name, Map<String, String> headers) {
        return request -> new HttpResponse(200, headers, read(name));
    }

    private static String read(String name) {
        try (InputStream in = Resources.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new IllegalStateException("The resource " + name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.longshore.api;

import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Uploads;
import dev.longshore.job.key.ApiKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The request that opens an upload of a payload. */
final class UploadRequests {
    private static final Set<String> FIELDS = new LinkedHashSet<>(List.of("bytes", "sha256"));
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final Uploads uploads;

    UploadRequests(Engines engines) {
        this.uploads = new Uploads(engines);
    }

    // ---- POST /v1/uploads

    HttpResponse open(HttpRequest request, String none, ApiKey caller) {
        Refusals refusals = new Refusals();
        Fields fields = new Fields(JsonBody.object(request), FIELDS, refusals);
        Integer bytes = refusals.read(() -> bytes(fields));
        String sha256 = refusals.read(() -> sha256(fields));
        refusals.requireNone();
        Uploads.Upload upload = uploads.open(caller.id(), Objects.requireNonNull(bytes), sha256);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("url", upload.target().url().toString());
        answer.put("method", "PUT");
        answer.put("headers", upload.target().headers());
        answer.put("payloadRef", upload.ref());
        answer.put("expiresAt", upload.urlExpires());
        answer.put("maxBytes", Uploads.LARGEST);
        return HttpResponse.json(201, answer);
    }

    private static int bytes(Fields fields) {
        Integer bytes = fields.integer("bytes", 1, Integer.MAX_VALUE);
        if (bytes == null) {
            throw Problem.refused("/bytes", "is missing; it is the length of the payload in bytes of UTF-8");
        }
        if (bytes > Uploads.LARGEST) {
            throw Problem.tooLarge(
                    "The payload", bytes, Uploads.LARGEST, "put what is large into the file store, and its name here");
        }
        return bytes;
    }

    /** In hexadecimal, as sha256sum prints it; in Base64 as S3 takes it. */
    private static @Nullable String sha256(Fields fields) {
        String hex = fields.text("sha256", 64);
        if (hex == null) {
            return null;
        }
        if (!SHA256.matcher(hex).matches()) {
            throw Problem.refused("/sha256", "takes the SHA-256 of the payload: 64 hexadecimal digits in lower case");
        }
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }
}
